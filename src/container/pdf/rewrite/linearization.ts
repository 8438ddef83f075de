import type { WaitOptions } from '../../../bytes/index.ts';
import type { PdfDocument } from '../pdf-document.ts';
import { asCount, asDictionary, itemsOf } from '../read/dictionary.ts';

/**
 * The objects that say how a linearised file is laid out: its linearisation dictionary and its hints (ISO 32000-2, annex F).
 * They are not true of the file once it is written again, and nothing refers to them.
 */
export async function linearizationObjects(
  document: PdfDocument,
  options?: WaitOptions,
): Promise<Set<number>> {
  const [first] = document.entries;
  const found = new Set<number>();
  if (first?.offset === undefined) return found;
  const dictionary = asDictionary((await document.object(first.number, options))?.value);
  if (dictionary === undefined || !dictionary.entries.has('Linearized')) return found;
  found.add(first.number);
  const hints = itemsOf(dictionary.entries.get('H'));
  for (const at of [hints[0], hints[2]]) {
    const offset = asCount(at);
    const entry = offset === undefined ? undefined : document.entries.find((each) => each.offset === offset);
    if (entry !== undefined && (await isHints(entry.number))) found.add(entry.number);
  }
  return found;

  /** Only a stream with offsets of hint tables, and nothing that pages are made of. */
  async function isHints(number: number): Promise<boolean> {
    const object = await document.object(number, options);
    const keys = asDictionary(object?.value)?.entries ?? new Map();
    return object?.data !== undefined && keys.has('S') && !keys.has('Type') && !keys.has('Subtype');
  }
}
