import { randomFillSync } from 'node:crypto';
import { constants, createDeflate, deflateRawSync, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ByteSource, concatBytes, memorySource } from '../../../../bytes/index.ts';
import { SealwrightError } from '../../../../errors.ts';
import { blocksOf, envelopeOfBlocks } from './blocks.test-support.ts';
import { envelopeSink } from './envelope-sink.ts';
import { inflatedEnvelope } from './inflated-envelope.ts';

const code = (value: string) => expect.objectContaining({ code: value });

/** Text that repeats over long distances, so that blocks refer to those before. */
const content = Uint8Array.from({ length: 300_000 }, (_, i) => (((i * i) >> 7) % 97) + (i % 31));

const pieces = (bytes: Uint8Array, length: number): Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / length) }, (_, i) =>
    bytes.subarray(i * length, (i + 1) * length),
  );

/** As zlib writes it: one stream, a flush behind each block. */
async function zlibEnvelope(bytes: Uint8Array, length = 4096, last = false): Promise<Uint8Array> {
  const deflate = createDeflate({ level: 9 });
  const blocks: { plain: number; packed: Uint8Array }[] = [];
  let waiting: Buffer[] = [];
  deflate.on('data', (chunk: Buffer) => waiting.push(chunk));
  for (const piece of pieces(bytes, length)) {
    await new Promise((resolve) => deflate.write(piece, resolve));
    await new Promise<void>((resolve) => deflate.flush(constants.Z_SYNC_FLUSH, resolve));
    blocks.push({ plain: piece.length, packed: Buffer.concat(waiting) });
    waiting = [];
  }
  if (last) {
    await new Promise<void>((resolve) => deflate.end(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    const end = blocks.at(-1);
    if (end) blocks[blocks.length - 1] = { ...end, packed: Buffer.concat([end.packed, ...waiting]) };
  }
  return envelopeOfBlocks(blocks);
}

async function expectContent(source: ByteSource, expected: Uint8Array): Promise<void> {
  expect(source.size).toBe(expected.length);
  expect(Buffer.compare(await source.read(0, expected.length), expected)).toBe(0);
}

describe('an envelope by another writer', () => {
  it('is read whatever the size of its blocks, with an end or without', async () => {
    for (const [length, last] of [
      [4096, false],
      [4096, true],
      [1000, false],
      [65_536, true],
    ] as const)
      await expectContent(
        await inflatedEnvelope(memorySource(await zlibEnvelope(content, length, last))),
        content,
      );
  });

  it('is read where each block is a zlib stream of its own', async () => {
    for (const level of [0, 1, 9]) {
      const blocks = pieces(content, 4096).map((piece) => ({
        plain: piece.length,
        packed: deflateSync(piece, { level }),
      }));
      await expectContent(await inflatedEnvelope(memorySource(envelopeOfBlocks(blocks))), content);
    }
  });

  it('is read where its blocks were cut anywhere in the stream', async () => {
    const stream = deflateSync(content);
    const segments = pieces(stream, Math.ceil(stream.length / Math.ceil(content.length / 4096)));
    const blocks = pieces(content, 4096).map((piece, index) => ({
      plain: piece.length,
      packed: segments[index] ?? new Uint8Array(0),
    }));
    await expectContent(await inflatedEnvelope(memorySource(envelopeOfBlocks(blocks))), content);
  });

  it('is read with anything appended', async () => {
    const file = await zlibEnvelope(content);
    for (const more of ['\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0', '--boundary--\r\n', 'x'])
      await expectContent(
        await inflatedEnvelope(memorySource(concatBytes([file, Buffer.from(more)]))),
        content,
      );
  });

  it('gives any part of it, in any order, also many parts at once', async () => {
    const noise = randomFillSync(new Uint8Array(3_000_000));
    const texts = concatBytes([content, noise, content]);
    const own: Uint8Array[] = [];
    const sink = envelopeSink({ write: (bytes) => void own.push(bytes.slice()) });
    await sink.write(texts);
    await sink.end();
    for (const file of [await zlibEnvelope(texts), concatBytes(own)]) {
      const source = await inflatedEnvelope(memorySource(file));
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(fc.nat(texts.length), fc.nat(100_000)), { minLength: 1, maxLength: 5 }),
          async (parts) => {
            const read = await Promise.all(parts.map(([offset, length]) => source.read(offset, length)));
            for (const [index, [offset, length]] of parts.entries())
              expect(Buffer.compare(read[index] as Uint8Array, texts.subarray(offset, offset + length))).toBe(
                0,
              );
          },
        ),
        { numRuns: 12 },
      );
    }
  });
});

describe('an envelope that is no good', () => {
  it('is not protected if it does not begin like one', async () => {
    for (const bytes of ['', 'message', 'From: a@b\r\n\r\n'])
      await expect(inflatedEnvelope(memorySource(Buffer.from(bytes)))).rejects.toThrow(code('NOT_PROTECTED'));
  });

  it('is damaged where it was cut within a block, and gives less where it was cut between two', async () => {
    const file = await zlibEnvelope(content.subarray(0, 20_000));
    const ends = new Set<number>();
    let end = 8;
    for (const { packed } of blocksOf(file)) {
      for (let offset = 0; offset < 12; offset++) ends.add(end + offset);
      end += 12 + packed.length;
    }
    for (let length = 8; length < file.length; length += 7) {
      const reading = inflatedEnvelope(memorySource(file.subarray(0, length)));
      if (length < 20 || !ends.has(length))
        await expect(reading).rejects.toThrow(code('MALFORMED_CONTAINER'));
      else expect((await reading).size).toBeLessThan(20_000);
    }
  });

  it('is refused where a block claims what no writer makes', async () => {
    for (const [plain, packed] of [
      [0xffff_ffff, 10],
      [1 << 20, 10],
      [4096, 0x7fff_ffff],
      [0, 9000],
    ] as const) {
      const file = envelopeOfBlocks([{ plain, packed: new Uint8Array(0) }]);
      new DataView(file.buffer).setUint32(16, packed, true);
      await expect(inflatedEnvelope(memorySource(file))).rejects.toThrow(code('LIMIT_EXCEEDED'));
    }
  });

  it('is refused where it claims to unpack to a great many times its size', async () => {
    const zeros = { plain: 128 * 1024, packed: deflateRawSync(new Uint8Array(128 * 1024)) };
    const file = envelopeOfBlocks(Array(100).fill(zeros));
    await expect(inflatedEnvelope(memorySource(file))).rejects.toThrow(code('LIMIT_EXCEEDED'));
  });

  it('is damaged where a block holds more or less than it claims', async () => {
    const file = await zlibEnvelope(content.subarray(0, 20_000));
    for (const change of [-1, 1, 100]) {
      const blocks = blocksOf(file).map((block, i) =>
        i === 2 ? { ...block, plain: block.plain + change } : block,
      );
      const changed = blocks.map((block, i) =>
        i === 4 ? { ...block, plain: block.plain + 2 - change } : block,
      );
      const source = await inflatedEnvelope(memorySource(envelopeOfBlocks(changed)));
      await expect((async () => source.read(0, 20_000))()).rejects.toThrow(code('MALFORMED_CONTAINER'));
    }
  });

  it('is damaged, or gives bytes, whatever is changed in it, and no read fails otherwise', async () => {
    const file = await zlibEnvelope(content.subarray(0, 50_000));
    await fc.assert(
      fc.asyncProperty(fc.nat(file.length - 1), fc.nat(255), async (at, value) => {
        const changed = file.slice();
        changed[at] = value;
        try {
          const source = await inflatedEnvelope(memorySource(changed));
          const bytes = await source.read(0, source.size ?? 0);
          expect(bytes.length).toBe(source.size);
        } catch (error) {
          if (!(error instanceof SealwrightError)) throw error;
          expect(['MALFORMED_CONTAINER', 'LIMIT_EXCEEDED', 'NOT_PROTECTED']).toContain(error.code);
        }
      }),
      { numRuns: 80 },
    );
  });
});
