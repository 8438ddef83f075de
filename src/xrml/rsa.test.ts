import { constants, generateKeyPairSync, publicDecrypt, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64, sha256 } from '../bytes/index.ts';
import { nativePublicOperation } from './native-rsa.ts';
import type { XrmlPublicKey } from './public-key.ts';
import { openSignature, publicOperation } from './rsa.ts';

const keyOf = (modulusLength: number) => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength });
  const { n } = publicKey.export({ format: 'jwk' });
  const modulus = decodeBase64(
    n!
      .replaceAll('-', '+')
      .replaceAll('_', '/')
      .padEnd(Math.ceil(n!.length / 4) * 4, '='),
  )!;
  const key: XrmlPublicKey = { modulus: modulus.reverse(), bits: modulusLength };
  return { key, publicKey, privateKey };
};

describe('openSignature', () => {
  const text = Uint8Array.of(1, 2, 3);

  it('opens signatures of keys of sizes that end within a byte or a word', () => {
    for (const bits of [512, 1023, 1024, 1030, 2048]) {
      const { key, privateKey } = keyOf(bits);
      const opened = openSignature(key, sign('sha256', text, privateKey));
      expect(opened?.isOver('SHA256', sha256(text))).toBe(true);
      expect(opened?.isOver('SHA256', sha256(Uint8Array.of(1)))).toBe(false);
      expect(opened?.isOver('SHA1', sha256(text).subarray(0, 20))).toBe(false);
    }
  });

  it('finds every changed byte', () => {
    const { key, privateKey } = keyOf(1024);
    const good = sign('sha256', text, privateKey);
    fc.assert(
      fc.property(fc.nat({ max: good.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bad = new Uint8Array(good);
        bad[at] = bad[at]! ^ change;
        expect(openSignature(key, bad)?.isOver('SHA256', sha256(text)) ?? false).toBe(false);
      }),
    );
  });

  it('gives the same by the code of the runtime as by plain arithmetic', () => {
    const { key, publicKey } = keyOf(1024);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 128, maxLength: 128 }), (value) => {
        const expected = publicOperation(key, value);
        const found = nativePublicOperation(key, value);
        expect(found && new Uint8Array(found)).toEqual(expected);
        if (expected !== undefined)
          expect(expected).toEqual(
            new Uint8Array(publicDecrypt({ key: publicKey, padding: constants.RSA_NO_PADDING }, value)),
          );
      }),
    );
  });

  it('refuses a value that is no less than the modulus, an even modulus and a wrong length', () => {
    const { key } = keyOf(1024);
    const modulus = new Uint8Array(key.modulus).reverse();
    expect(openSignature(key, modulus)).toBeUndefined();
    expect(openSignature(key, new Uint8Array(128).fill(0xff))).toBeUndefined();
    expect(openSignature(key, new Uint8Array(127))).toBeUndefined();
    const even = new Uint8Array(key.modulus);
    even[0] = even[0]! & 0xfe;
    expect(openSignature({ ...key, modulus: even }, new Uint8Array(128))).toBeUndefined();
  });

  it('keeps knowing keys that others pushed out', () => {
    const { key, privateKey } = keyOf(512);
    const signature = sign('sha256', text, privateKey);
    for (let other = 0; other < 100; other++) {
      const modulus = new Uint8Array(key.modulus);
      modulus[1] = other;
      openSignature({ ...key, modulus }, new Uint8Array(64));
    }
    expect(openSignature(key, signature)?.isOver('SHA256', sha256(text))).toBe(true);
  });
});
