import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeBase64,
  decodeHex,
  decodeUtf8,
  decodeUtf16le,
  encodeBase64,
  encodeHex,
  encodeUtf8,
  encodeUtf16le,
} from './text.ts';
import { equalBytes, wipe } from './wipe.ts';

const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.startsWith('\ufeff'));

describe('text and bytes', () => {
  it('come back from every encoding as they went in', () => {
    fc.assert(
      fc.property(text, fc.uint8Array(), (value, bytes) => {
        expect(decodeUtf8(encodeUtf8(value))).toBe(value);
        expect(decodeUtf16le(encodeUtf16le(value))).toBe(value);
        expect(decodeHex(encodeHex(bytes))).toEqual(bytes);
        expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
      }),
    );
  });

  it('begin anew after bytes that are no text', () => {
    expect(() => decodeUtf8(Uint8Array.of(0x61, 0xe2, 0x82))).toThrow(TypeError);
    expect(decodeUtf8(Uint8Array.of(0xac, 0x61).subarray(1))).toBe('a');
    expect(decodeUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x62))).toBe('b');
    expect(() => decodeUtf16le(Uint8Array.of(0x61, 0x00, 0x3d, 0xd8))).toThrow(TypeError);
    expect(() => decodeUtf16le(Uint8Array.of(0x00, 0xdc))).toThrow(TypeError);
    expect(() => decodeUtf16le(Uint8Array.of(0x61))).toThrow(TypeError);
    expect(decodeUtf16le(Uint8Array.of(0xff, 0xfe, 0x62, 0x00))).toBe('b');
    expect(decodeUtf16le(Uint8Array.of(0xff, 0xfe, 0x62, 0x00))).toBe('b');
  });

  it('match what the platform makes of them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
        expect(encodeHex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
      }),
    );
    const large = new Uint8Array(100_000).fill(0xa5);
    expect(encodeBase64(large)).toBe(Buffer.from(large).toString('base64'));
  });

  it('are refused where the bytes are no text of that encoding', () => {
    expect(() => decodeUtf8(Uint8Array.of(0xc3))).toThrow(TypeError);
    expect(() => decodeUtf16le(Uint8Array.of(0x00, 0xd8))).toThrow(TypeError);
    expect(() => decodeHex('abc')).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    expect(() => decodeHex('zz')).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    expect(decodeBase64('*')).toBeUndefined();
    expect(decodeBase64(' aGk=\n')).toEqual(encodeUtf8('hi'));
  });
});

describe('key material', () => {
  it('is zeros after wiping', () => {
    const key = Uint8Array.of(1, 2, 3);
    wipe(key, undefined);
    expect(key).toEqual(new Uint8Array(3));
  });

  it('is equal only if every byte is', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (bytes, at, flip) => {
          const other = bytes.slice();
          expect(equalBytes(bytes, other)).toBe(true);
          other[at % other.length] = (other[at % other.length] as number) ^ flip;
          expect(equalBytes(bytes, other)).toBe(false);
          expect(equalBytes(bytes, bytes.subarray(1))).toBe(false);
        },
      ),
    );
  });
});
