import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ByteSource, memorySource, sliceSource, streamSource } from '../bytes/index.ts';
import {
  cipherMode,
  cipherModeNames,
  decryptedSource,
  nobleBackend,
  nodeBackend,
  webcryptoBackend,
} from './index.ts';

const key = Uint8Array.from({ length: 32 }, (_, i) => i * 3 + 2);
function bytesOf(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 131 + (i >> 7)) & 0xff;
  return bytes;
}

async function encrypted(name: string, plaintext: Uint8Array): Promise<Uint8Array> {
  const mode = cipherMode(name);
  const encryptor = await mode.encryptor(key);
  const output = new Uint8Array(mode.encryptedLength(plaintext.length));
  output.set(encryptor.preamble);
  await encryptor.encrypt(plaintext, 0, true, output.subarray(mode.preambleLength));
  return output;
}

/** A memory source that notes which ranges were read. */
function observed(bytes: Uint8Array): { source: ByteSource; reads: [number, number][] } {
  const reads: [number, number][] = [];
  const memory = memorySource(bytes);
  const source: ByteSource = {
    ...memory,
    read: (offset, length) => {
      reads.push([offset, length]);
      return memory.read(offset, length);
    },
  };
  return { source, reads };
}

describe.each([nodeBackend, webcryptoBackend, nobleBackend])('decryptedSource on $name', (backend) => {
  it.each(cipherModeNames)('reads any range of %s as the slice of the plaintext', async (name) => {
    const lengths = [0, 16, 4096, 4112, 65_536, 65_552, 131_072, 150_000].map((n) => n - (n % 16));
    if (cipherMode(name).alignment === 1) lengths.push(1, 4095, 65_535, 65_537, 99_999);
    for (const length of lengths) {
      const plaintext = bytesOf(length);
      const content = await encrypted(name, plaintext);
      const source = await decryptedSource(memorySource(content), cipherMode(name), key, { backend });
      expect(source.size).toBe(length);
      for (const offset of [0, 1, 511, 4090, 4096, 65_530, 65_536, length - 1, length, length + 5])
        for (const wanted of [0, 1, 17, 4096, 8192, 70_000])
          if (offset >= 0)
            expect(
              Buffer.compare(await source.read(offset, wanted), plaintext.subarray(offset, offset + wanted)),
            ).toBe(0);
    }
  });
});

describe('decryptedSource', () => {
  it('agrees with slices for random reads in random order, into fresh and given memory', async () => {
    for (const name of cipherModeNames) {
      const plaintext = bytesOf(1_200_000);
      const source = await decryptedSource(
        memorySource(await encrypted(name, plaintext)),
        cipherMode(name),
        key,
      );
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 0, max: plaintext.length + 10 }),
          fc.oneof(fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 0, max: 1_300_000 })),
          async (offset, length) => {
            const expected = plaintext.subarray(offset, offset + length);
            expect(Buffer.compare(await source.read(offset, length), expected)).toBe(0);
            const target = new Uint8Array(length);
            const read = await source.readInto?.(offset, target);
            expect(read).toBe(expected.length);
            expect(Buffer.compare(target.subarray(0, read), expected)).toBe(0);
          },
        ),
        { numRuns: 15 },
      );
    }
  });

  it('answers at once where source and back-end do', () => {
    const opened = decryptedSource(memorySource(new Uint8Array(32)), cipherMode('MICROSOFT.ECB'), key);
    expect(opened).not.toBeInstanceOf(Promise);
    expect((opened as ByteSource).read(0, 4)).toBeInstanceOf(Uint8Array);
  });

  it('touches only the segments it needs', async () => {
    const { source, reads } = observed(await encrypted('MICROSOFT.CBC4K', bytesOf(1_000_000)));
    const plaintext = await decryptedSource(source, cipherMode('MICROSOFT.CBC4K'), key);
    expect(reads.filter(([, length]) => length > 0)).toEqual([[999_424, 592]]);
    reads.length = 0;
    await plaintext.read(500_000, 10);
    expect(reads).toEqual([[499_712, 4096]]);
    await plaintext.read(500_010, 10);
    expect(reads.length).toBe(1);
  });

  it('does not look at the end of CBC4K content whose size is stated', async () => {
    const { source, reads } = observed(await encrypted('MICROSOFT.CBC4K', bytesOf(100_000)));
    const plaintext = await decryptedSource(source, cipherMode('MICROSOFT.CBC4K'), key, {
      plaintextLength: 100_000,
    });
    expect(plaintext.size).toBe(100_000);
    expect(reads.filter(([, length]) => length > 0)).toEqual([]);
  });

  it('cuts off what the writer padded where the stated size says so', async () => {
    const content = await encrypted('MICROSOFT.CBC512.NOPADDING', bytesOf(1024));
    const plaintext = await decryptedSource(
      memorySource(content),
      cipherMode('MICROSOFT.CBC512.NOPADDING'),
      key,
      {
        plaintextLength: 1020,
      },
    );
    expect(await plaintext.read(0, 5000)).toEqual(bytesOf(1024).subarray(0, 1020));
  });

  it('refuses a stated size that the content cannot hold', async () => {
    for (const [name, plaintextLength] of [
      ['MICROSOFT.CBC4K', 95],
      ['MICROSOFT.CBC4K', 112],
      ['MICROSOFT.ECB', 97],
      ['SEALWRIGHT.GCM64K', 97],
    ] as const) {
      const content = await encrypted(name, bytesOf(96));
      expect(() =>
        decryptedSource(memorySource(content), cipherMode(name), key, { plaintextLength }),
      ).toThrow(expect.objectContaining({ code: 'MALFORMED_CONTAINER' }));
    }
  });

  it('refuses a stream', () => {
    const stream = streamSource(new Blob([]).stream());
    expect(() => decryptedSource(stream, cipherMode('MICROSOFT.ECB'), key)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });

  it('reads just below and above 4 GiB and 2^32 segments of sparse content', async () => {
    const mode = cipherMode('MICROSOFT.CBC4K');
    for (const segment of [2 ** 20 - 1, 2 ** 20, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1]) {
      const plaintext = bytesOf(4096);
      const encryptor = await mode.encryptor(key);
      const ciphertext = new Uint8Array(4096);
      await encryptor.encrypt(plaintext, segment, false, ciphertext);
      const at = segment * 4096;
      const sparse: ByteSource = {
        size: at + 8192,
        seekable: true,
        read: (offset, length) => {
          expect(offset).toBe(at);
          return ciphertext.subarray(0, length);
        },
        slice: (offset, length) => sliceSource(sparse, offset, length),
      };
      const source = await decryptedSource(sparse, mode, key, { plaintextLength: at + 8190 });
      expect(await source.read(at, 4096)).toEqual(plaintext);
    }
  });

  it('is of no use after close', async () => {
    const content = await encrypted('MICROSOFT.CBC4K', bytesOf(10_000));
    const source = await decryptedSource(memorySource(content), cipherMode('MICROSOFT.CBC4K'), key);
    await source.close?.();
    expect(() => source.read(0, 10)).toThrow(/wiped/);
  });
});
