import { describe, expect, it } from 'vitest';
import { collectSource } from './collect-source.ts';
import { copySource } from './copy-source.ts';
import { memorySource } from './memory-source.ts';
import { streamSource } from './stream-source.ts';
import { concatBytes } from './writer.ts';
import { zeroSource } from './zero-source.ts';

const bytes = Uint8Array.from({ length: 3_000_000 }, (_, i) => i % 251);
const stream = (chunk: number): ReadableStream<Uint8Array> => {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      controller.enqueue(bytes.subarray(at, at + chunk));
      at += chunk;
      if (at >= bytes.length) controller.close();
    },
  });
};

describe('collecting a source', () => {
  it('gives a seekable one back as it is', async () => {
    const source = memorySource(bytes);
    expect(await collectSource(source, 1)).toBe(source);
  });

  it.each([999, 65_536, 5_000_000])('keeps a stream in chunks of %i bytes whole', async (chunk) => {
    const source = await collectSource(streamSource(stream(chunk)), bytes.length);
    expect(source.size).toBe(bytes.length);
    expect(Buffer.compare(await source.read(0, bytes.length), bytes)).toBe(0);
  });

  it('refuses a stream of one byte too many, and says what to do', async () => {
    await expect(collectSource(streamSource(stream(65_536)), bytes.length - 1)).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
      message: expect.stringContaining('Pass a file, a Blob or bytes'),
    });
  });
});

describe('copying a source', () => {
  it('writes all of it in windows and gives its size', async () => {
    const written: Uint8Array[] = [];
    const sink = { write: (window: Uint8Array) => void written.push(new Uint8Array(window)) };
    expect(await copySource(memorySource(bytes), sink)).toBe(bytes.length);
    expect(Buffer.compare(concatBytes(written), bytes)).toBe(0);
    expect(await copySource(zeroSource(0), sink)).toBe(0);
  });

  it('says so when the source was cut meanwhile, and gives no short copy for a whole one', async () => {
    const cut = { ...memorySource(bytes.subarray(0, bytes.length - 1)), size: bytes.length };
    await expect(copySource(cut, { write: () => undefined })).rejects.toMatchObject({ code: 'IO_FAILED' });
  });

  it('stops where the signal says', async () => {
    const signal = AbortSignal.abort();
    await expect(copySource(memorySource(bytes), { write: () => undefined }, { signal })).rejects.toThrow();
  });
});
