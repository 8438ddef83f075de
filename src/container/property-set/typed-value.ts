import { ByteWriter, encodeUtf16le } from '../../bytes/index.ts';
import { decodeCodePage, encodeCodePage } from './code-page.ts';
import { cutAtNul } from './dictionary.ts';

/** Types of values that are read as text, [MS-OLEPS] 2.15. */
const type = {
  i2: 0x0002,
  i4: 0x0003,
  bstr: 0x0008,
  bool: 0x000b,
  ui4: 0x0013,
  lpstr: 0x001e,
  lpwstr: 0x001f,
} as const;

/**
 * A stored value as text: strings, whole numbers, and `true` or `false`. `undefined` for every other type,
 * and for a value that does not fit its bytes: such a property is kept and not understood.
 */
export function textOf(raw: Uint8Array, codePage: number): string | undefined {
  if (raw.length < 8) return undefined;
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  // Type and the zero word behind it at once.
  const kind = view.getUint32(0, true);
  const string = (bytes: number, page: number): string | undefined =>
    bytes > raw.length - 8 ? undefined : cutAtNul(decodeCodePage(raw.subarray(8, 8 + bytes), page));
  switch (kind) {
    case type.lpstr:
    case type.bstr:
      return string(view.getUint32(4, true), codePage);
    case type.lpwstr:
      return string(2 * view.getUint32(4, true), 1200);
    case type.bool:
      return view.getInt16(4, true) === 0 ? 'false' : 'true';
    case type.i2:
      return String(view.getInt16(4, true));
    case type.i4:
      return String(view.getInt32(4, true));
    case type.ui4:
      return String(view.getUint32(4, true));
    default:
      return undefined;
  }
}

/** A string value in the code page of its section, in UTF-16 if it has characters that are not in it. */
export function textValue(text: string, codePage: number): Uint8Array {
  const terminated = `${text}\0`;
  const bytes = encodeCodePage(terminated, codePage);
  return bytes === undefined
    ? stringValue(type.lpwstr, terminated.length, encodeUtf16le(terminated))
    : stringValue(type.lpstr, bytes.length, bytes);
}

/** The value of property 1. */
export const codePageValue = (codePage: number): Uint8Array =>
  new ByteWriter().uint32(type.i2).uint16(codePage).uint16(0).toBytes();

const stringValue = (kind: number, length: number, bytes: Uint8Array): Uint8Array =>
  new ByteWriter()
    .uint32(kind)
    .uint32(length)
    .bytes(bytes)
    .bytes(new Uint8Array(-bytes.length & 3))
    .toBytes();
