import { describe, expect, it } from 'vitest';
import { cipherMode, cipherModeNames, generateContentKey } from './index.ts';

describe('cipherMode', () => {
  it('finds a mode by its name in any case', () => {
    for (const name of cipherModeNames) {
      expect(cipherMode(name).name).toBe(name);
      expect(cipherMode(name.toLowerCase()).name).toBe(name);
    }
  });

  it('refuses any other name', () => {
    for (const name of ['', 'CBC4K', 'MICROSOFT.CBC4K ', 'MICROSOFT.CBC4', '__proto__'])
      expect(() => cipherMode(name)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED_CIPHER_MODE' }));
  });

  it('says which mode notices changes', () => {
    expect(cipherModeNames.filter((name) => cipherMode(name).authenticated)).toEqual(['SEALWRIGHT.GCM64K']);
  });

  it('computes lengths exactly beyond 32 bits', () => {
    const cbc4k = cipherMode('MICROSOFT.CBC4K');
    for (const length of [0, 1, 15, 16, 4095, 4096, 2 ** 31, 2 ** 32 - 1, 2 ** 32 + 5, 2 ** 53 - 33]) {
      const encrypted = cbc4k.encryptedLength(length);
      expect(BigInt(encrypted)).toBe((BigInt(length) / 16n + 1n) * 16n);
      const { minimum, maximum } = cbc4k.plaintextLengthBounds(encrypted);
      expect(maximum - minimum).toBe(15);
      expect(minimum <= length && length <= maximum).toBe(true);
    }
    for (const name of ['MICROSOFT.CBC4K.NOPADDING', 'MICROSOFT.CBC512.NOPADDING', 'MICROSOFT.ECB']) {
      expect(cipherMode(name).encryptedLength(2 ** 40)).toBe(2 ** 40);
      expect(() => cipherMode(name).encryptedLength(17)).toThrow(/multiples of 16/);
      expect(() => cipherMode(name).plaintextLengthBounds(17)).toThrow(
        expect.objectContaining({ code: 'MALFORMED_CONTAINER' }),
      );
    }
    for (const name of cipherModeNames)
      for (const length of [-1, 0.5, Number.NaN, 2 ** 53]) {
        expect(() => cipherMode(name).encryptedLength(length)).toThrow(/whole number/);
        expect(() => cipherMode(name).plaintextLengthBounds(length)).toThrow(/whole number/);
      }
    expect(() => cbc4k.plaintextLengthBounds(0)).toThrow();
  });

  it('refuses outputs without room and windows that end inside a segment', async () => {
    for (const name of cipherModeNames) {
      const mode = cipherMode(name);
      const encryptor = await mode.encryptor(new Uint8Array(32));
      const input = new Uint8Array(mode.segmentLength);
      expect(() => encryptor.encrypt(input, 0, true, new Uint8Array(100))).toThrow(/room/);
      expect(() => encryptor.encrypt(input.subarray(16), 0, false, new Uint8Array(1e5))).toThrow(
        /last window/,
      );
      expect(() => encryptor.encrypt(input, -1, true, new Uint8Array(1e5))).toThrow(/whole number/);
    }
  });
});

describe('generateContentKey', () => {
  it('gives fresh keys of the size asked for', () => {
    for (const bits of [128, 192, 256] as const) expect(generateContentKey(bits).length).toBe(bits / 8);
    expect(generateContentKey()).not.toEqual(generateContentKey());
    expect(() => generateContentKey(100 as 128)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });
});
