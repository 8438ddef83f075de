import { inflateSync } from 'node:zlib';
import { buildPdf, withPage } from '../../container/pdf/test/build-pdf.ts';

/** What a protected PDF shows to readers that cannot open it: the drawing of its first page. */
export function drawnOn(pdf: Buffer): string {
  const start = pdf.indexOf('/FlateDecode>>stream\n');
  if (start < 0) return '';
  return inflateSync(pdf.subarray(start + '/FlateDecode>>stream\n'.length)).toString('latin1');
}

/** A PDF of one page that shows a text. */
export const onePage = (text: string): Uint8Array =>
  withPage(buildPdf(), `BT (${text}) Tj ET`).table('/Root 1 0 R').end().bytes();
