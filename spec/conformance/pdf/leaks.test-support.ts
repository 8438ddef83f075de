import { constants, inflateSync } from 'node:zlib';
import { memorySource } from '../../../src/bytes/index.ts';
import type { PdfValue } from '../../../src/container/index.ts';
import type { PdfDocument } from '../../../src/container/pdf/pdf-document.ts';
import { asDictionary, asName } from '../../../src/container/pdf/read/dictionary.ts';
import { readPdf } from '../../../src/container/pdf/read/read-pdf.ts';
import { readWrapper } from '../../../src/container/pdf/wrapper/read-wrapper.ts';
import { spellings } from './telling.test-support.ts';

/** Strings that are shorter may stand in a protected file without having come from the document: `Identity`. */
const tellingLength = 12;

/**
 * What of a document can be read in its protected file, wrapper and payload, without a key: known texts in any spelling, its
 * strings, the data of its streams, streams of the payload that can be unpacked, metadata of the wrapper. Nothing, if all is well.
 */
export async function leaks(original: Uint8Array, sealed: Uint8Array): Promise<readonly string[]> {
  const haystack = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.length);
  const found: string[] = [];
  for (const [what, needle] of spellings()) if (haystack.includes(needle)) found.push(what);
  for (const mark of ['<?xpacket', 'rdf:RDF', 'x:xmpmeta']) if (haystack.includes(mark)) found.push(mark);
  for (const [what, needle] of await partsOf(await readPdf(memorySource(original))))
    if (haystack.includes(needle)) found.push(what);
  const wrapper = await readPdf(memorySource(sealed));
  found.push(...(await statedOf(wrapper)));
  const payload = await readWrapper(wrapper);
  if (payload === undefined) found.push('there is no payload');
  else found.push(...(await unpackedOf(await readPdf(payload.source))));
  return found;
}

/** What a document's objects hold: every string that says something, and pieces of every stream. */
async function partsOf(document: PdfDocument): Promise<readonly (readonly [what: string, part: Buffer])[]> {
  // By what they hold: fonts say the same again and again.
  const parts = new Map<string, readonly [string, Buffer]>();
  const add = (what: string, bytes: Uint8Array): void => {
    const part = Buffer.from(bytes);
    parts.set(part.toString('latin1'), [what, part]);
  };
  // The identifier of a file is not encrypted, and old cross-references repeat it.
  const ids = new Set(stringsOf(document.trailer.entries.get('ID') ?? null).map(hexadecimalOf));
  for (const { number } of document.entries) {
    const object = await document.object(number);
    if (object === undefined) continue;
    const size = object.data?.size ?? 0;
    if (object.data !== undefined && size >= 32)
      for (const at of new Set([0, size >> 1, Math.max(0, size - 96)]))
        add(`stream ${number} at ${at}`, await object.data.read(at, 96));
    for (const string of stringsOf(object.value)) {
      const digits = hexadecimalOf(string);
      if (string.length < tellingLength || ids.has(digits)) continue;
      add(`a string of ${number}`, string);
      add(`a string of ${number} in hexadecimal`, Buffer.from(digits));
      add(`a string of ${number} in capital hexadecimal`, Buffer.from(digits.toUpperCase()));
    }
  }
  return [...parts.values()];
}

function stringsOf(value: PdfValue): readonly Uint8Array[] {
  if (typeof value !== 'object' || value === null) return [];
  if (value.kind === 'string') return [value.bytes];
  if (value.kind === 'array') return value.items.flatMap(stringsOf);
  return value.kind === 'dictionary' ? [...value.entries.values()].flatMap(stringsOf) : [];
}

const hexadecimalOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** What a wrapper of a document without labels says of it: it has neither Info nor metadata. */
async function statedOf(wrapper: PdfDocument): Promise<readonly string[]> {
  const found: string[] = [];
  if (wrapper.trailer.entries.has('Info')) found.push('Info of the wrapper');
  const catalog = asDictionary(await wrapper.resolve(wrapper.trailer.entries.get('Root')));
  for (const key of ['Metadata', 'Outlines', 'PageLabels', 'AcroForm', 'Dests'])
    if (catalog?.entries.has(key)) found.push(`${key} of the wrapper`);
  return found;
}

/** Streams of a payload that can be unpacked, as if they were not encrypted. */
async function unpackedOf(payload: PdfDocument): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { number, inStream } of payload.entries) {
    if (inStream !== undefined) continue;
    const object = await payload.object(number);
    const size = object?.data?.size ?? 0;
    if (object?.data === undefined || size === 0) continue;
    if (asName(asDictionary(object.value)?.entries.get('Type')) === 'XRef') continue;
    const data = await object.data.read(0, Math.min(size, 4096));
    try {
      if (inflateSync(data, { finishFlush: constants.Z_SYNC_FLUSH }).length > 16)
        found.push(`stream ${number} of the payload can be unpacked`);
    } catch {
      // What is encrypted is no compressed data.
    }
  }
  return found;
}
