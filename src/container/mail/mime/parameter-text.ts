import { encodeUtf8 } from '../../../bytes/index.ts';

/** Characters of one piece of a parameter that is written in several, RFC 2231 3. */
const longestPiece = 60;

/**
 * A parameter as it stands behind a value, with its semicolon, on a line of its own: `;\r\n\tname="a b.txt"`. What is not
 * ASCII is written as RFC 2231 says, in pieces where it is long.
 */
export function parameterText(name: string, value: string): string {
  const clean = value.replace(/\p{Cc}+/gu, ' ');
  if (/^[\x20-\x7e]*$/.test(clean) && clean.length <= 200)
    return `;\r\n\t${name}="${clean.replace(/["\\]/g, '\\$&')}"`;
  const pieces: string[] = [];
  let piece = "utf-8''";
  for (const byte of encodeUtf8(clean)) {
    const character = String.fromCharCode(byte);
    const text = /[\w.~-]/.test(character)
      ? character
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    if (piece.length + text.length > longestPiece) {
      pieces.push(piece);
      piece = '';
    }
    piece += text;
  }
  pieces.push(piece);
  if (pieces.length === 1) return `;\r\n\t${name}*=${pieces[0]}`;
  return pieces.map((each, index) => `;\r\n\t${name}*${index}*=${each}`).join('');
}

/** A time as header fields state it, RFC 5322 3.3. */
export const dateText = (date: Date): string => date.toUTCString().replace('GMT', '+0000');
