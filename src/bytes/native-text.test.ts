import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nativeText } from './native-text.ts';
import * as portable from './portable-text.ts';
import { decodeBase64 } from './text.ts';

const native = nativeText()!;

describe('text by the code of the runtime', () => {
  it('is what our own code makes of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.uint8Array({ maxLength: 400 }), (text, memory) => {
        const bytes = memory.subarray(3);
        expect(native.encodeUtf16le(text)).toEqual(portable.encodeUtf16le(text));
        expect(native.encodeUtf16le(`${text}\ud800`)).toEqual(portable.encodeUtf16le(`${text}\ud800`));
        expect(native.encodeHex(bytes)).toBe(portable.encodeHex(bytes));
        expect(native.encodeBase64(bytes)).toBe(portable.encodeBase64(bytes));
        expect(native.decodePlainBase64(portable.encodeBase64(bytes))).toEqual(bytes);
      }),
    );
  });

  it('takes and refuses the same base64 as the platform does', () => {
    const character = fc.constantFrom(...'AZaz09+/=-_ \n\t*\u00e9\u0141');
    fc.assert(
      fc.property(fc.string({ unit: character, maxLength: 12 }), (text) => {
        expect(decodeBase64(text)).toEqual(portable.decodeBase64(text));
      }),
      { numRuns: 2000 },
    );
    for (const text of [
      '',
      '=',
      '==',
      '====',
      'A',
      'A===',
      'AA==',
      'AB==',
      'AAA=',
      'AA=A',
      'AAAAA',
      'AA',
      'AAA',
    ])
      expect(decodeBase64(text)).toEqual(portable.decodeBase64(text));
  });

  it('lies in memory of its own', () => {
    for (const bytes of [native.encodeUtf16le('abc'), native.decodePlainBase64('AAAA')!]) {
      expect(bytes.constructor).toBe(Uint8Array);
      expect(bytes.buffer.byteLength).toBe(bytes.length);
    }
  });
});
