import { encodeUtf8, encodeUtf16le } from '../../bytes/index.ts';

/** The code pages in which each character is two bytes or four. */
export const utf16CodePage = 1200;
export const utf8CodePage = 65001;
/** Western European; what Office writes for English text, and what a section without a code page is read in. */
export const defaultCodePage = 1252;

/** Encodings of single bytes, by code page; the encoding's name in the Encoding Standard. */
const singleByte: Readonly<Record<number, string>> = {
  866: 'ibm866',
  874: 'windows-874',
  ...Object.fromEntries(Array.from({ length: 9 }, (_, i) => [1250 + i, `windows-${1250 + i}`])),
  10000: 'macintosh',
  10007: 'x-mac-cyrillic',
  20866: 'koi8-r',
  21866: 'koi8-u',
  ...Object.fromEntries([2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15].map((n) => [28590 + n, `iso-8859-${n}`])),
};

/** Encodings that are read and not written: of several bytes, or not quite what the Encoding Standard has. */
const readOnly: Readonly<Record<number, string>> = {
  932: 'shift_jis',
  936: 'gbk',
  949: 'euc-kr',
  950: 'big5',
  20932: 'euc-jp',
  51932: 'euc-jp',
  54936: 'gb18030',
};

/** Western European. ISO 8859-1 is read as this, as browsers do. */
const westernCodePages: ReadonlySet<number> = new Set([1252, 28591]);

/** Bytes 0x80 to 0x9F of Windows-1252. Not by a decoder: Node 20.20 takes them for control characters. */
const westernSigns = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** Characters put together at once: a call has only so many arguments. */
const charactersAtOnce = 8192;

function westernText(bytes: Uint8Array): string {
  let text = '';
  for (let from = 0; from < bytes.length; from += charactersAtOnce) {
    const units = Array.from(bytes.subarray(from, from + charactersAtOnce), (byte) =>
      byte >= 0x80 && byte < 0xa0 ? westernSigns.charCodeAt(byte - 0x80) : byte,
    );
    text += String.fromCharCode(...units);
  }
  return text;
}

const asciiOnly = /^\p{ASCII}*$/u;
/** Half a character, which UTF-8 has no bytes for. */
const loneSurrogate = /\p{Surrogate}/u;

/**
 * Text of bytes in a code page. What cannot be decoded becomes U+FFFD; of a code page nobody knows
 * only ASCII is read.
 */
export function decodeCodePage(bytes: Uint8Array, codePage: number): string {
  if (westernCodePages.has(codePage)) return westernText(bytes);
  if (codePage === utf16CodePage) return decoderOf('utf-16le').decode(bytes);
  if (codePage === utf8CodePage) return decoderOf('utf-8').decode(bytes);
  const label = singleByte[codePage] ?? readOnly[codePage];
  try {
    if (label !== undefined) return decoderOf(label).decode(bytes);
  } catch (error) {
    // A runtime may come without the rarer encodings.
    if (!(error instanceof RangeError)) throw error;
  }
  let text = '';
  for (const byte of bytes) text += byte < 0x80 ? String.fromCharCode(byte) : '\ufffd';
  return text;
}

/** Bytes of text in a code page, or `undefined` if it has characters that are not in it, or that we cannot encode. */
export function encodeCodePage(text: string, codePage: number): Uint8Array | undefined {
  if (codePage === utf16CodePage) return encodeUtf16le(text);
  if (asciiOnly.test(text)) return encodeUtf8(text);
  if (codePage === utf8CodePage) return loneSurrogate.test(text) ? undefined : encodeUtf8(text);
  if (singleByte[codePage] === undefined) return undefined;
  const characters = decodeCodePage(
    Uint8Array.from({ length: 256 }, (_, byte) => byte),
    codePage,
  );
  const bytes: number[] = [];
  for (const unit of text.split('')) {
    const byte = unit === '\ufffd' ? -1 : characters.indexOf(unit);
    if (byte < 0) return undefined;
    bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}

/** Decoders made so far. Rich text asks for one a character, and to make one costs more than to use it. */
const decoders = new Map<string, TextDecoder>();

/** Byte-order marks are characters here: nothing is dropped from a name or a value. */
function decoderOf(label: string): TextDecoder {
  const decoder = decoders.get(label) ?? new TextDecoder(label, { ignoreBOM: true });
  decoders.set(label, decoder);
  return decoder;
}
