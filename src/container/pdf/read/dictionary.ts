import type { PdfDictionary, PdfReference, PdfString, PdfValue } from '../pdf-document.ts';

/** The dictionary that a value is, if it is one. */
export const asDictionary = (value: PdfValue | undefined): PdfDictionary | undefined =>
  typeof value === 'object' && value?.kind === 'dictionary' ? value : undefined;

/** Whether a value stands in another object. */
export const isReference = (value: PdfValue | undefined): value is PdfReference =>
  typeof value === 'object' && value?.kind === 'reference';

/** The text of the name that a value is, if it is one. */
export const asName = (value: PdfValue | undefined): string | undefined =>
  typeof value === 'object' && value?.kind === 'name' ? value.text : undefined;

/** The signature itself, if a dictionary is one of a digital signature (ISO 32000-2, table 255). */
export function signatureContents({ entries }: PdfDictionary): PdfString | undefined {
  if (!entries.has('ByteRange')) return undefined;
  const type = asName(entries.get('Type'));
  const contents = type === 'Sig' || type === 'DocTimeStamp' ? entries.get('Contents') : undefined;
  // What is not one string is no signature, and not left in the clear.
  return typeof contents === 'object' && contents?.kind === 'string' ? contents : undefined;
}

/** The whole number from 0 up that a value is, if it is one that can be counted with. */
export function asCount(value: PdfValue | undefined): number | undefined {
  if (typeof value !== 'object' || value?.kind !== 'number' || !/^\+?\d+(?:\.0*)?$/.test(value.text))
    return undefined;
  const count = Number(value.text);
  return Number.isSafeInteger(count) ? count : undefined;
}

/** The items of an array; a value that is none is its only item, and there are none where there is no value. */
export const itemsOf = (value: PdfValue | undefined): readonly PdfValue[] =>
  value === undefined || value === null
    ? []
    : typeof value === 'object' && value.kind === 'array'
      ? value.items
      : [value];
