/** A text as answers quote it, each line behind a mark. */
export function quotedText(text: string, author: string | undefined, date: string | undefined): string {
  const marked = text
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => (line.startsWith('>') || line === '' ? `>${line}` : `> ${line}`));
  const when = date === undefined ? '' : ` on ${date}`;
  return [`${author ?? 'Somebody'} wrote${when}:`, ...marked].join('\r\n');
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  apos: "'",
  gt: '>',
  lt: '<',
  nbsp: ' ',
  quot: '"',
};

/** The text in HTML for people to read: no more than a quotation needs. Nothing in it is taken for HTML again. */
export function textOfHtml(html: string): string {
  return withoutBlocks(html)
    .replace(/\s+/g, ' ')
    .replace(/<(?:br|\/p|\/div|\/tr|\/li|\/h[1-6])\b[^<>]*>/gi, '\n')
    .replace(/<[^<>]*>/g, '')
    .replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{1,8}));/gi, (whole, decimal, hex, name) => {
      if (name !== undefined) return entities[name.toLowerCase()] ?? whole;
      const code = Number.parseInt(decimal ?? hex, decimal === undefined ? 16 : 10);
      return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
        ? String.fromCodePoint(code)
        : whole;
    })
    .split('\n')
    .map((line) => line.trim())
    .join('\r\n')
    .replace(/(?:\r\n){3,}/g, '\r\n\r\n')
    .trim();
}

/** What stands in elements that nobody sees, and comments, is passed over in one go. */
function withoutBlocks(html: string): string {
  const opening = /<(?:(head|style|script|title)\b|!--)/gi;
  let text = '';
  let at = 0;
  for (let found = opening.exec(html); found !== null; found = opening.exec(html)) {
    const closing = found[1] === undefined ? /-->/g : new RegExp(`</${found[1]}[^<>]*>`, 'gi');
    text += html.slice(at, found.index);
    closing.lastIndex = found.index;
    if (closing.exec(html) === null) return text;
    at = closing.lastIndex;
    opening.lastIndex = at;
  }
  return text + html.slice(at);
}
