import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copySource } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { DocumentWriter } from '../document-format.ts';
import { writtenSource } from './written-source.ts';

const content = Uint8Array.from({ length: 1000 }, (_, index) => (index * 7) & 0xff);

/** Writes `content` in chunks of one buffer that it overwrites, as writers do. */
function writer(chunk: number, known = true, failAt?: number): DocumentWriter & { runs: number } {
  const made = {
    runs: 0,
    size: known ? content.length : undefined,
    async writeTo(sink: { write(bytes: Uint8Array): unknown }) {
      made.runs++;
      const buffer = new Uint8Array(chunk);
      for (let at = 0; at < content.length; at += chunk) {
        if (failAt !== undefined && at >= failAt)
          throw new SealwrightError('DECRYPTION_FAILED', 'The content was changed.');
        const part = content.subarray(at, at + chunk);
        buffer.set(part);
        await sink.write(buffer.subarray(0, part.length));
        buffer.fill(0xee);
      }
      if (failAt === content.length) throw new SealwrightError('DECRYPTION_FAILED', 'The end was changed.');
      return content.length;
    },
  };
  return made;
}

describe('what a writer writes, as a source', () => {
  it('gives the content, in any order of reads and from any size of chunk', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1200 }),
        fc.array(fc.tuple(fc.nat(1100), fc.nat(400)), { maxLength: 8 }),
        async (chunk, reads) => {
          const source = await writtenSource(writer(chunk));
          for (const [offset, length] of reads)
            expect(await source.read(offset, length)).toEqual(content.slice(offset, offset + length));
          await source.close?.();
        },
      ),
    );
  });

  it('gives each of several reads at once what it asked for', async () => {
    const source = await writtenSource(writer(64));
    await source.read(0, 10);
    const wanted = [
      [500, 200],
      [0, 300],
      [100, 50],
      [700, 300],
    ] as const;
    const read = await Promise.all(wanted.map(([offset, length]) => source.read(offset, length)));
    expect(read).toEqual(wanted.map(([offset, length]) => content.slice(offset, offset + length)));
    await source.close?.();
  });

  it('keeps no more of many than there is room for', async () => {
    const room = { left: 2500 };
    const writers = [1, 2, 3, 4].map(() => writer(64, false));
    for (const each of writers) {
      const source = await writtenSource(each, {}, room);
      expect(await source.read(0, 1000)).toEqual(content);
    }
    expect(writers.map(({ runs }) => runs)).toEqual([1, 1, 2, 2]);
    expect(room.left).toBe(500);
  });

  it('runs the writer once for reads that go forward; what it did not know the size of and is short is kept', async () => {
    const known = writer(64);
    const source = await writtenSource(known);
    await copySource(source, { write: () => undefined });
    expect(known.runs).toBe(1);
    const unknown = writer(64, false);
    const kept = await writtenSource(unknown);
    expect(kept.size).toBe(1000);
    expect(await kept.read(0, 1000)).toEqual(content);
    expect(unknown.runs).toBe(1);
  });

  it('fails where the writer fails, also at its very end', async () => {
    const middle = await writtenSource(writer(100, true, 500));
    await expect(middle.read(0, 1000)).rejects.toThrow('The content was changed.');
    const end = await writtenSource(writer(100, true, 1000));
    expect((await end.read(0, 999)).length).toBe(999);
    await expect(end.read(999, 1)).rejects.toThrow('The end was changed.');
  });

  it('ends the writer when it is closed in the middle', async () => {
    const source = await writtenSource(writer(10));
    await source.read(0, 25);
    await source.close?.();
    expect(await source.read(0, 5)).toEqual(content.slice(0, 5));
    await source.close?.();
  });

  it('fails where the writer writes more or less than it did when its bytes were counted', async () => {
    for (const now of [2_000_000 - 1, 2_000_000 + 1]) {
      let length = 2_000_000;
      const source = await writtenSource({
        size: undefined,
        async writeTo(sink) {
          await sink.write(new Uint8Array(length));
          return length;
        },
      });
      expect(source.size).toBe(2_000_000);
      length = now;
      await expect(source.read(0, 2_000_000)).rejects.toMatchObject({ code: 'IO_FAILED' });
    }
  });
});
