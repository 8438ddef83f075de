import type { WaitOptions } from '../../../bytes/index.ts';
import { findAllBytes, findBytes, textAt } from '../../recognise/find-bytes.ts';
import { damagedPdf } from './damage.ts';
import type { ReadingWindows } from './reading-windows.ts';

/** Bytes at the start among which the header is looked for (ISO 32000-2, Annex I). */
const headerSearch = 1024;
/** Bytes at the end among which `startxref` is looked for: more than the 1024 that readers promise. */
const endSearch = 16 * 1024;

/** The header of a PDF: where it is, and the version it states. */
export async function readHeader(
  file: ReadingWindows,
  options?: WaitOptions,
): Promise<{ readonly offset: number; readonly version: string }> {
  const head = await file.from(0, headerSearch + 16, options);
  const offset = findBytes(head.subarray(0, headerSearch + 5), '%PDF-');
  if (offset < 0) throw damagedPdf('it does not begin with %PDF-', 0);
  const version = /^%PDF-(\d\.\d)/.exec(textAt(head, offset, 8))?.[1];
  // A header without a version occurs; the oldest one promises least.
  return { offset, version: version ?? '1.0' };
}

/** The offset of the newest cross-references, as the last `startxref` states it. */
export async function readStart(file: ReadingWindows, options?: WaitOptions): Promise<number> {
  const offset = Math.max(0, file.size - endSearch);
  const tail = await file.from(offset, endSearch, options);
  let start: string | undefined;
  for (const at of findAllBytes(tail, 'startxref'))
    start = /^startxref\s+(\d{1,15})/.exec(textAt(tail, at, 256))?.[1] ?? start;
  if (start === undefined) throw damagedPdf('it does not say where its cross-references are', file.size);
  return Number(start);
}
