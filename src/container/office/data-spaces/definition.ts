import { ByteWriter } from '../../../bytes/index.ts';
import { knownHeaderLength, readCountedHeader } from './map.ts';
import { readUnicodeText, writeUnicodeText } from './padded-text.ts';
import { readerFor, tailOf } from './reader-for.ts';

/** A stream in `DataSpaceInfo`: what was done to content, in the order in which a reader undoes it, [MS-OFFCRYPTO] 2.1.7. */
export interface DataSpaceDefinition {
  readonly transforms: readonly string[];
  /** What a header longer than its two known fields holds. */
  readonly headerTail: Uint8Array;
  readonly tail: Uint8Array;
}

/** Takes the definition of a data space apart. Throws `MALFORMED_CONTAINER`, `LIMIT_EXCEEDED`. */
export function parseDefinition(bytes: Uint8Array): DataSpaceDefinition {
  const reader = readerFor(bytes, 'data space of the Office file');
  const { count, headerTail } = readCountedHeader(reader, 'transforms', 4);
  const transforms = Array.from({ length: count }, () => readUnicodeText(reader, 'name of a transform'));
  return Object.freeze({ transforms: Object.freeze(transforms), headerTail, tail: tailOf(reader) });
}

/** Gives the bytes {@link parseDefinition} read. */
export function serializeDefinition(definition: DataSpaceDefinition): Uint8Array {
  const writer = new ByteWriter()
    .uint32(knownHeaderLength + definition.headerTail.length)
    .uint32(definition.transforms.length)
    .bytes(definition.headerTail);
  for (const name of definition.transforms) writeUnicodeText(writer, name);
  return writer.bytes(definition.tail).toBytes();
}
