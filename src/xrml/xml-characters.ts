/** Names as XML 1.0 (fifth edition) section 2.3 defines them; sticky, for use at an offset. */
export const xmlNamePattern =
  /[:A-Z_a-z\u{c0}-\u{d6}\u{d8}-\u{f6}\u{f8}-\u{2ff}\u{370}-\u{37d}\u{37f}-\u{1fff}\u{200c}-\u{200d}\u{2070}-\u{218f}\u{2c00}-\u{2fef}\u{3001}-\u{d7ff}\u{f900}-\u{fdcf}\u{fdf0}-\u{fffd}\u{10000}-\u{effff}][:A-Z_a-z\-.0-9\u{b7}\u{c0}-\u{d6}\u{d8}-\u{f6}\u{f8}-\u{37d}\u{37f}-\u{1fff}\u{200c}-\u{200d}\u{203f}\u{2040}\u{2070}-\u{218f}\u{2c00}-\u{2fef}\u{3001}-\u{d7ff}\u{f900}-\u{fdcf}\u{fdf0}-\u{fffd}\u{10000}-\u{effff}]*/uy;

/** Anything XML 1.0 section 2.2 does not allow as a character: most controls, lone surrogates, U+FFFE, U+FFFF. */
const forbiddenCharacter = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;

/** The same by UTF-16 units: quicker, and also finds surrogates that do have a partner. */
const suspectUnit = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/;

/** Offset of the first character that XML does not allow, or -1. */
export const findForbiddenCharacter = (text: string): number =>
  suspectUnit.test(text) ? text.search(forbiddenCharacter) : -1;

/** Whether `text` is one XML name and nothing else. */
export function isXmlName(text: string): boolean {
  xmlNamePattern.lastIndex = 0;
  return xmlNamePattern.exec(text)?.[0] === text;
}

/** Space, tab, line feed or carriage return: the white space of XML 1.0 section 2.3. */
export const isXmlSpace = (unit: number): boolean =>
  unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;

/** Whether `text` between two offsets is empty or white space only. */
export function isBlank(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (!isXmlSpace(text.charCodeAt(at))) return false;
  return true;
}

/** `text` without white space at both ends; unlike `trim`, leaves every other kind of space alone. */
export function trimXmlSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isXmlSpace(text.charCodeAt(start))) start++;
  while (end > start && isXmlSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

const namedEntities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const reference = /&(?:#x([0-9a-fA-F]{1,8})|#([0-9]{1,10})|(lt|gt|amp|quot|apos));|&/g;

/**
 * Decodes the five predefined entities and numeric references.
 *
 * @param refuse makes the error for a reference that is anything else
 */
export function decodeReferences(raw: string, refuse: () => Error): string {
  if (!raw.includes('&')) return raw;
  return raw.replace(reference, (_, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return namedEntities[name]!;
    // A bare "&" comes out as 0, which is no character either.
    const code = hex !== undefined ? Number.parseInt(hex, 16) : Number(decimal ?? 0);
    if (code === 0 || code > 0x10ffff) throw refuse();
    const character = String.fromCodePoint(code);
    if (findForbiddenCharacter(character) >= 0) throw refuse();
    return character;
  });
}
