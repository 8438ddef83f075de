import { randomFillSync } from 'node:crypto';
import { constants, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, memorySource } from '../../../../bytes/index.ts';
import { blocksOf } from './blocks.test-support.ts';
import { envelopeSink } from './envelope-sink.ts';
import { inflatedEnvelope } from './inflated-envelope.ts';

async function envelopeOf(chunks: readonly Uint8Array[]): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  const sink = envelopeSink({ write: (bytes) => void parts.push(bytes.slice()) });
  for (const chunk of chunks) await sink.write(chunk);
  expect(await sink.end()).toBe(concatBytes(parts).length);
  return Buffer.from(concatBytes(parts));
}

const inflated = (file: Buffer): Buffer =>
  inflateSync(Buffer.concat(blocksOf(file).map(({ packed }) => packed)), {
    finishFlush: constants.Z_SYNC_FLUSH,
  });

const words = Uint8Array.from({ length: 10_000 }, (_, i) => 'a text of words '.charCodeAt(i % 16) + (i % 7));

/** Text, noise and zeros by turns. */
const mixed = (length: number): Uint8Array => {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 10_000) {
    const part = bytes.subarray(at, at + 10_000);
    if ((at / 10_000) % 3 === 0) randomFillSync(part);
    else if ((at / 10_000) % 3 === 1) part.set(words.subarray(0, part.length));
  }
  return bytes;
};

describe('the envelope', () => {
  it('is one zlib stream in blocks of 4096 bytes, which zlib unpacks', async () => {
    const bytes = mixed(200_001);
    const file = await envelopeOf([bytes]);
    expect(file.subarray(0, 24).toString('hex')).toMatch(/^76e80460c411e386a00f000000100000......0078da/);
    expect(blocksOf(file).map(({ plain }) => plain)).toEqual([...Array(48).fill(4096), 200_001 - 48 * 4096]);
    expect(inflated(file).equals(bytes)).toBe(true);
    expect(file.length).toBeLessThan(100_000);
  });

  it('is the same whatever the pieces that it is written in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(fc.nat(9000), fc.integer({ min: 1, max: 256 })).map(([length, kinds]) => {
            const bytes = randomFillSync(new Uint8Array(length));
            return bytes.map((byte) => byte % kinds);
          }),
          { maxLength: 8 },
        ),
        async (chunks) => {
          const file = await envelopeOf(chunks);
          const bytes = concatBytes(chunks);
          expect(inflated(file).equals(bytes)).toBe(true);
          expect((await envelopeOf([bytes])).equals(file)).toBe(true);
          if (bytes.length === 0) return;
          const source = await inflatedEnvelope(memorySource(file));
          expect(Buffer.from(await source.read(0, bytes.length)).equals(bytes)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });
});
