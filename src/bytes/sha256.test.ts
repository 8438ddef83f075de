import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 as portable } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hkdfSha256, sha256, sha256Base64, sha256OfUtf16le } from './sha256.ts';
import { encodeBase64, encodeHex, encodeUtf8, encodeUtf16le } from './text.ts';

describe('SHA-256', () => {
  it('of "abc" is the digest of FIPS 180-4', () => {
    expect(encodeHex(sha256(new TextEncoder().encode('abc')))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('is the same from the runtime and from portable code, in every form', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(sha256(bytes)).toEqual(portable(bytes));
        expect(sha256Base64(bytes)).toBe(encodeBase64(portable(bytes)));
      }),
    );
  });

  it('in base64 is that of the UTF-8 bytes of a text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(sha256Base64(text)).toBe(sha256Base64(encodeUtf8(text)));
      }),
    );
  });

  it('of text takes lone surrogates as they are', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff })), (units) => {
        const text = String.fromCharCode(...units);
        expect(sha256OfUtf16le(text)).toEqual(portable(encodeUtf16le(text)));
      }),
    );
  });
});

describe('HKDF with SHA-256', () => {
  it('is the same from the runtime and from portable code', () => {
    const bytes = fc.uint8Array({ maxLength: 100 });
    fc.assert(
      fc.property(bytes, bytes, bytes, (key, salt, info) => {
        expect(hkdfSha256(key, salt, info)).toEqual(hkdf(portable, key, salt, info, 32));
      }),
    );
  });

  it('gives the key of RFC 5869, test case 1', () => {
    const info = Uint8Array.from({ length: 10 }, (_, i) => 0xf0 + i);
    const salt = Uint8Array.from({ length: 13 }, (_, i) => i);
    expect(encodeHex(hkdfSha256(new Uint8Array(22).fill(0x0b), salt, info))).toBe(
      '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf',
    );
  });
});
