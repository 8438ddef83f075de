import { memorySource } from '../../../bytes/index.ts';
import type { PdfDocument, PdfValue } from '../pdf-document.ts';
import { readPdf } from '../read/read-pdf.ts';
import { pdfValueBytes } from '../write-value.ts';
import { latin1, type PdfBuilder } from './build-pdf.ts';

/** The document that a builder, or bytes, make. */
export const readBuilt = (pdf: PdfBuilder | Uint8Array | string): Promise<PdfDocument> =>
  readPdf(
    memorySource(typeof pdf === 'string' ? latin1(pdf) : pdf instanceof Uint8Array ? pdf : pdf.bytes()),
  );

/** A value as text. */
export const textOfValue = (value: PdfValue): string => Buffer.from(pdfValueBytes(value)).toString('latin1');

/** Each object of a document as text, by number; the data of a stream behind its dictionary. */
export async function textsOf(document: PdfDocument): Promise<Record<number, string>> {
  const texts: Record<number, string> = {};
  for (const { number } of document.entries) {
    const object = await document.object(number);
    if (object === undefined) continue;
    const data = await object.data?.read(0, object.data.size ?? 0);
    texts[number] =
      textOfValue(object.value) + (data ? ` stream ${Buffer.from(data).toString('latin1')}` : '');
  }
  return texts;
}

/** The text of one object. */
export async function textOf(document: PdfDocument, number: number): Promise<string | undefined> {
  const object = await document.object(number);
  return object && textOfValue(object.value);
}
