import fc from 'fast-check';
import { orderOf } from './check-names.ts';

/** A stream of the given size; its bytes follow from its seed. */
export interface RandomStream {
  readonly kind: 'stream';
  readonly name: string;
  readonly size: number;
}
export interface RandomStorage {
  readonly kind: 'storage';
  readonly name: string;
  readonly classId: Uint8Array;
  readonly stateBits: number;
  readonly created: bigint;
  readonly modified: bigint;
  readonly entries: readonly RandomEntry[];
}
export type RandomEntry = RandomStream | RandomStorage;

const interestingSizes = [0, 1, 63, 64, 65, 511, 512, 513, 4095, 4096, 4097, 4608, 8192, 12288, 12289];
const size = fc.oneof(fc.constantFrom(...interestingSizes), fc.nat(20_000));

/** Names as files have them, control characters and other alphabets among them. */
const name = fc.oneof(
  fc.constantFrom('\x06DataSpaces', '\x05SummaryInformation', 'Version', 'VERSION', 'a', 'B', 'ß', 'ﬀ', 'ɐ'),
  fc
    .string({
      unit: fc.integer({ min: 1, max: 0xffff }).map((code) => String.fromCharCode(code)),
      minLength: 1,
      maxLength: 31,
    })
    .map((text) => text.replace(/[/\\:!]/g, '_')),
);

/** Entries of a storage, up to `depth` storages deep; no two of one name. */
export function randomEntries(depth: number): fc.Arbitrary<readonly RandomEntry[]> {
  const stream: fc.Arbitrary<RandomEntry> = fc.record({ kind: fc.constant('stream' as const), name, size });
  const time = fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn });
  const entry: fc.Arbitrary<RandomEntry> =
    depth === 0
      ? stream
      : fc.oneof(
          { weight: 3, arbitrary: stream },
          {
            weight: 1,
            arbitrary: fc.record({
              kind: fc.constant('storage' as const),
              name,
              classId: fc.uint8Array({ minLength: 16, maxLength: 16 }),
              stateBits: fc.nat(0xffff_ffff),
              created: time,
              modified: time,
              entries: fc.constant(depth - 1).chain(randomEntries),
            }),
          },
        );
  return fc.uniqueArray(entry, { maxLength: 9, comparator: (a, b) => orderOf(a.name, b.name) === 0 });
}

/** Bytes that differ from stream to stream and from place to place; never all zero at an end. */
export function contentFor(name: string, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = (length * 31 + name.length * 7 + name.charCodeAt(0)) >>> 0;
  for (let index = 0; index < length; index++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[index] = (state >>> 16) | 1;
  }
  return bytes;
}

/** Path of each stream, joined by the NUL that no name has, with its size. */
export function streamsOf(
  entries: readonly RandomEntry[],
  above: readonly string[] = [],
): Map<string, number> {
  const found = new Map<string, number>();
  for (const entry of entries) {
    const path = [...above, entry.name];
    if (entry.kind === 'stream') found.set(path.join('\0'), entry.size);
    else for (const [inner, size] of streamsOf(entry.entries, path)) found.set(inner, size);
  }
  return found;
}
