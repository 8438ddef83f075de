import { decodeCodePage, encodeCodePage } from '../property-set/code-page.ts';

/** Encodings that occur in mail and are of more than one byte, or nowhere else, by code page. */
const mailEncodings: Readonly<Record<number, string>> = {
  932: 'shift_jis',
  936: 'gbk',
  949: 'euc-kr',
  950: 'big5',
  38598: 'iso-8859-8-i',
  50220: 'iso-2022-jp',
  50221: 'iso-2022-jp',
  50222: 'iso-2022-jp',
  51932: 'euc-jp',
  1201: 'utf-16be',
};

/** Encodings of one byte or two, which can be turned round: first bytes are 0x81 to 0xFE. */
const doubleByteCodePages: readonly number[] = [932, 936, 949, 950, 51932];

/** Western European. ISO 8859-1 and ASCII are read as this, as browsers do. */
const westernCodePages: readonly number[] = [1252, 20127, 28591];

/** Text of bytes in a code page; what cannot be decoded becomes U+FFFD. */
export function decodeMailText(bytes: Uint8Array, codePage: number): string {
  if (westernCodePages.includes(codePage)) return decodeCodePage(bytes, 1252);
  const encoding = mailEncodings[codePage];
  return encoding === undefined ? decodeCodePage(bytes, codePage) : decoderOf(encoding).decode(bytes);
}

/** Bytes of text in a code page; `undefined` unless decoding them gives the same text. */
export function encodeMailText(text: string, codePage: number): Uint8Array | undefined {
  const bytes =
    tableOf(codePage) === undefined ? encodeCodePage(text, codePage) : encodeByTable(text, codePage);
  return bytes !== undefined && decodeMailText(bytes, codePage) === text ? bytes : undefined;
}

/** Making one takes longer than decoding a line with it. */
const decoders = new Map<string, TextDecoder>();

function decoderOf(encoding: string): TextDecoder {
  const known = decoders.get(encoding) ?? new TextDecoder(encoding, { ignoreBOM: true });
  decoders.set(encoding, known);
  return known;
}

/** Text of UTF-16LE, unit by unit: also halves of characters, which a decoder would replace. */
export const textOfUtf16 = (bytes: Uint8Array): string =>
  textOfUnits(bytes.length >>> 1, (i) => (bytes[2 * i] as number) | ((bytes[2 * i + 1] as number) << 8));

function textOfUnits(count: number, unitAt: (index: number) => number): string {
  const parts: string[] = [];
  const atOnce = 8192;
  for (let from = 0; from < count; from += atOnce) {
    const units = new Uint16Array(Math.min(atOnce, count - from));
    for (let i = 0; i < units.length; i++) units[i] = unitAt(from + i);
    parts.push(String.fromCharCode(...units));
  }
  return parts.join('');
}

/** Characters of a code page, and what they are decoded from. */
type EncodingTable = ReadonlyMap<string, number>;

const tables = new Map<number, EncodingTable>();

/** What a code page is turned round by; `undefined` for those that are encoded otherwise, or not at all. */
function tableOf(codePage: number): EncodingTable | undefined {
  const isDouble = doubleByteCodePages.includes(codePage);
  if (!isDouble && !westernCodePages.includes(codePage)) return undefined;
  const known = tables.get(codePage);
  if (known !== undefined) return known;
  const table = new Map<string, number>();
  const decoder = decoderOf(mailEncodings[codePage] ?? 'utf-8');
  const add = (code: number, ...bytes: readonly number[]): void => {
    const text = isDouble
      ? decoder.decode(Uint8Array.from(bytes))
      : decodeCodePage(Uint8Array.from(bytes), 1252);
    // The first code of a character is the one that is written; later ones are there for other programs' sake.
    const isOne = text.length === 1 || (text.length === 2 && (text.codePointAt(0) as number) > 0xffff);
    if (isOne && text !== '\ufffd' && !table.has(text)) table.set(text, code);
  };
  for (let byte = 0; byte < 0x100; byte++) add(byte, byte);
  for (let first = 0x81; isDouble && first < 0xff; first++)
    for (let second = 0x40; second < 0xff; second++) add((first << 8) | second, first, second);
  tables.set(codePage, table);
  return table;
}

function encodeByTable(text: string, codePage: number): Uint8Array | undefined {
  const table = tableOf(codePage);
  const bytes = new Uint8Array(text.length * 2);
  let length = 0;
  for (const character of text) {
    const code = table?.get(character);
    if (code === undefined) return undefined;
    if (code > 0xff) bytes[length++] = code >>> 8;
    bytes[length++] = code;
  }
  return bytes.slice(0, length);
}
