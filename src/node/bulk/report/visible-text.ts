// Control characters, and those that reorder or hide text: a file name must not be able to make one name look like
// another, or to break the layout of a page.
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

/** Text from a file name or a message with everything in it made visible: `\x1b`, `\u{202e}`. */
export function visibleText(text: string): string {
  return text.replace(invisible, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for a page: visible, and without markup, in content and in quoted attributes alike. */
export function htmlText(text: string): string {
  return visibleText(text).replace(/[&<>"']/g, (character) => references[character] ?? '');
}
