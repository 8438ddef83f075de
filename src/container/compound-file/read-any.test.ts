import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../bytes/index.ts';
import { compareNames } from './names.ts';
import { bytesOf, type TestEntry, testFile } from './read.test-support.ts';
import { readCompoundFile } from './read.ts';
import { contents, counted, expectBytes, generator } from './read-everything.test-support.ts';

describe('any compound file', () => {
  const content = fc.oneof(fc.nat(300), fc.constantFrom(0, 63, 64, 65, 4095, 4096, 4097, 8192, 12_345));
  const name = fc.string({ unit: fc.constantFrom(...'abcdefgXYZ\x05\x06_äσя'), minLength: 1, maxLength: 31 });
  const streams = fc.uniqueArray(fc.record({ name, size: content }), {
    maxLength: 12,
    comparator: (a, b) => compareNames(a.name, b.name) === 0,
  });

  it('is read back, whatever the order of its sectors and the shape of its trees', async () => {
    await fc.assert(
      fc.asyncProperty(
        streams,
        streams,
        fc.constantFrom(3 as const, 4 as const),
        fc.nat(),
        async (outer, inner, version, seed) => {
          const random = generator(seed);
          const entries: TestEntry[] = outer.map((each, i) => ({
            name: each.name,
            content: bytesOf(each.size, i),
          }));
          const inside = inner.map((each, i) => ({ name: each.name, content: bytesOf(each.size, i + 50) }));
          const folder = 'folder with a name of this len';
          const made = testFile([...entries, { name: folder, entries: inside }], {
            version,
            order: (count) => partlyShuffled(count, random),
            miniOrder: (count) => partlyShuffled(count, random),
            pick: random,
          });
          const source = seed % 2 ? memorySource(made.bytes) : counted(made.bytes).source;
          const file = await readCompoundFile(source);
          const found = new Map(await contents(file));
          expect(found.size).toBe(outer.length + inner.length);
          outer.forEach((each, i) => {
            expectBytes(found.get(each.name) as Uint8Array, bytesOf(each.size, i));
          });
          inner.forEach((each, i) => {
            const path = `${folder}/${each.name}`;
            expectBytes(found.get(path) as Uint8Array, bytesOf(each.size, i + 50));
          });
        },
      ),
      { numRuns: 150 },
    );
  });
});

/** Runs of a few neighbours each, in any order. */
function partlyShuffled(count: number, random: (count: number) => number): readonly number[] {
  const runs: number[][] = [];
  for (let at = 0; at < count; ) {
    const length = Math.min(count - at, 1 + random(6));
    runs.push(Array.from({ length }, (_, i) => at + i));
    at += length;
  }
  for (let i = runs.length - 1; i > 0; i--) {
    const other = random(i + 1);
    [runs[i], runs[other]] = [runs[other] as number[], runs[i] as number[]];
  }
  return runs.flat();
}
