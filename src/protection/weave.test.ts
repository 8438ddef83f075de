import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes } from '../bytes/index.ts';
import { weave, wovenSink } from './weave.ts';

const insertion = fc.tuple(fc.nat(40), fc.uint8Array({ minLength: 1, maxLength: 5 }));

describe("a container's own bytes within its content", () => {
  it('stand at their offsets, however the content is cut into runs', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 12 }), { maxLength: 6 }),
        fc.array(insertion, { maxLength: 3 }),
        fc.uint8Array({ maxLength: 4 }),
        async (runs, insertions, trailer) => {
          const content = concatBytes(runs);
          const ordered = insertions
            .map(([at, bytes]) => ({ contentOffset: Math.min(at, content.length), bytes }))
            .sort((a, b) => a.contentOffset - b.contentOffset);
          const expected: Uint8Array[] = [];
          let from = 0;
          for (const { contentOffset, bytes } of ordered) {
            expected.push(content.subarray(from, contentOffset), bytes);
            from = contentOffset;
          }
          expected.push(content.subarray(from), trailer);

          const written: Uint8Array[] = [];
          const woven = weave({ insertions: ordered, trailer });
          const sink = wovenSink({ write: (bytes) => void written.push(new Uint8Array(bytes)) }, woven);
          for (const run of runs) await sink.write(run);
          expect(concatBytes([...written, ...woven.end()])).toEqual(concatBytes(expected));
        },
      ),
    );
  });

  it('cost nothing where there are none', () => {
    const run = new Uint8Array(3);
    const woven = weave({});
    expect(woven.next(run)).toEqual([run]);
    expect(woven.next(run)[0]).toBe(run);
    expect(woven.end()).toEqual([]);
  });
});
