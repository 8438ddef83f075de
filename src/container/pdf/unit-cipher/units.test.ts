import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ByteSource, decodeHex, encodeHex, memorySource, sliceSource } from '../../../bytes/index.ts';
import { type CipherModeName, cipherMode, nobleBackend, webcryptoBackend } from '../../../cipher/index.ts';
import type { PartCipher } from '../../document-format.ts';
import type { PdfDictionary } from '../pdf-document.ts';
import { cipherOf, memorySink } from '../protect/protect.test-support.ts';
import { decryptUnits } from './decrypt-units.ts';
import { encryptUnits } from './encrypt-units.ts';
import type { UnitTransform } from './unit-transform.ts';
import { windowLength } from './unit-windows.ts';

const modes = ['MICROSOFT.CBC4K', 'MICROSOFT.CBC512.NOPADDING', 'MICROSOFT.ECB'] as const;
const none: PdfDictionary = { kind: 'dictionary', entries: new Map() };

function bytesOf(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 2654435761) >>> 24;
  return bytes;
}

/** Compares at once what a matcher would compare byte by byte. */
const expectSame = (actual: Uint8Array, expected: Uint8Array): void =>
  expect(Buffer.compare(actual, expected)).toBe(0);

async function through(units: UnitTransform, data: ByteSource): Promise<Uint8Array> {
  const stream = await units.stream(data, none);
  const sink = memorySink();
  await stream.writeTo(sink);
  const bytes = sink.bytes();
  expect(bytes.length).toBe(stream.length);
  return bytes;
}

/** A source that uses one buffer for all it gives, as the contract allows. */
function forgetful(bytes: Uint8Array, readsInto: boolean): ByteSource {
  const buffer = new Uint8Array(bytes.length);
  const source: ByteSource = {
    size: bytes.length,
    seekable: true,
    async read(offset, length) {
      await undefined;
      buffer.fill(0xee);
      const part = bytes.subarray(offset, offset + length);
      buffer.set(part);
      return buffer.subarray(0, part.length);
    },
    ...(readsInto && {
      async readInto(offset: number, target: Uint8Array) {
        await undefined;
        const part = bytes.subarray(offset, offset + target.length);
        target.set(part);
        return part.length;
      },
    }),
    slice: (offset, length) => sliceSource(source, offset, length),
  };
  return source;
}

describe('units', () => {
  it('are a length, the data and padding, encrypted from the first chunk on', async () => {
    const { mode, key } = cipherOf();
    const units = await encryptUnits({ mode, key });
    const unit = await units.string(new TextEncoder().encode('Hello'));
    const plaintext = Uint8Array.of(0, 0, 0, 5, ...new TextEncoder().encode('Hello'));
    const expected = new Uint8Array(16);
    await (await mode.encryptor(key)).encrypt(plaintext, 0, true, expected);
    expect(encodeHex(unit)).toBe(encodeHex(expected));
  });

  it.each([
    ['MICROSOFT.CBC4K', 11, 16],
    ['MICROSOFT.CBC4K', 12, 32],
    ['MICROSOFT.CBC4K', 4092, 4112],
    ['MICROSOFT.CBC512.NOPADDING', 12, 16],
    ['MICROSOFT.CBC512.NOPADDING', 13, 32],
    ['MICROSOFT.ECB', 12, 16],
    ['MICROSOFT.ECB', 1, 16],
  ] as const)('under %s %i bytes take %i', async (name, length, encrypted) => {
    const units = await encryptUnits(cipherOf(name));
    expect((await units.string(bytesOf(length))).length).toBe(encrypted);
    expect((await units.stream(memorySource(bytesOf(length)), none)).length).toBe(encrypted);
  });

  it.each(modes)('that are empty stay empty under %s', async (name) => {
    for (const units of [await encryptUnits(cipherOf(name)), await decryptUnits(cipherOf(name))]) {
      expect(await units.string(new Uint8Array(0))).toHaveLength(0);
      expect(await through(units, memorySource(new Uint8Array(0)))).toHaveLength(0);
    }
  });

  it.each(modes)(
    'of any length come back under %s, and are the same as strings and as streams',
    async (name) => {
      const [encrypt, decrypt] = [await encryptUnits(cipherOf(name)), await decryptUnits(cipherOf(name))];
      await fc.assert(
        fc.asyncProperty(
          fc.oneof(
            fc.uint8Array({ minLength: 1, maxLength: 80 }),
            fc.nat(9000).map((n) => bytesOf(n + 1)),
          ),
          async (bytes) => {
            const unit = await encrypt.string(bytes);
            expectSame(await through(encrypt, memorySource(bytes)), unit);
            expectSame(await decrypt.string(unit), bytes);
            expectSame(await through(decrypt, memorySource(unit)), bytes);
          },
        ),
        { numRuns: 60 },
      );
    },
  );

  it.each([windowLength - 4, windowLength - 3, 3 * windowLength + 100])(
    'of %i bytes pass through windows',
    async (length) => {
      const bytes = bytesOf(length);
      const [encrypt, decrypt] = [await encryptUnits(cipherOf()), await decryptUnits(cipherOf())];
      const unit = await through(encrypt, memorySource(bytes));
      for (const readsInto of [true, false]) {
        expectSame(await through(encrypt, forgetful(bytes, readsInto)), unit);
        expectSame(await through(decrypt, forgetful(unit, readsInto)), bytes);
      }
    },
  );

  it.each([nobleBackend, webcryptoBackend])('are the same whoever computes: $name', async (backend) => {
    const bytes = bytesOf(5000);
    const expected = await (await encryptUnits(cipherOf())).string(bytes);
    const units = await encryptUnits({ ...cipherOf(), backend });
    expect(await units.string(bytes)).toEqual(expected);
    expect(await (await decryptUnits({ ...cipherOf(), backend })).string(expected)).toEqual(bytes);
  });
});

describe('damaged units', () => {
  const failing = async (cipher: PartCipher, unit: Uint8Array): Promise<void> => {
    const units = await decryptUnits(cipher);
    await expect(async () => units.string(unit)).rejects.toMatchObject({ code: 'DECRYPTION_FAILED' });
    await expect(async () => through(units, memorySource(unit))).rejects.toMatchObject({
      code: 'DECRYPTION_FAILED',
    });
  };

  it.each(modes)('under another key are refused (%s)', async (name) => {
    await failing(cipherOf(name, 8), await (await encryptUnits(cipherOf(name))).string(bytesOf(100)));
  });

  it('that were cut inside a block are refused', async () => {
    const unit = await (await encryptUnits(cipherOf())).string(bytesOf(100));
    await failing(cipherOf(), unit.subarray(0, unit.length - 1));
  });

  it('that were cut between blocks are refused', async () => {
    const unit = await (await encryptUnits(cipherOf())).string(bytesOf(100));
    await failing(cipherOf(), unit.subarray(0, unit.length - 16));
  });

  it.each(['ffffffff', '7fffffff', '0000000d'])(
    'that claim %s bytes in one block are refused',
    async (claim) => {
      const { key } = cipherOf();
      const unit = new Uint8Array(16);
      unit.set(decodeHex(claim) as Uint8Array);
      const encryptor = await cipherMode('MICROSOFT.CBC4K.NOPADDING').encryptor(key);
      await encryptor.encrypt(unit, 0, true, unit);
      await failing(cipherOf(), unit);
    },
  );

  it('filled up to a whole chunk are taken, as the length says where the data ends', async () => {
    const { key } = cipherOf();
    const unit = new Uint8Array(4096).fill(0x55);
    unit.set([0, 0, 0, 3, 1, 2, 3]);
    const encryptor = await cipherMode('MICROSOFT.CBC4K.NOPADDING').encryptor(key);
    await encryptor.encrypt(unit, 0, true, unit);
    expect(await (await decryptUnits(cipherOf())).string(unit)).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('whose source ends early are told from wrong keys', async () => {
    const unit = await through(await encryptUnits(cipherOf()), memorySource(bytesOf(9000)));
    const cut: ByteSource = { ...memorySource(unit.subarray(0, 5000)), size: unit.length };
    await expect(through(await decryptUnits(cipherOf()), cut)).rejects.toMatchObject({ code: 'IO_FAILED' });
  });
});

describe('modes without room in a unit', () => {
  const gcm: PartCipher = cipherOf('SEALWRIGHT.GCM64K' satisfies CipherModeName);

  it('are refused when protecting', async () => {
    await expect(encryptUnits(gcm)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('are refused when opening', async () => {
    await expect(decryptUnits(gcm)).rejects.toMatchObject({ code: 'UNSUPPORTED_CIPHER_MODE' });
  });
});
