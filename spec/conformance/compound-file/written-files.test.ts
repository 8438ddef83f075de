import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../../src/bytes/index.ts';
import { compoundFileSource, layoutCompoundFile } from '../../../src/container/compound-file/layout.ts';
import type { NewStorage, NewStream } from '../../../src/container/compound-file/new-compound-file.ts';
import { checkCompoundFile } from './check-compound-file.ts';
import { contentFor, type RandomEntry, randomEntries, streamsOf } from './random-tree.ts';

const newEntries = (entries: readonly RandomEntry[]): (NewStorage | NewStream)[] =>
  entries.map((entry) =>
    entry.kind === 'storage'
      ? { ...entry, entries: newEntries(entry.entries) }
      : { kind: 'stream', name: entry.name, content: contentFor(entry.name, entry.size) },
  );

async function written(
  entries: readonly (NewStorage | NewStream)[],
  version: 3 | 4,
  pending?: Uint8Array,
): Promise<Uint8Array> {
  const layout = layoutCompoundFile({ entries }, { version });
  const source = compoundFileSource(layout, pending && memorySource(pending));
  expect(source.size).toBe(layout.size);
  return await source.read(0, layout.size);
}

describe.each([3, 4] as const)('a written compound file of version %i', (version) => {
  it('keeps every rule and holds the streams it was given, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(
        randomEntries(3),
        fc.option(fc.constantFrom(0, 1, 64, 4095, 4096, 4097, 10_000)),
        async (entries, pendingSize) => {
          const free = !entries.some(({ name }) => name.toUpperCase() === 'PENDING');
          const pending = free && pendingSize !== null ? contentFor('Pending', pendingSize) : undefined;
          const bytes = await written(
            [
              ...(pending
                ? [{ kind: 'stream', name: 'Pending', content: { pendingSize: pending.length } } as const]
                : []),
              ...newEntries(entries),
            ],
            version,
            pending,
          );
          const check = await checkCompoundFile(bytes);
          expect(check.problems).toEqual([]);
          expect(check.version).toBe(version);
          const expected = streamsOf(entries);
          if (pending !== undefined) expected.set('Pending', pending.length);
          expect(new Map(check.streams.map(({ path, size }) => [path.join('\0'), size]))).toEqual(expected);
          for (const stream of check.streams) {
            const content = await stream.read();
            const name = stream.path.at(-1) as string;
            expect(Buffer.compare(content, contentFor(name, stream.size))).toBe(0);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('is the same whatever order its entries were given in', async () => {
    await fc.assert(
      fc.asyncProperty(randomEntries(1), async (entries) => {
        const forth = await written(newEntries(entries), version);
        const back = await written(newEntries(entries).reverse(), version);
        expect(Buffer.compare(forth, back)).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it('keeps every rule with any number of entries in a storage, up to ten thousand', async () => {
    for (const count of [
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 14, 15, 16, 17, 30, 31, 32, 33, 127, 128, 1000, 10_000,
    ]) {
      const entries = Array.from({ length: count }, (_, index) => ({
        kind: 'stream' as const,
        name: `Stream ${index}`,
        content: new Uint8Array(index % 130).fill(1),
      }));
      const check = await checkCompoundFile(await written(entries, version));
      expect(check.problems).toEqual([]);
      expect(check.streams).toHaveLength(count);
    }
  });

  it('has tables of exactly the size needed around every size where one more sector of them is', async () => {
    const sector = version === 3 ? 512 : 4096;
    const perSector = sector / 4;
    for (const around of [perSector, 2 * perSector, 109 * perSector, (109 + 127) * perSector]) {
      if (around * sector > 600e6) continue;
      for (let sectors = around - 6; sectors <= around + 3; sectors++) {
        const layout = layoutCompoundFile(
          { entries: [{ kind: 'stream', name: 'Content', content: { pendingSize: sectors * sector } }] },
          { version },
        );
        const head = compoundFileSource({
          ...layout,
          size: 0,
          pieces: layout.pieces.filter((piece) => !('pendingOffset' in piece)),
        });
        const size = head.size as number;
        const check = await checkCompoundFile({
          size: layout.size,
          read: async (offset, length) => {
            const part = await head.read(offset, Math.max(0, Math.min(length, size - offset)));
            return part.length === length
              ? part
              : new Uint8Array([...part, ...new Uint8Array(length - part.length)]);
          },
        });
        expect(check.problems).toEqual([]);
        expect(check.streams[0]?.places).toEqual([{ offset: size, length: sectors * sector }]);
      }
    }
  });
});
