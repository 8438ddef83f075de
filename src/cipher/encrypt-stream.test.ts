import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, memorySource } from '../bytes/index.ts';
import {
  type CipherStreamOptions,
  cipherMode,
  cipherModeNames,
  decryptedSource,
  decryptStream,
  encryptStream,
  nobleBackend,
  nodeBackend,
  webcryptoBackend,
} from './index.ts';

const key = Uint8Array.from({ length: 32 }, (_, i) => i * 5 + 1);
const salt = Uint8Array.from({ length: 32 }, (_, i) => 255 - i);
const fixed = { randomBytes: () => salt.slice() };
function bytesOf(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 31 + (i >> 8)) & 0xff;
  return bytes;
}

async function run(
  transform: TransformStream<Uint8Array, Uint8Array>,
  input: Uint8Array,
  cut: (position: number) => number,
): Promise<Uint8Array> {
  let position = 0;
  const source = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (position >= input.length) return controller.close();
      const length = cut(position);
      controller.enqueue(input.slice(position, position + length));
      position += length;
    },
  });
  const parts: Uint8Array[] = [];
  for await (const part of source.pipeThrough(transform)) parts.push(part);
  return concatBytes(parts);
}

async function whole(name: string, input: Uint8Array): Promise<Uint8Array> {
  const mode = cipherMode(name);
  const encryptor = await mode.encryptor(key, fixed);
  const output = new Uint8Array(mode.encryptedLength(input.length));
  output.set(encryptor.preamble);
  await encryptor.encrypt(input, 0, true, output.subarray(encryptor.preamble.length));
  return output;
}

const aligned = (name: string, length: number) =>
  cipherMode(name).alignment === 16 ? length - (length % 16) : length;

describe.each([nodeBackend, webcryptoBackend, nobleBackend])('cipher streams on $name', (backend) => {
  const options = (more: CipherStreamOptions = {}) => ({ backend, ...fixed, ...more });

  it.each(cipherModeNames)('give the bytes of one call in %s, in odd chunks both ways', async (name) => {
    const mode = cipherMode(name);
    for (const length of [0, 16, 4095, 4096, 8192, 65_536, 65_537, 140_001]) {
      const plaintext = bytesOf(aligned(name, length));
      const expected = await whole(name, plaintext);
      for (const windowLength of [1, 131_072]) {
        const cut = (position: number) => 1 + ((position * 7919) % 9973);
        const content = await run(encryptStream(mode, key, options({ windowLength })), plaintext, cut);
        expect(content.length).toBe(expected.length);
        expect(Buffer.compare(content, expected)).toBe(0);
        const opened = await run(decryptStream(mode, key, options({ windowLength })), content, cut);
        expect(Buffer.compare(opened, plaintext)).toBe(0);
      }
    }
  });

  it.each(cipherModeNames)('take %s byte by byte', async (name) => {
    const mode = cipherMode(name);
    for (const length of [0, 1, 16, 1040]) {
      const plaintext = bytesOf(aligned(name, length));
      const content = await run(encryptStream(mode, key, options({ windowLength: 512 })), plaintext, () => 1);
      expect(content).toEqual(await whole(name, plaintext));
      expect(await run(decryptStream(mode, key, options({ windowLength: 512 })), content, () => 1)).toEqual(
        plaintext,
      );
    }
  });
});

describe('cipher streams', () => {
  it('give the same content for any chunking', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...cipherModeNames),
        fc.integer({ min: 0, max: 300_000 }),
        fc.array(fc.integer({ min: 1, max: 150_000 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 200_000 }),
        async (name, length, cuts, windowLength) => {
          const mode = cipherMode(name);
          const plaintext = bytesOf(aligned(name, length));
          let turn = 0;
          const cut = () => cuts[turn++ % cuts.length] as number;
          const content = await run(encryptStream(mode, key, { ...fixed, windowLength }), plaintext, cut);
          expect(Buffer.compare(content, await whole(name, plaintext))).toBe(0);
          const opened = await run(decryptStream(mode, key, { windowLength }), content, cut);
          expect(Buffer.compare(opened, plaintext)).toBe(0);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('refuse an unaligned plaintext where the mode adds no padding', async () => {
    for (const name of ['MICROSOFT.CBC4K.NOPADDING', 'MICROSOFT.CBC512.NOPADDING', 'MICROSOFT.ECB'])
      await expect(run(encryptStream(cipherMode(name), key), bytesOf(17), () => 5)).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
      });
  });

  it('refuse chunks that are not bytes', async () => {
    const text = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue('text' as unknown as Uint8Array),
    });
    const readable = text.pipeThrough(encryptStream(cipherMode('MICROSOFT.CBC4K'), key));
    await expect(readable.getReader().read()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('tell a wrong key length at once', () => {
    const short = new Uint8Array(15);
    for (const name of ['MICROSOFT.CBC4K', 'SEALWRIGHT.GCM64K'])
      expect(() => encryptStream(cipherMode(name), short)).toThrow(/bytes/);
    expect(() => decryptStream(cipherMode('MICROSOFT.CBC4K'), short)).toThrow(/15/);
    expect(() => decryptStream(cipherMode('SEALWRIGHT.GCM64K'), new Uint8Array(16))).toThrow(/16/);
  });

  it('do not need the key after they were made', async () => {
    for (const name of cipherModeNames) {
      const mode = cipherMode(name);
      const plaintext = bytesOf(4096);
      const forEncrypting = key.slice();
      const encrypting = encryptStream(mode, forEncrypting, fixed);
      forEncrypting.fill(0);
      const forDecrypting = key.slice();
      const decrypting = decryptStream(mode, forDecrypting);
      forDecrypting.fill(0);
      const content = await run(encrypting, plaintext, () => 4096);
      expect(content).toEqual(await whole(name, plaintext));
      expect(await run(decrypting, content, () => 4096)).toEqual(plaintext);
    }
  });

  it('leave a key that is a Buffer alone', async () => {
    for (const name of cipherModeNames) {
      const mode = cipherMode(name);
      const given = Buffer.from(key);
      const content = await run(encryptStream(mode, given), bytesOf(4096), () => 4096);
      await run(decryptStream(mode, given), content, () => 4096);
      const source = await decryptedSource(memorySource(content), mode, given);
      await source.close?.();
      expect(Buffer.compare(given, key)).toBe(0);
    }
  });

  it('take a chunk many windows long', async () => {
    const mode = cipherMode('MICROSOFT.CBC4K');
    const plaintext = bytesOf(3_000_001);
    const content = await run(encryptStream(mode, key), plaintext, () => plaintext.length);
    expect(Buffer.compare(content, await whole(mode.name, plaintext))).toBe(0);
    const opened = await run(decryptStream(mode, key), content, () => content.length);
    expect(Buffer.compare(opened, plaintext)).toBe(0);
  });

  it('take no more input than the reader asks for', async () => {
    let pulled = 0;
    const source = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          pulled++;
          controller.enqueue(new Uint8Array(65_536));
        },
      },
      { highWaterMark: 0 },
    );
    const reader = source
      .pipeThrough(encryptStream(cipherMode('MICROSOFT.CBC4K'), key, { windowLength: 65_536 }))
      .getReader();
    await reader.read();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(pulled).toBeLessThan(6);
    await reader.cancel();
  });
});
