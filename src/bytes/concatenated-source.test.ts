import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ByteSource } from './byte-source.ts';
import { concatenatedSource } from './concatenated-source.ts';
import { memorySource } from './memory-source.ts';
import { streamSource } from './stream-source.ts';
import { concatBytes } from './writer.ts';
import { zeroSource } from './zero-source.ts';

const asynchronous = (bytes: Uint8Array): ByteSource => ({
  ...memorySource(bytes),
  read: async (offset, length) => bytes.subarray(offset, offset + length),
});

describe('a source made of several', () => {
  const parts = fc.array(
    fc.tuple(fc.uint8Array({ maxLength: 9 }), fc.constantFrom('bytes', 'source', 'waiting', 'zeros')),
    { maxLength: 6 },
  );

  it('reads like its parts one after the other, at any offset and by any way', async () => {
    await fc.assert(
      fc.asyncProperty(parts, fc.nat(60), fc.nat(60), fc.nat(20), async (chosen, offset, length, from) => {
        const whole = concatBytes(
          chosen.map(([bytes, kind]) => (kind === 'zeros' ? new Uint8Array(bytes.length) : bytes)),
        );
        const source = concatenatedSource(
          chosen.map(([bytes, kind]) => {
            if (kind === 'zeros') return zeroSource(bytes.length);
            if (kind === 'source') return memorySource(bytes);
            return kind === 'waiting' ? asynchronous(bytes) : bytes;
          }),
        );
        expect(source.size).toBe(whole.length);
        const expected = whole.subarray(offset, offset + length);
        expect(new Uint8Array(await source.read(offset, length))).toEqual(expected);
        const target = new Uint8Array(length);
        const count = (await source.readInto?.(offset, target)) ?? 0;
        expect(target.subarray(0, count)).toEqual(expected);
        const slice = source.slice(from, 7);
        expect(new Uint8Array(await slice.read(0, 60))).toEqual(whole.subarray(from, from + 7));
      }),
    );
  });

  it('refuses a part whose size nobody knows', () => {
    const stream = streamSource(new Response('x').body as ReadableStream<Uint8Array>);
    expect(() => concatenatedSource([stream])).toThrow(TypeError);
  });
});
