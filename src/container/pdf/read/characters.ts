/** What a byte is in the syntax of PDF (ISO 32000-2, 7.2.3). */
const regular = 0;
const whiteSpace = 1;
const delimiter = 2;

const kinds = new Uint8Array(256).fill(regular);
for (const byte of [0, 9, 10, 12, 13, 32]) kinds[byte] = whiteSpace;
for (const character of '()<>[]{}/%') kinds[character.charCodeAt(0)] = delimiter;

/** Value of each hexadecimal digit; 255 for what is none. */
const hexValues = new Uint8Array(256).fill(255);
for (let i = 0; i < 16; i++) {
  hexValues[i.toString(16).charCodeAt(0)] = i;
  hexValues[i.toString(16).toUpperCase().charCodeAt(0)] = i;
}

/** Past the end of bytes there is neither white space, nor a regular character, nor a digit. */
export const isWhiteSpace = (byte: number | undefined): boolean =>
  byte !== undefined && kinds[byte] === whiteSpace;
export const isRegular = (byte: number | undefined): boolean => byte !== undefined && kinds[byte] === regular;
export const isDigit = (byte: number | undefined): boolean =>
  byte !== undefined && byte >= 0x30 && byte <= 0x39;
/** 0 to 15, or 255 for what is no hexadecimal digit. */
export const hexValue = (byte: number | undefined): number =>
  byte === undefined ? 255 : (hexValues[byte] as number);

/** Up to here it is quicker to add a few characters at a time. */
const shortText = 64;
/** Arguments of one call. */
const charactersAtOnce = 4096;

/** Text with one character for each byte. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  let at = start;
  if (end - start > shortText)
    for (; at < end; at += charactersAtOnce)
      text += String.fromCharCode(...bytes.subarray(at, Math.min(end, at + charactersAtOnce)));
  for (; at + 4 <= end; at += 4)
    text += String.fromCharCode(
      bytes[at] as number,
      bytes[at + 1] as number,
      bytes[at + 2] as number,
      bytes[at + 3] as number,
    );
  for (; at < end; at++) text += String.fromCharCode(bytes[at] as number);
  return text;
}

/** Whether ASCII `word` stands at `at`. */
export function standsAt(bytes: Uint8Array, at: number, word: string): boolean {
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word.charCodeAt(i)) return false;
  return true;
}
