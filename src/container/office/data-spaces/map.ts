import { type ByteReader, ByteWriter, maxima } from '../../../bytes/index.ts';
import { readUnicodeText, writeUnicodeText } from './padded-text.ts';
import { readerFor, tailOf } from './reader-for.ts';

/** One step of the path from the root to what is protected. */
export interface ReferenceComponent {
  readonly kind: 'stream' | 'storage';
  readonly name: string;
}

/** Which data space a storage or stream belongs to, [MS-OFFCRYPTO] 2.1.6.1. */
export interface DataSpaceMapEntry {
  readonly components: readonly ReferenceComponent[];
  readonly dataSpace: string;
  /** Bytes behind the known fields. */
  readonly tail: Uint8Array;
}

/** The `DataSpaceMap` stream, [MS-OFFCRYPTO] 2.1.6. */
export interface DataSpaceMap {
  readonly entries: readonly DataSpaceMapEntry[];
  /** What a header longer than its two known fields holds. */
  readonly headerTail: Uint8Array;
  readonly tail: Uint8Array;
}

/** Length and count: the header of a map and of a definition. */
export const knownHeaderLength = 8;

const what = 'DataSpaceMap of the Office file';
/** The least that an entry takes: length, count, and the length of an empty name. */
const leastEntryLength = 12;
const leastComponentLength = 8;

/** Takes a `DataSpaceMap` stream apart. Throws `MALFORMED_CONTAINER`, `LIMIT_EXCEEDED`. */
export function parseMap(bytes: Uint8Array): DataSpaceMap {
  const reader = readerFor(bytes, what);
  const { count, headerTail } = readCountedHeader(reader, 'entries', leastEntryLength);
  const entries = Array.from({ length: count }, () => readEntry(reader));
  return Object.freeze({ entries: Object.freeze(entries), headerTail, tail: tailOf(reader) });
}

/** A header that states its own length and a number of things, each of `least` bytes or more. */
export function readCountedHeader(
  reader: ByteReader,
  field: string,
  least: number,
): { readonly count: number; readonly headerTail: Uint8Array } {
  const length = reader.uint32('length of its header');
  if (length < knownHeaderLength) throw reader.malformed('its header is too short');
  const count = reader.bounded(
    reader.uint32(`number of ${field}`),
    maxima.dataSpaceEntries,
    `number of ${field}`,
  );
  const headerTail = reader.bytes(length - knownHeaderLength, 'header').slice();
  if (count * least > reader.remaining) throw reader.malformed(`it has no room for ${count} ${field}`);
  return { count, headerTail };
}

function readEntry(map: ByteReader): DataSpaceMapEntry {
  const length = map.uint32('length of an entry');
  if (length < leastEntryLength) throw map.malformed('an entry is too short');
  const reader = readerFor(map.bytes(length - 4, 'entry'), what);
  const count = reader.bounded(
    reader.uint32('number of components'),
    maxima.compoundDepth,
    'number of components',
  );
  if (count * leastComponentLength > reader.remaining)
    throw reader.malformed(`an entry has no room for ${count} components`);
  const components = Array.from({ length: count }, (): ReferenceComponent => {
    const type = reader.uint32('type of a component');
    if (type > 1) throw reader.malformed(`a component has the unknown type ${type}`);
    return Object.freeze({
      kind: type === 0 ? 'stream' : 'storage',
      name: readUnicodeText(reader, 'name of a component'),
    });
  });
  return Object.freeze({
    components: Object.freeze(components),
    dataSpace: readUnicodeText(reader, 'name of a data space'),
    tail: tailOf(reader),
  });
}

/** Gives the bytes {@link parseMap} read. */
export function serializeMap(map: DataSpaceMap): Uint8Array {
  const writer = new ByteWriter()
    .uint32(knownHeaderLength + map.headerTail.length)
    .uint32(map.entries.length)
    .bytes(map.headerTail);
  for (const { components, dataSpace, tail } of map.entries) {
    const entry = new ByteWriter().uint32(components.length);
    for (const { kind, name } of components) {
      entry.uint32(kind === 'stream' ? 0 : 1);
      writeUnicodeText(entry, name);
    }
    writeUnicodeText(entry, dataSpace);
    entry.bytes(tail);
    writer.uint32(entry.length + 4).bytes(entry.toBytes());
  }
  return writer.bytes(map.tail).toBytes();
}
