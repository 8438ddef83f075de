/** What RTF consists of. */
export type RtfToken =
  | { readonly kind: 'open' }
  | { readonly kind: 'close' }
  /** `\b`, `\fs20`: a word of letters, and its number if it has one. */
  | { readonly kind: 'word'; readonly word: string; readonly number: number | undefined }
  /** `\~`, `\*`: a sign. */
  | { readonly kind: 'symbol'; readonly symbol: string }
  /** `\'e9` or a character as it stands: a byte in the code page of the font. */
  | { readonly kind: 'byte'; readonly byte: number };

const [openBrace, closeBrace, backslash] = [0x7b, 0x7d, 0x5c];
const longestWord = 32;
const longestNumber = 11;

/**
 * The tokens of RTF one after the other; line ends that mean nothing are left out. Never throws: what is cut or makes no
 * sense is passed over.
 */
export function* rtfTokens(rtf: Uint8Array): Generator<RtfToken, void, undefined> {
  let at = 0;
  while (at < rtf.length) {
    const byte = rtf[at++] as number;
    if (byte === openBrace) yield { kind: 'open' };
    else if (byte === closeBrace) yield { kind: 'close' };
    else if (byte !== backslash) {
      if (byte !== 0x0d && byte !== 0x0a && byte !== 0) yield { kind: 'byte', byte };
    } else if (isLetter(rtf[at])) {
      const start = at;
      while (isLetter(rtf[at]) && at - start < longestWord) at++;
      const word = latin(rtf.subarray(start, at));
      const numberAt = at;
      if (rtf[at] === 0x2d && isDigit(rtf[at + 1])) at++;
      while (isDigit(rtf[at]) && at - numberAt < longestNumber) at++;
      const digits = latin(rtf.subarray(numberAt, at));
      if (rtf[at] === 0x20) at++;
      const number = digits === '' ? undefined : Number(digits);
      if (word === 'bin' && number !== undefined && number > 0) at += Math.min(number, rtf.length - at);
      else yield { kind: 'word', word, number };
    } else if (rtf[at] === 0x27) {
      const hex = latin(rtf.subarray(at + 1, at + 3));
      at += 3;
      if (/^[0-9a-f]{2}$/i.test(hex)) yield { kind: 'byte', byte: Number.parseInt(hex, 16) };
    } else if (at < rtf.length) yield { kind: 'symbol', symbol: String.fromCharCode(rtf[at++] as number) };
  }
}

const isLetter = (byte: number | undefined): boolean =>
  byte !== undefined && ((byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a));
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;
const latin = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
