import type { PdfDocument, PdfValue } from '../pdf-document.ts';
import { run } from './tools.ts';

/** What a value or an object is in a form that two readers can be compared by. */
export type Plain = null | boolean | number | string | Plain[] | { [key: string]: Plain };

/** A stream with its data as stored, in base64. */
interface PlainObject {
  readonly value: Plain;
  readonly data?: string | undefined;
}

const isXref = (value: Plain): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && value['/Type'] === '/XRef';

const withoutLength = (value: Plain): Plain => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { '/Length': _, ...rest } = value;
  return rest;
};

/** The objects of a file as qpdf reads them, cross-reference streams and those that are null left out. */
export function objectsByQpdf(path: string): Record<string, PlainObject> {
  const json = run('qpdf', [
    '--json=2',
    '--json-key=qpdf',
    '--json-stream-data=inline',
    '--decode-level=none',
    path,
  ]);
  const [, objects] = (JSON.parse(json) as { qpdf: [unknown, Record<string, QpdfObject>] }).qpdf;
  const found: Record<string, PlainObject> = {};
  for (const [key, { value, stream }] of Object.entries(objects)) {
    if (!key.startsWith('obj:')) continue;
    const name = key.slice('obj:'.length);
    if (stream === undefined) {
      if ((value ?? null) !== null) found[name] = { value: value ?? null };
    } else if (!isXref(stream.dict)) found[name] = { value: withoutLength(stream.dict), data: stream.data };
  }
  return found;
}

interface QpdfObject {
  readonly value?: Plain;
  readonly stream?: { readonly dict: Plain; readonly data: string };
}

/** The same by our own reader. */
export async function objectsByUs(document: PdfDocument): Promise<Record<string, PlainObject>> {
  const found: Record<string, PlainObject> = {};
  for (const { number, generation } of document.entries) {
    const object = await document.object(number);
    const value = plain(object?.value ?? null);
    const name = `${number} ${generation} R`;
    if (object?.data === undefined) {
      if (value !== null) found[name] = { value };
    } else if (!isXref(value)) {
      const bytes = await object.data.read(0, object.data.size ?? 0);
      found[name] = { value: withoutLength(value), data: Buffer.from(bytes).toString('base64') };
    }
  }
  return found;
}

function plain(value: PdfValue): Plain {
  if (value === null || typeof value === 'boolean') return value;
  switch (value.kind) {
    case 'number':
      return Number(value.text);
    case 'name':
      return `/${value.text}`;
    case 'reference':
      return `${value.number} ${value.generation} R`;
    case 'string':
      return stringText(value.bytes);
    case 'array':
      return value.items.map(plain);
    case 'dictionary':
      return Object.fromEntries(
        [...value.entries].filter(([, item]) => item !== null).map(([key, item]) => [`/${key}`, plain(item)]),
      );
  }
}

/** `u:` and the text of a string that is text, `b:` and hexadecimal digits of another. */
function stringText(bytes: Uint8Array): string {
  const [first, second, third] = bytes;
  if (first === 0xfe && second === 0xff) {
    const units = Buffer.from(bytes.slice(2, bytes.length - (bytes.length % 2))).swap16();
    return `u:${units.toString('utf16le')}`;
  }
  if (first === 0xef && second === 0xbb && third === 0xbf)
    return `u:${Buffer.from(bytes.subarray(3)).toString('utf8')}`;
  const isText = bytes.every((byte) => (byte >= 0x20 && byte < 0x7f) || [9, 10, 13].includes(byte));
  return isText ? `u:${Buffer.from(bytes).toString('latin1')}` : `b:${Buffer.from(bytes).toString('hex')}`;
}
