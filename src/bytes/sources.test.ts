import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SealwrightError } from '../errors.ts';
import { blobSource } from './blob-source.ts';
import type { ByteSource } from './byte-source.ts';
import { memorySource } from './memory-source.ts';
import { streamSource } from './stream-source.ts';

/** A stream that gives `bytes` in pieces of these lengths, over and over. */
function streamOf(
  bytes: Uint8Array,
  pieces: readonly number[] = [bytes.length || 1],
): ReadableStream<Uint8Array> {
  let at = 0;
  let turn = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      const length = pieces[turn++ % pieces.length] as number;
      controller.enqueue(bytes.slice(at, at + length));
      at += length;
    },
  });
}

const counted = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) & 0xff);
const pieces = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 5 });

const kinds: readonly (readonly [string, (bytes: Uint8Array, cuts: readonly number[]) => ByteSource])[] = [
  ['memory', (bytes) => memorySource(bytes)],
  ['a Blob', (bytes) => blobSource(new Blob([bytes.slice()]))],
  ['a stream with look-back', (bytes, cuts) => streamSource(streamOf(bytes, cuts))],
];

describe.each(kinds)('a source over %s', (_, open) => {
  it('gives every range that is asked for, clipped to its end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 2000 }),
        pieces,
        fc.array(fc.tuple(fc.nat(2500), fc.nat(800)), { maxLength: 8 }),
        async (bytes, cuts, ranges) => {
          const source = open(bytes, cuts);
          for (const [offset, length] of ranges)
            expect(await source.read(offset, length)).toEqual(bytes.subarray(offset, offset + length));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives the same through slices of slices as through the whole', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 1000 }),
        pieces,
        fc.array(fc.tuple(fc.nat(400), fc.option(fc.nat(600), { nil: undefined })), { maxLength: 4 }),
        fc.tuple(fc.nat(300), fc.nat(300)),
        async (bytes, cuts, windows, [offset, length]) => {
          let source = open(bytes, cuts);
          let wanted = bytes;
          for (const [start, limit] of windows) {
            source = source.slice(start, limit);
            wanted = wanted.subarray(start, limit === undefined ? undefined : start + limit);
          }
          expect(await source.read(offset, length)).toEqual(wanted.subarray(offset, offset + length));
          if (source.size !== undefined) expect(source.size).toBe(wanted.length);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('a source over a stream', () => {
  it('learns its size when the stream ends', async () => {
    const source = streamSource(streamOf(counted(100), [30]));
    const rest = source.slice(90);
    expect([source.size, rest.size]).toEqual([undefined, undefined]);
    expect(await rest.read(0, 64)).toHaveLength(10);
    expect([source.size, rest.size]).toEqual([100, 10]);
  });

  it('skips forward without keeping what it passes over', async () => {
    const bytes = counted(1 << 20);
    const source = streamSource(streamOf(bytes, [5000]), { lookBack: 100 });
    expect(await source.read(1_000_000, 4)).toEqual(bytes.subarray(1_000_000, 1_000_004));
    await expect(source.read(10, 4)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      details: { offset: 10 },
    });
  });

  it('works without any look-back, skipping included', async () => {
    const bytes = counted(300_000);
    const source = streamSource(streamOf(bytes, [1000]), { lookBack: 0 });
    expect(await source.read(0, 1500)).toEqual(bytes.subarray(0, 1500));
    expect(await source.read(1500, 2000)).toEqual(bytes.subarray(1500, 3500));
    expect(await source.read(250_000, 10)).toEqual(bytes.subarray(250_000, 250_010));
  });

  it('keeps as much as its look-back says', async () => {
    const bytes = counted(50_000);
    const source = streamSource(streamOf(bytes, [777]), { lookBack: 4096 });
    for (let at = 0; at < 50_000; at += 1000) {
      await source.read(at, 1000);
      const back = Math.max(0, at + 1000 - 4096);
      expect(await source.read(back, 96)).toEqual(bytes.subarray(back, back + 96));
    }
  });

  it('reads a long stream of single bytes in one piece', async () => {
    const bytes = counted(30_000);
    const source = streamSource(streamOf(bytes, [1]));
    expect(await source.read(0, 30_000)).toEqual(bytes);
  });

  it('does not change what it gave out when more arrives', async () => {
    const source = streamSource(streamOf(counted(1000), [10]));
    const first = await source.read(0, 15);
    const copy = first.slice();
    await source.read(15, 900);
    expect(first).toEqual(copy);
  });

  it('is not moved on by a read past the end of a slice', async () => {
    const source = streamSource(streamOf(counted(5000), [10]), { lookBack: 0 });
    expect(await source.slice(0, 20).read(4000, 5)).toHaveLength(0);
    expect(await source.read(0, 4)).toEqual(counted(4));
  });

  it('stops at once when aborted, and never takes the cut for the end', async () => {
    const stalled = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(counted(10)),
    });
    const source = streamSource(stalled);
    const abort = new AbortController();
    const waiting = source.read(0, 20, { signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await expect(source.read(0, 20)).rejects.toThrow('enough');
    expect(source.size).toBeUndefined();
  });

  it('refuses to read for a signal that was aborted before', async () => {
    const source = streamSource(streamOf(counted(10)));
    await expect(source.read(0, 5, { signal: AbortSignal.abort(new Error('no')) })).rejects.toThrow('no');
    expect(await source.read(0, 5)).toEqual(counted(5));
  });

  it('passes on the failure of the stream', async () => {
    const broken = new ReadableStream<Uint8Array>({ pull: () => Promise.reject(new Error('line is down')) });
    await expect(streamSource(broken).read(0, 1)).rejects.toThrow('line is down');
  });

  it('says so when it is closed, or gives no bytes', async () => {
    const source = streamSource(streamOf(counted(10)));
    await source.close?.();
    await expect(source.read(0, 1)).rejects.toBeInstanceOf(SealwrightError);
    const text = new ReadableStream({ start: (controller) => controller.enqueue('text') });
    await expect(streamSource(text).read(0, 1)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('a slice of a source that reads into buffers', () => {
  it('never writes past its own end', async () => {
    const bytes = counted(100);
    const source: ByteSource = {
      ...memorySource(bytes),
      readInto: (offset, target) => {
        const part = bytes.subarray(offset, offset + target.length);
        target.set(part);
        return part.length;
      },
      slice: () => source,
    };
    const { sliceSource } = await import('./slice-source.ts');
    const window = sliceSource(source, 10, 20);
    const target = new Uint8Array(50);
    expect(await window.readInto?.(15, target)).toBe(5);
    expect(target.subarray(0, 6)).toEqual(Uint8Array.of(...bytes.subarray(25, 30), 0));
  });
});
