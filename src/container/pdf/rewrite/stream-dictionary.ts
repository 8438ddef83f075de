import type { PdfDictionary, PdfValue } from '../pdf-document.ts';
import { asDictionary, asName, itemsOf } from '../read/dictionary.ts';

/** The crypt filter that a stream names for itself, `Identity` where it names none in particular; `undefined` if it has none. */
export function ownCryptFilter({ entries }: PdfDictionary): string | undefined {
  const filters = itemsOf(entries.get('Filter'));
  const at = filters.findIndex((filter) => asName(filter) === 'Crypt');
  if (at < 0) return undefined;
  const parameters = itemsOf(entries.get('DecodeParms'))[at];
  return asName(asDictionary(parameters)?.entries.get('Name')) ?? 'Identity';
}

/**
 * A stream's dictionary as it is to be written: with its length, and without a crypt filter of its own, which means
 * something only to the encryption it came from. Everything else stays, in its order.
 */
export function streamDictionary(dictionary: PdfDictionary, length: number): PdfDictionary {
  const entries = new Map(dictionary.entries);
  if (ownCryptFilter(dictionary) !== undefined) dropCryptFilter(entries);
  entries.set('Length', { kind: 'number', text: String(length) });
  return { kind: 'dictionary', entries };
}

function dropCryptFilter(entries: Map<string, PdfValue>): void {
  const filters = itemsOf(entries.get('Filter'));
  const parameters = itemsOf(entries.get('DecodeParms'));
  const kept = filters.map((filter) => asName(filter) !== 'Crypt');
  const replace = (key: string, items: readonly PdfValue[]): void => {
    if (!entries.has(key)) return;
    if (items.length === 0) entries.delete(key);
    else entries.set(key, { kind: 'array', items });
  };
  replace(
    'Filter',
    filters.filter((_, i) => kept[i]),
  );
  replace(
    'DecodeParms',
    parameters.filter((_, i) => kept[i] ?? false),
  );
}
