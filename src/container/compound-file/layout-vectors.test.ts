import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type ByteSource, blobSource, decodeHex, encodeHex, memorySource } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { CompoundEntry, CompoundFile } from './compound-file.ts';
import { compoundFileSource, layoutCompoundFile } from './layout.ts';
import type { NewStorage, NewStream } from './new-compound-file.ts';
import { readCompoundFile } from './read.ts';

interface StreamVector {
  readonly kind: 'stream';
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
  readonly pending?: true;
}
interface StorageVector {
  readonly kind: 'storage';
  readonly name: string;
  readonly classId: string;
  readonly stateBits: number;
  readonly created: string;
  readonly modified: string;
  readonly entries: readonly EntryVector[];
}
type EntryVector = StreamVector | StorageVector;
interface Vector {
  readonly name: string;
  readonly file: string | null;
  readonly why: string;
  readonly size: number;
  readonly sha256: string;
  readonly written: boolean;
  readonly expect: Omit<StorageVector, 'kind' | 'name' | 'created'> & { readonly version: 3 | 4 };
}

const folder = new URL('../../../test-vectors/compound-file/', import.meta.url);
const { vectors } = JSON.parse(readFileSync(new URL('manifest.json', folder), 'utf8')) as {
  vectors: Vector[];
};
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const contentOf = (size: number): Uint8Array =>
  Uint8Array.from({ length: size }, (_, index) => (index * 37 + size * 11 + 1) & 0xff);

/** Entries to write, in an order that is not that of the format; `pending` content only as a size. */
const newEntries = (entries: readonly EntryVector[]): (NewStorage | NewStream)[] =>
  entries.toReversed().map((entry) => {
    const { name } = entry;
    if (entry.kind === 'stream') {
      const { size } = entry;
      return { kind: 'stream', name, content: entry.pending ? { pendingSize: size } : contentOf(size) };
    }
    const { classId, stateBits, created, modified, entries: inside } = entry;
    return {
      kind: 'storage',
      name,
      classId: decodeHex(classId),
      stateBits,
      created: BigInt(created),
      modified: BigInt(modified),
      entries: newEntries(inside),
    };
  });

const pendingOf = (entries: readonly EntryVector[]): Uint8Array | undefined => {
  const found = entries.find((entry) => entry.kind === 'stream' && entry.pending);
  return found?.kind === 'stream' ? contentOf(found.size) : undefined;
};

/** What was read, as the vectors state it; streams as they are read whole. */
async function asRead(file: CompoundFile, entries: readonly CompoundEntry[]): Promise<unknown[]> {
  const stated: unknown[] = [];
  for (const entry of entries) {
    const { kind, name } = entry;
    if (entry.kind === 'stream') {
      const content = await file.read(entry, 10_000_000);
      stated.push({ kind, name, size: entry.size, sha256: sha256(content) });
    } else stated.push({ kind, name, ...(await storageFacts(file, entry)) });
  }
  return stated;
}

async function storageFacts(file: CompoundFile, storage: CompoundFile['root']): Promise<object> {
  const { classId, stateBits, created, modified, entries } = storage;
  return {
    classId: encodeHex(classId),
    stateBits,
    created: `${created}`,
    modified: `${modified}`,
    entries: await asRead(file, entries),
  };
}

const withoutMarks = (value: object): object =>
  JSON.parse(JSON.stringify(value), (key, inner) => (key === 'pending' ? undefined : inner));

/** A source that reads into one piece of memory each time, as one over a file may. */
function reusingMemory(bytes: Uint8Array, from = 0, size = bytes.length): ByteSource {
  const memory = new Uint8Array(bytes.length);
  return {
    size,
    seekable: true,
    read: (offset, length) => {
      const part = bytes.subarray(from + offset, Math.min(from + offset + length, from + size));
      memory.fill(0xcc).set(part);
      return memory.subarray(0, part.length);
    },
    slice: (offset, length = size - offset) => reusingMemory(bytes, from + offset, length),
  };
}

describe.each(vectors)('vector $name ($why)', (vector) => {
  const { version, ...root } = vector.expect;
  const layout = layoutCompoundFile(
    {
      classId: decodeHex(root.classId),
      stateBits: root.stateBits,
      modified: BigInt(root.modified),
      entries: newEntries(root.entries),
    },
    { version },
  );
  const pending = pendingOf(root.entries);
  const source = compoundFileSource(layout, pending && memorySource(pending));

  it.runIf(vector.written)('is what is written of its contents, to the byte', async () => {
    const bytes = await source.read(0, layout.size);
    expect(bytes.length).toBe(vector.size);
    expect(sha256(bytes)).toBe(vector.sha256);
  });

  const { file } = vector;
  const bytes = file === null ? undefined : new Uint8Array(readFileSync(new URL(file, folder)));
  const sources: readonly (readonly [string, () => Promise<ByteSource> | ByteSource])[] = [
    ['what is written of it', () => source],
    ...(bytes === undefined
      ? []
      : ([
          ['bytes', () => memorySource(bytes)],
          ['a Blob', () => blobSource(new Blob([bytes.slice()]))],
          ['a source that reuses its memory', () => reusingMemory(bytes)],
        ] as const)),
  ];
  it.each(sources)('is read as stated from %s', async (_, open) => {
    const read = await readCompoundFile(await open());
    const expected = withoutMarks({ version, created: '0', ...root });
    expect({ version: read.version, ...(await storageFacts(read, read.root)) }).toEqual(expected);
  });

  it.skipIf(bytes === undefined)('is the file it says', () => {
    expect([bytes?.length, sha256(bytes as Uint8Array)]).toEqual([vector.size, vector.sha256]);
  });

  it.skipIf(bytes === undefined)(
    'is refused, or read without made up bytes, wherever it is cut',
    async () => {
      const whole = bytes as Uint8Array;
      for (let length = 0; length < whole.length; length += Math.max(61, whole.length >> 6)) {
        try {
          const read = await readCompoundFile(memorySource(whole.subarray(0, length)));
          await asRead(read, read.root.entries);
        } catch (error) {
          expect(error).toBeInstanceOf(SealwrightError);
          expect((error as SealwrightError).code).toBe('MALFORMED_CONTAINER');
        }
      }
    },
  );
});
