import type { ByteSource, WaitOptions } from '../../../bytes/index.ts';
import { findAllBytes, textAt } from '../../recognise/find-bytes.ts';
import type { PdfDocument } from '../pdf-document.ts';
import { damagedPdf } from '../read/damage.ts';

/** The newest cross-references of a file, which those of an update point to. */
export interface NewestSection {
  readonly start: number;
  /** Whether they are a table; else a stream. */
  readonly table: boolean;
  /** Whether the file ends with the end of a line. */
  readonly endsLine: boolean;
}

/** Bytes at the end among which `startxref` is looked for. */
const endSearch = 16 * 1024;

/** @throws SealwrightError `MALFORMED_CONTAINER` for a file that can be read, but not be written on */
export async function newestSection(
  source: ByteSource,
  { rebuilt }: PdfDocument,
  options?: WaitOptions,
): Promise<NewestSection> {
  const size = source.size as number;
  const tail = new Uint8Array(await source.read(Math.max(0, size - endSearch), endSearch, options));
  const head = textAt(new Uint8Array(await source.read(0, 5, options)), 0, 5);
  let start: number | undefined;
  for (const at of findAllBytes(tail, 'startxref')) {
    const stated = /^startxref\s+(\d{1,15})/.exec(textAt(tail, at, 64))?.[1];
    if (stated !== undefined) start = Number(stated);
  }
  // Where something stands in front of the document, offsets count from one or the other.
  if (rebuilt || start === undefined || head !== '%PDF-')
    throw damagedPdf('its cross-references cannot be continued');
  const begin = textAt(new Uint8Array(await source.read(start, 32, options)), 0, 32);
  return { start, table: /^\s*xref\b/.test(begin), endsLine: [0x0a, 0x0d].includes(tail.at(-1) ?? 0) };
}
