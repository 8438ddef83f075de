import { concatBytes, encodeUtf8 } from '../../../bytes/index.ts';
import type { NewStream } from '../../compound-file/new-compound-file.ts';
import { numbers, words } from './fields.ts';
import { filled } from './filled.ts';

/** Types of records, [MS-XLS] 2.3. */
const record = {
  eof: 0x000a,
  date1904: 0x0022,
  font: 0x0031,
  window1: 0x003d,
  codePage: 0x0042,
  columns: 0x007d,
  sheet: 0x0085,
  cellFormat: 0x00e0,
  strings: 0x00fc,
  stringCell: 0x00fd,
  dimensions: 0x0200,
  window2: 0x023e,
  style: 0x0293,
  start: 0x0809,
} as const;

/** Formats of styles come first; cells use the one behind them. */
const styleFormats = 15;
const wrapped = 0x28;
const plain = 0x20;

/**
 * A workbook of one sheet with one cell in the format of Excel 97, [MS-XLS].
 *
 * @param sentence ASCII, shorter than 8000 characters
 */
export function excelPlaceholder(sentence: string): NewStream[] {
  const beforeSheet = concatBytes([
    start(0x0005),
    wordsOf(record.codePage, 1200),
    wordsOf(record.window1, 0, 0, 16_000, 9000, 0x38, 0, 0, 1, 600),
    wordsOf(record.date1904, 0),
    // Four, because the fifth is left out in counting and some readers take the first four for granted.
    ...Array.from({ length: 4 }, font),
    ...Array.from({ length: styleFormats }, () => cellFormat(0xfff5, plain)),
    cellFormat(0x0001, wrapped),
    // The style Normal, built in, of format 0.
    wordsOf(record.style, 0x8000, 0xff00),
  ]);
  const strings = entry(
    record.strings,
    concatBytes([numbers(1, 1), words(sentence.length), Uint8Array.of(0)]),
    encodeUtf8(sentence),
  );
  const end = entry(record.eof);
  const sheet = (offset: number): Uint8Array =>
    entry(record.sheet, concatBytes([numbers(offset), words(0)]), shortText('Sheet1'));
  const sheetOffset = beforeSheet.length + sheet(0).length + strings.length + end.length;
  const workbook = concatBytes([
    beforeSheet,
    sheet(sheetOffset),
    strings,
    end,
    start(0x0010),
    // The first column, eighty characters wide.
    wordsOf(record.columns, 0, 0, 80 * 256, styleFormats, 0, 0),
    wordsOf(record.dimensions, 0, 0, 1, 0, 0, 1, 0),
    wordsOf(record.stringCell, 0, 0, styleFormats, 0, 0),
    wordsOf(record.window2, 0x06b6, 0, 0, 0x40, 0, 0, 0, 0, 0),
    end,
  ]);
  return [filled('Workbook', workbook)];
}

/** Begins the workbook (5) or a sheet (16), [MS-XLS] 2.4.21: BIFF8, the build and year of Excel 97. */
const start = (kind: number): Uint8Array => wordsOf(record.start, 0x0600, kind, 0x0dbb, 0x07cc, 0, 0, 6, 0);

/** Arial of 10 points in the window's own color, [MS-XLS] 2.4.122. */
const font = (): Uint8Array =>
  entry(record.font, concatBytes([words(200, 0, 0x7fff, 400, 0, 0, 0), shortText('Arial')]));

/** [MS-XLS] 2.4.353: first font, general number format, aligned at the bottom, no border, no pattern. */
const cellFormat = (protection: number, alignment: number): Uint8Array =>
  wordsOf(record.cellFormat, 0, 0, protection, alignment, 0, 0, 0, 0, 0, 0x20c0);

/** Length, a byte a character, text: [MS-XLS] 2.5.240. */
const shortText = (text: string): Uint8Array =>
  concatBytes([Uint8Array.of(text.length, 0), encodeUtf8(text)]);

const wordsOf = (type: number, ...values: readonly number[]): Uint8Array => entry(type, words(...values));

function entry(type: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = concatBytes(parts);
  return concatBytes([words(type, content.length), content]);
}
