import { ByteWriter, concatBytes, encodeUtf8, encodeUtf16le } from '../../../bytes/index.ts';
import type { NewStream } from '../../compound-file/new-compound-file.ts';
import { numbers, words } from './fields.ts';
import { filled } from './filled.ts';

/** Pages of the stream, [MS-DOC] 2.4: two for the head, then one each for text, character and paragraph runs. */
const pageLength = 512;
const textPage = 2;
const characterPage = 3;
const paragraphPage = 4;
const textOffset = textPage * pageLength;

/** Places in the table of structures, [MS-DOC] 2.5.6. */
const structure = {
  styles: 1,
  sections: 6,
  characterPages: 12,
  paragraphPages: 13,
  fonts: 15,
  documentProperties: 31,
  pieces: 33,
} as const;
const structureCount = 0x5d;

/**
 * A Word 97 document of one paragraph, [MS-DOC], with nothing in it that could be left to its default.
 *
 * @param sentence ASCII, shorter than 500 characters
 */
export function wordPlaceholder(sentence: string): NewStream[] {
  const text = encodeUtf8(`${sentence}\r`);
  const table = new ByteWriter();
  const places = new Map<number, readonly [offset: number, length: number]>();
  const put = (at: number, bytes: Uint8Array): void => {
    places.set(at, [table.length, bytes.length]);
    table.bytes(bytes).bytes(new Uint8Array(-bytes.length & 3));
  };
  const end = textOffset + text.length;
  put(structure.styles, styleSheet());
  put(structure.sections, section(text.length));
  put(structure.characterPages, numbers(textOffset, end, characterPage));
  put(structure.paragraphPages, numbers(textOffset, end, paragraphPage));
  put(structure.fonts, fontTable('Times New Roman'));
  put(structure.documentProperties, documentProperties());
  put(structure.pieces, pieceTable(text.length));

  const document = concatBytes([
    paged(head(text.length, places), textPage),
    paged(text, 1),
    defaultRuns(end),
    defaultRuns(end),
  ]);
  return [filled('WordDocument', document), filled('1Table', table.toBytes())];
}

/** The file information block of Word 97, [MS-DOC] 2.5.1. */
function head(
  textLength: number,
  places: ReadonlyMap<number, readonly [offset: number, length: number]>,
): Uint8Array {
  const writer = new ByteWriter()
    // Signature, version, two words unused, English, no glossary.
    .bytes(words(0xa5ec, 0x00c1, 0, 0x0409, 0))
    // Structures stand in `1Table`, characters are Unicode; readable from version 0xBF on.
    .bytes(words(0x1200, 0x00bf))
    .bytes(new Uint8Array(10))
    .uint32(textOffset)
    .uint32(textOffset + textLength)
    .bytes(words(14, ...Array<number>(13).fill(0), 0x0409))
    // Bytes in use, and characters of the main text; there are no notes and no headers.
    .bytes(words(22))
    .bytes(numbers((paragraphPage + 1) * pageLength, 0, 0, textLength, ...Array<number>(18).fill(0)))
    .bytes(words(structureCount));
  for (let i = 0; i < structureCount; i++) writer.bytes(numbers(...(places.get(i) ?? [0, 0])));
  return writer.bytes(words(0)).toBytes();
}

/** Normal and Default Paragraph Font among fifteen places for the styles that must have fixed ones, [MS-DOC] 2.9.271. */
function styleSheet(): Uint8Array {
  const none = words(0);
  const styles = Array<Uint8Array>(15).fill(none);
  // Of a paragraph style two sets of exceptions, both empty: a paragraph's begins with its style.
  styles[0] = style(0, 1, 0, 'Normal', [words(2, 0), none]);
  styles[10] = style(65, 2, 10, 'Default Paragraph Font', [none]);
  return concatBytes([words(18, styles.length, 10, 1, 0x5b, styles.length, 0, 0, 0, 0), ...styles]);
}

/** [MS-DOC] 2.9.260; based on no other style. */
function style(
  id: number,
  kind: number,
  next: number,
  name: string,
  exceptions: readonly Uint8Array[],
): Uint8Array {
  const rest = concatBytes([words(name.length), encodeUtf16le(`${name}\0`), ...exceptions]);
  const length = 10 + rest.length;
  return concatBytes([words(length, id, kind | 0xfff0, exceptions.length | (next << 4), length, 0), rest]);
}

/** One section with the properties every section has, [MS-DOC] 2.8.26. */
const section = (textLength: number): Uint8Array =>
  concatBytes([numbers(0, textLength), words(0), numbers(0xffff_ffff), words(0), numbers(0)]);

/** [MS-DOC] 2.9.286: variable pitch, TrueType, serifs, normal weight. */
function fontTable(name: string): Uint8Array {
  const font = concatBytes([
    Uint8Array.of(0x16),
    words(400),
    new Uint8Array(2 + 10 + 24),
    encodeUtf16le(`${name}\0`),
  ]);
  return concatBytes([words(1, 0), Uint8Array.of(font.length), font]);
}

/** The size Word 97 wrote, [MS-DOC] 2.7.4; widows are avoided, tabs stand half an inch apart. */
function documentProperties(): Uint8Array {
  const properties = new Uint8Array(500);
  properties.set(words(0x0002), 0);
  properties.set(words(720), 10);
  return properties;
}

/** One piece: the whole text, a byte a character, [MS-DOC] 2.9.38. */
const pieceTable = (textLength: number): Uint8Array =>
  concatBytes([
    Uint8Array.of(2),
    numbers(16, 0, textLength),
    words(0),
    numbers((2 * textOffset) | 0x4000_0000),
    words(0),
  ]);

/** A page with one run over the whole text and no exceptions; the last byte counts runs, [MS-DOC] 2.9.33 and 2.9.174. */
function defaultRuns(end: number): Uint8Array {
  const page = paged(numbers(textOffset, end), 1);
  page[pageLength - 1] = 1;
  return page;
}

function paged(bytes: Uint8Array, pages: number): Uint8Array {
  const room = new Uint8Array(pages * pageLength);
  room.set(bytes);
  return room;
}
