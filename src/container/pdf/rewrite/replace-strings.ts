import type { MaybePromise } from '../../../bytes/index.ts';
import type { PdfString, PdfValue } from '../pdf-document.ts';
import { signatureContents } from '../read/dictionary.ts';
import type { ReplacedStrings } from '../write-value.ts';

/** What becomes of a string. */
export type StringTransform = (bytes: Uint8Array) => MaybePromise<Uint8Array>;

/**
 * Every string in a value transformed, in the order of the file; `undefined` if none changes. The contents of a digital
 * signature are no string in this sense (ISO 32000-2, 7.6.2).
 */
export function replacedStrings(
  value: PdfValue,
  transform: StringTransform,
): MaybePromise<ReplacedStrings | undefined> {
  const strings: PdfString[] = [];
  collect(value, strings);
  if (strings.length === 0) return undefined;
  const replaced = new Map<PdfString, Uint8Array>();
  const waiting: Promise<void>[] = [];
  for (const string of strings) {
    const bytes = transform(string.bytes);
    if (bytes instanceof Promise) waiting.push(bytes.then((done) => void replaced.set(string, done)));
    else if (bytes !== string.bytes) replaced.set(string, bytes);
  }
  return waiting.length === 0 ? replaced : Promise.all(waiting).then(() => replaced);
}

function collect(value: PdfValue, strings: PdfString[]): void {
  if (typeof value !== 'object' || value === null) return;
  if (value.kind === 'string') strings.push(value);
  else if (value.kind === 'array') for (const item of value.items) collect(item, strings);
  else if (value.kind === 'dictionary') {
    const except = signatureContents(value);
    for (const item of value.entries.values()) if (item !== except) collect(item, strings);
  }
}
