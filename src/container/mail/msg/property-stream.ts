import { ByteReader, ByteWriter } from '../../../bytes/index.ts';
import { propertyTypes } from './property-tags.ts';

/** An entry of the list of properties, [MS-OXMSG] 2.4.2. */
export interface PropertyEntry {
  readonly id: number;
  readonly type: number;
  readonly flags: number;
  /** A value of fixed length, or the size of one that has a stream of its own. */
  readonly value: Uint8Array;
}

const entryBytes = 16;

/** Bytes in front of the entries, [MS-OXMSG] 2.4.1. */
export const listHeaders = { file: 32, embedded: 24, part: 8 } as const;

/**
 * Reads a list of properties. Its header has the length that its place gives it. A message that was taken out of
 * another, or put into one, may still have the header of its former place; the length of the list tells, as
 * entries have 16 bytes.
 *
 * Throws `MALFORMED_CONTAINER` if the list ends inside of its header.
 */
export function parsePropertyList(
  bytes: Uint8Array,
  ofMessage: boolean,
): { readonly header: Uint8Array; readonly entries: readonly PropertyEntry[] } {
  const reader = new ByteReader(bytes, {
    what: 'list of properties of an Outlook item',
    code: 'MALFORMED_CONTAINER',
  });
  const headerBytes = !ofMessage
    ? listHeaders.part
    : bytes.length % entryBytes === 8
      ? listHeaders.embedded
      : listHeaders.file;
  const header = reader.bytes(headerBytes, 'header').slice();
  // One copy for all values: as many of eight bytes each would take more memory than all else of the list.
  const values = bytes.slice();
  const entries: PropertyEntry[] = [];
  const seen = new Set<number>();
  while (reader.remaining >= entryBytes) {
    const type = reader.uint16('type of a property');
    const id = reader.uint16('id of a property');
    const flags = reader.uint32('flags of a property');
    const end = bytes.length - reader.remaining + 8;
    reader.bytes(8, 'value of a property');
    const value = values.subarray(end - 8, end);
    // Nobody could tell the streams of two apart.
    const tag = id * 0x10000 + type;
    if (seen.has(tag)) continue;
    seen.add(tag);
    entries.push({ id, type, flags, value });
  }
  return { header, entries };
}

/** The list of properties as it is stored. */
export function serializePropertyList(header: Uint8Array, entries: readonly PropertyEntry[]): Uint8Array {
  const writer = new ByteWriter().bytes(header);
  for (const { id, type, flags, value } of entries) writer.uint16(type).uint16(id).uint32(flags).bytes(value);
  return writer.toBytes();
}

/** Whether the value stands in a stream or storage of its own. */
export const hasStream = (type: number): boolean =>
  (type & propertyTypes.multiple) !== 0 || streamTypes.has(type);

const streamTypes: ReadonlySet<number> = new Set([
  propertyTypes.string,
  propertyTypes.string8,
  propertyTypes.binary,
  propertyTypes.guid,
  propertyTypes.object,
]);
