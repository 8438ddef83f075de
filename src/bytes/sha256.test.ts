import { sha256 as portable } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256, sha256Base64, sha256OfUtf16le } from './sha256.ts';
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
