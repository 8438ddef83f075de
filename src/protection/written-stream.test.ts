import { describe, expect, it } from 'vitest';
import { type ByteSink, writtenBytes } from '../bytes/index.ts';
import { writtenStream } from './written-stream.ts';

/** A document of `count` pieces, its memory used again for each, and a note of how far it got. */
function document(count: number) {
  const seen = { written: 0, failure: undefined as unknown };
  const memory = new Uint8Array(3);
  return {
    seen,
    async write(sink: ByteSink) {
      try {
        for (let i = 0; i < count; i++) {
          memory.fill(i);
          await sink.write(memory);
          seen.written = i + 1;
        }
      } catch (error) {
        seen.failure = error;
        throw error;
      }
    },
  };
}

describe('A document as a stream', () => {
  it('gives every piece in memory of its own, and ends', async () => {
    const stream = writtenStream(document(4).write);
    const bytes = new Uint8Array(
      await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer(),
    );
    expect([...bytes]).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]);
  });

  it('is written no further than it is read', async () => {
    const { seen, write } = document(1000);
    const reader = writtenStream(write).getReader();
    expect(seen.written).toBe(0);
    await reader.read();
    await reader.read();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(seen.written).toBe(2);
  });

  it('stops its writer when the reader gives up', async () => {
    const { seen, write } = document(1000);
    const reader = writtenStream(write).getReader();
    await reader.read();
    await reader.cancel(new Error('enough'));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(seen.failure).toMatchObject({ message: 'enough' });
    expect(seen.written).toBe(1);
  });

  it('says so when nobody ever reads', async () => {
    let unused = false;
    const stream = writtenStream(document(1).write, () => {
      unused = true;
    });
    await stream.cancel();
    expect(unused).toBe(true);
  });

  it('fails with what its writer fails with, after what was written before', async () => {
    const reader = writtenStream(async (sink) => {
      await sink.write(Uint8Array.of(1));
      throw new Error('the disk is gone');
    }).getReader();
    expect((await reader.read()).value).toEqual(Uint8Array.of(1));
    await expect(reader.read()).rejects.toThrow('the disk is gone');
  });

  it('is kept in memory up to a limit only', async () => {
    expect(await writtenBytes(document(3).write, 9)).toHaveLength(9);
    await expect(writtenBytes(document(4).write, 9)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });
});
