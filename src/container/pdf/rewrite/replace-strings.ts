import type { MaybePromise } from '../../../bytes/index.ts';
import type { PdfDictionary, PdfString, PdfValue } from '../pdf-document.ts';
import { asName } from '../read/dictionary.ts';

/** What becomes of a string. */
export type StringTransform = (bytes: Uint8Array) => MaybePromise<Uint8Array>;

/**
 * A value with every string in it transformed, in the order of the file; the value itself if it holds none. The contents of a
 * digital signature are no string in this sense (ISO 32000-2, 7.6.2).
 */
export function withStrings(value: PdfValue, transform: StringTransform): MaybePromise<PdfValue> {
  const strings: PdfString[] = [];
  collect(value, strings);
  if (strings.length === 0) return value;
  const replaced = new Map<PdfString, PdfString>();
  const keep = (string: PdfString, bytes: Uint8Array): void => {
    if (bytes !== string.bytes) replaced.set(string, { kind: 'string', bytes });
  };
  const waiting: Promise<void>[] = [];
  for (const string of strings) {
    const bytes = transform(string.bytes);
    if (bytes instanceof Promise) waiting.push(bytes.then((done) => keep(string, done)));
    else keep(string, bytes);
  }
  if (waiting.length === 0) return rebuilt(value, replaced);
  return Promise.all(waiting).then(() => rebuilt(value, replaced));
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

/** The signature in a signature dictionary. */
const signatureContents = ({ entries }: PdfDictionary): PdfValue | undefined => {
  const type = asName(entries.get('Type'));
  return (type === 'Sig' || type === 'DocTimeStamp') && entries.has('ByteRange')
    ? entries.get('Contents')
    : undefined;
};

function rebuilt(value: PdfValue, replaced: ReadonlyMap<PdfString, PdfString>): PdfValue {
  if (replaced.size === 0 || typeof value !== 'object' || value === null) return value;
  if (value.kind === 'string') return replaced.get(value) ?? value;
  if (value.kind === 'array')
    return { kind: 'array', items: value.items.map((item) => rebuilt(item, replaced)) };
  if (value.kind !== 'dictionary') return value;
  const entries = new Map<string, PdfValue>();
  for (const [key, item] of value.entries) entries.set(key, rebuilt(item, replaced));
  return { kind: 'dictionary', entries };
}
