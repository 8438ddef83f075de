import { decodeCodePage, encodeCodePage } from '../../property-set/code-page.ts';

/** Encodings that occur in mail and nowhere else, by code page. */
const mailEncodings: Readonly<Record<number, string>> = {
  20127: 'us-ascii',
  38598: 'iso-8859-8-i',
  50220: 'iso-2022-jp',
  50221: 'iso-2022-jp',
  50222: 'iso-2022-jp',
};

/** Encodings of one byte or two, which can be turned round: their first bytes are 0x81 to 0xFE. */
const doubleByteCodePages: readonly number[] = [932, 936, 949, 950, 51932];

/** Text of bytes in a code page; what cannot be decoded becomes U+FFFD. */
export function decodeMailText(bytes: Uint8Array, codePage: number): string {
  const encoding = mailEncodings[codePage];
  return encoding === undefined
    ? decodeCodePage(bytes, codePage)
    : new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
}

/** Bytes of text in a code page; `undefined` unless decoding them gives the same text. */
export function encodeMailText(text: string, codePage: number): Uint8Array | undefined {
  const bytes = encodeCodePage(text, codePage) ?? encodeByTable(text, codePage);
  return bytes !== undefined && decodeMailText(bytes, codePage) === text ? bytes : undefined;
}

/** Characters of code pages that only have a decoder, and what they are decoded from. */
const tables = new Map<number, ReadonlyMap<string, number>>();

function encodeByTable(text: string, codePage: number): Uint8Array | undefined {
  if (codePage !== 28591 && !doubleByteCodePages.includes(codePage)) return undefined;
  const table = tables.get(codePage) ?? tableOf(codePage);
  tables.set(codePage, table);
  const bytes = new Uint8Array(text.length * 2);
  let length = 0;
  for (const character of text) {
    const code = table.get(character);
    if (code === undefined) return undefined;
    if (code > 0xff) bytes[length++] = code >>> 8;
    bytes[length++] = code;
  }
  return bytes.slice(0, length);
}

function tableOf(codePage: number): ReadonlyMap<string, number> {
  const table = new Map<string, number>();
  const add = (code: number, bytes: Uint8Array): void => {
    const text = decodeMailText(bytes, codePage);
    // The first code of a character is the one that is written; later ones are there for other programs' sake.
    if ([...text].length === 1 && text !== '\ufffd' && !table.has(text)) table.set(text, code);
  };
  for (let byte = 0; byte < 0x100; byte++) add(byte, Uint8Array.of(byte));
  if (codePage === 28591) return table;
  for (let first = 0x81; first < 0xff; first++)
    for (let second = 0x40; second < 0xff; second++) add((first << 8) | second, Uint8Array.of(first, second));
  return table;
}

/** Text of UTF-16LE, unit by unit: also halves of characters, which a decoder would replace. */
export function textOfUtf16(bytes: Uint8Array): string {
  const units: string[] = [];
  const atOnce = 8192;
  for (let at = 0; at + 1 < bytes.length; at += atOnce) {
    const end = Math.min(at + atOnce, bytes.length - (bytes.length % 2));
    const part: number[] = [];
    for (let i = at; i < end; i += 2) part.push((bytes[i] as number) | ((bytes[i + 1] as number) << 8));
    units.push(String.fromCharCode(...part));
  }
  return units.join('');
}
