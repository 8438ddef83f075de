import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cipherMode,
  cipherModeNames,
  defaultBackend,
  nobleBackend,
  nodeBackend,
  webcryptoBackend,
} from '../index.ts';
import { backendFor, bySize } from './select.ts';

const keyOf = (length: number) => Uint8Array.from({ length }, (_, i) => i * 11 + 4);
function bytesOf(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 73 + (i >> 10)) & 0xff;
  return bytes;
}

function counters(count: number, first = 0): Uint8Array {
  const blocks = new Uint8Array(count * 16);
  const view = new DataView(blocks.buffer);
  for (let i = 0; i < count; i++) view.setUint32(i * 16, first + i, true);
  return blocks;
}

describe('the back-ends', () => {
  it.each([16, 24, 32])('agree in every operation with keys of %i bytes', async (keyLength) => {
    const node = nodeBackend.importKey(keyOf(keyLength));
    const noble = nobleBackend.importKey(keyOf(keyLength));
    const web = await webcryptoBackend.importKey(keyOf(keyLength));
    const sized = bySize(noble, web);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 700 }),
        fc.constantFrom(16, 48, 512, 4096),
        fc.constantFrom('ecbEncrypt', 'ecbDecrypt', 'cbcEncrypt', 'cbcDecrypt'),
        fc.integer({ min: 0, max: 7 }),
        async (blocks, segmentLength, operation, shift) => {
          // Views that start anywhere in their memory.
          const input = new Uint8Array(blocks * 16 + shift).subarray(shift);
          input.set(bytesOf(blocks * 16));
          const counted = counters(Math.ceil(input.length / segmentLength));
          const results = [];
          for (const key of [node, noble, web, sized]) {
            const output = new Uint8Array(input.length + shift).subarray(shift);
            await key[operation](input, output, segmentLength, counted);
            const inPlace = input.slice();
            await key[operation](inPlace, inPlace, segmentLength, counted);
            expect(Buffer.compare(inPlace, output)).toBe(0);
            results.push(output);
          }
          for (const result of results) expect(Buffer.compare(result, results[0] as Uint8Array)).toBe(0);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('agree in GCM, with short and empty last segments', async () => {
    const keys = [
      nodeBackend.importKey(keyOf(32)),
      nobleBackend.importKey(keyOf(32)),
      await webcryptoBackend.importKey(keyOf(32)),
    ];
    for (const length of [0, 1, 100, 1000, 1024, 2500]) {
      const count = Math.max(1, Math.ceil(length / 1000));
      const nonces = bytesOf(count * 12);
      const sealed: Uint8Array[] = [];
      for (const key of keys) {
        const output = new Uint8Array(length + count * 16);
        await key.gcmEncrypt(bytesOf(length), output, 1000, nonces);
        const opened = new Uint8Array(length);
        await key.gcmDecrypt(output, opened, 1000, nonces);
        expect(opened).toEqual(bytesOf(length));
        sealed.push(output);
      }
      expect(sealed[1]).toEqual(sealed[0]);
      expect(sealed[2]).toEqual(sealed[0]);
    }
  });

  it.each([1, 63, 64, 65, 95, 96, 97, 127, 128, 129, 1023, 1024, 1025])(
    'give segments encrypted %i at a time the bytes of one at a time, in place or not',
    (segments) => {
      for (const [keyLength, segmentLength, rest] of [
        [32, 512, 0],
        [16, 4096, 4080],
      ] as const) {
        const input = bytesOf(segments * segmentLength + rest);
        const counted = counters(segments + 1, 7);
        const together = nodeBackend.importKey(keyOf(keyLength));
        const output = new Uint8Array(input.length);
        together.cbcEncrypt(input, output, segmentLength, counted);
        // Sliding by one byte exercises memory that is not aligned to words.
        const inPlace = new Uint8Array(input.length + 1).subarray(1);
        inPlace.set(input);
        together.cbcEncrypt(inPlace, inPlace, segmentLength, counted);
        expect(Buffer.compare(inPlace, output)).toBe(0);

        const single = nodeBackend.importKey(keyOf(keyLength));
        const expected = new Uint8Array(input.length);
        for (let at = 0, n = 0; at < input.length; at += segmentLength, n++)
          single.cbcEncrypt(
            input.subarray(at, at + segmentLength),
            expected.subarray(at),
            segmentLength,
            counted.subarray(n * 16, n * 16 + 16),
          );
        expect(Buffer.compare(output, expected)).toBe(0);
        single.cbcDecrypt(output, output, segmentLength, counted);
        expect(Buffer.compare(output, input)).toBe(0);
      }
    },
  );

  it('match noble on lanes', () => {
    const input = bytesOf(130 * 512 + 32);
    const counted = counters(131);
    const outputs = [nodeBackend, nobleBackend].map((backend) => {
      const output = new Uint8Array(input.length);
      backend.importKey(keyOf(32)).cbcEncrypt(input, output, 512, counted);
      return output;
    });
    expect(outputs[0]).toEqual(outputs[1]);
  });

  it('do nothing for nothing', async () => {
    for (const backend of [nodeBackend, nobleBackend, webcryptoBackend]) {
      const key = await backend.importKey(keyOf(32));
      const empty = new Uint8Array(0);
      await key.ecbEncrypt(empty, empty);
      await key.ecbDecrypt(empty, empty);
      await key.cbcEncrypt(empty, empty, 4096, empty);
      await key.cbcDecrypt(empty, empty, 4096, empty);
    }
  });

  it('never make a promise where they are synchronous', () => {
    for (const backend of [nodeBackend, nobleBackend])
      for (const name of cipherModeNames) {
        const encryptor = cipherMode(name).encryptor(keyOf(32), { backend });
        if (encryptor instanceof Promise) throw new Error('a promise');
        expect(encryptor.encrypt(bytesOf(65_536), 0, true, new Uint8Array(70_000))).toBeTypeOf('number');
      }
  });

  it('refuse keys that AES does not have', async () => {
    for (const backend of [nodeBackend, nobleBackend, webcryptoBackend])
      for (const length of [0, 15, 17, 33]) {
        expect(backend.supports(length)).toBe(false);
        await expect(async () => backend.importKey(new Uint8Array(length))).rejects.toMatchObject({
          code: 'INVALID_ARGUMENT',
        });
      }
  });

  it('are of no use after they were wiped, and hold no copy of the key', async () => {
    for (const backend of [nodeBackend, nobleBackend, webcryptoBackend]) {
      const key = await backend.importKey(keyOf(32));
      const block = new Uint8Array(16);
      const sealed = new Uint8Array(32);
      await key.cbcEncrypt(block, block, 4096, new Uint8Array(16));
      key.wipe();
      key.wipe();
      await expect(async () => key.ecbEncrypt(block, block)).rejects.toThrow(/wiped/);
      await expect(async () => key.cbcDecrypt(block, block, 4096, new Uint8Array(16))).rejects.toThrow(
        /wiped/,
      );
      await expect(async () => key.gcmEncrypt(block, sealed, 4096, new Uint8Array(12))).rejects.toThrow(
        /wiped/,
      );
    }
  });

  it('leave the key they were given alone, and do not need it afterwards', async () => {
    // A Buffer's slice is a view: a key copied that way would be wiped for the caller as well.
    const givens = [nodeBackend, nobleBackend, webcryptoBackend].flatMap((backend) => [
      { backend, given: keyOf(32) },
      { backend, given: Buffer.from(keyOf(32)) },
    ]);
    for (const { backend, given } of givens) {
      const key = await backend.importKey(given);
      (await backend.importKey(given)).wipe();
      expect(Buffer.compare(given, keyOf(32))).toBe(0);
      given.fill(0);
      const output = new Uint8Array(16);
      await key.ecbEncrypt(new Uint8Array(16), output);
      const expected = new Uint8Array(16);
      nobleBackend.importKey(keyOf(32)).ecbEncrypt(new Uint8Array(16), expected);
      expect(output).toEqual(expected);
      key.wipe();
    }
  });
});

describe('the choice of a back-end', () => {
  it('is node:crypto under Node', () => {
    expect(defaultBackend().name).toBe('node');
  });

  it('falls to WebCrypto without node:crypto, and to noble for what WebCrypto lacks', async () => {
    const { process } = globalThis;
    Object.defineProperty(globalThis, 'process', { value: undefined, configurable: true, writable: true });
    try {
      expect(nodeBackend.supports(32)).toBe(false);
      const backend = defaultBackend();
      expect(backend.name).toBe('webcrypto');
      const key = await backend.importKey(keyOf(32));
      // Small windows do not wait.
      expect(
        key.cbcEncrypt(new Uint8Array(16), new Uint8Array(16), 4096, new Uint8Array(16)),
      ).toBeUndefined();
      const large = new Uint8Array(4096);
      expect(key.cbcEncrypt(large, large, 4096, new Uint8Array(16))).toBeInstanceOf(Promise);
      const { crypto } = globalThis;
      Object.defineProperty(globalThis, 'crypto', { value: undefined, configurable: true, writable: true });
      try {
        expect(defaultBackend().name).toBe('noble');
      } finally {
        Object.defineProperty(globalThis, 'crypto', { value: crypto, configurable: true, writable: true });
      }
    } finally {
      Object.defineProperty(globalThis, 'process', { value: process, configurable: true, writable: true });
    }
  });

  it('is not replaced when the caller made it', () => {
    expect(backendFor(32, nobleBackend)).toBe(nobleBackend);
    expect(() => backendFor(24, { ...webcryptoBackend, supports: () => false })).toThrow(/24 bytes/);
  });
});
