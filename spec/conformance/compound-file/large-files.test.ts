import { describe, expect, it } from 'vitest';
import { type ByteSource, concatenatedSource, memorySource, zeroSource } from '../../../src/bytes/index.ts';
import { compoundFileSource, layoutCompoundFile } from '../../../src/container/compound-file/layout.ts';
import type { NewStream } from '../../../src/container/compound-file/new-compound-file.ts';
import { readCompoundFile } from '../../../src/container/compound-file/read.ts';
import { checkCompoundFile } from './check-compound-file.ts';
import { contentFor } from './random-tree.ts';

const rangeLock = 0x7fff_f000;

/** The file as the checker reads it; copies, because what a source gives may be overwritten. */
const checked = (source: ByteSource) =>
  checkCompoundFile({
    size: source.size as number,
    read: async (offset, length) => (await source.read(offset, length)).slice(),
  });

describe('a file beyond 2 GB', () => {
  it.each([-5, -4, -3, -2, -1, 0, 1, 2, 3])(
    'keeps every rule when its small streams begin %i sectors from that for range locks',
    async (distance) => {
      const small = Array.from({ length: 8 }, (_, index) => {
        const name = `Small ${index}`;
        return { kind: 'stream' as const, name, content: contentFor(name, 1500 + index) };
      });
      const laidOut = (size: number, pendingSize: number) => {
        const large: NewStream = { kind: 'stream', name: 'Large', content: zeroSource(size) };
        const pending: NewStream = { kind: 'stream', name: 'Pending', content: { pendingSize } };
        return layoutCompoundFile({ entries: [...small, large, pending] }, { version: 4 });
      };
      const pending = contentFor('Pending', 5 * 4096 + 17);
      // What stands before the large stream: everything but it, the small ones (three sectors) and a header.
      let size = rangeLock - 4096 * 600;
      const head = laidOut(size, pending.length).size - size - 4096 * (3 + 6);
      size = rangeLock - head + 4096 * distance;
      const layout = laidOut(size, pending.length);
      const source = compoundFileSource(layout, memorySource(pending));

      const check = await checked(source);
      expect(check.problems).toEqual([]);
      for (const stream of check.streams) {
        const name = stream.path[0] as string;
        if (name === 'Large') expect(stream.size).toBe(size);
        else expect(Buffer.compare(await stream.read(), contentFor(name, stream.size))).toBe(0);
        for (const { offset, length } of stream.places)
          expect(offset + length <= rangeLock || offset >= rangeLock + 4096).toBe(true);
      }
      const file = await readCompoundFile(source);
      const found = file.find('Pending');
      if (found?.kind !== 'stream') throw new Error('It is missing.');
      expect(Buffer.compare(await file.read(found, 100_000), pending)).toBe(0);
    },
  );

  it('keeps every rule with a stream of more than 4 GiB, whose bytes are those given', async () => {
    const marks = [0, rangeLock - 600_000, rangeLock, 2 ** 32 - 5, 5 * 2 ** 30];
    const parts: (Uint8Array | ByteSource)[] = [];
    let at = 0;
    for (const mark of marks) {
      parts.push(zeroSource(mark - at), contentFor('Mark', 5000));
      at = mark + 5000;
    }
    const content = concatenatedSource(parts);
    const layout = layoutCompoundFile({ entries: [{ kind: 'stream', name: 'Huge', content }] });
    expect(layout.version).toBe(4);
    const source = compoundFileSource(layout);
    const check = await checked(source);
    expect(check.problems).toEqual([]);
    expect(check.streams.map(({ size }) => size)).toEqual([content.size]);
    const file = await readCompoundFile(source);
    const found = file.find('Huge');
    if (found?.kind !== 'stream') throw new Error('It is missing.');
    const opened = file.open(found);
    for (const mark of marks)
      for (const from of [Math.max(0, mark - 20), mark, mark + 2000, mark + 4990]) {
        const expected = (await content.read(from, 3100)).slice();
        expect(Buffer.compare((await opened.read(from, 3100)).slice(), expected)).toBe(0);
      }
  });
});

describe('the largest file of version 3', () => {
  it('keeps every rule', async () => {
    let size = 0x7e00_0000;
    const laidOut = (length: number) =>
      layoutCompoundFile({ entries: [{ kind: 'stream', name: 'Large', content: zeroSource(length) }] });
    for (let step = 2 ** 24; step >= 512; step /= 2) while (laidOut(size + step).version === 3) size += step;
    const layout = laidOut(size);
    expect(layout.size).toBe(0x7fff_fe00);
    const check = await checked(compoundFileSource(layout));
    expect(check.problems).toEqual([]);
  });
});
