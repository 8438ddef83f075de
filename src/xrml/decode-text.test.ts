import { describe, expect, it } from 'vitest';
import { decodeLicenseText, encodeLicenseText } from './decode-text.ts';

const text = '<XrML>Ünïcode \u{1f600}</XrML>';

describe('the encoding of a license', () => {
  for (const encoding of ['utf-8', 'utf-16le'] as const)
    for (const byteOrderMark of [true, false])
      it(`is recognised for ${encoding} ${byteOrderMark ? 'with' : 'without'} a byte-order mark`, () => {
        const bytes = encodeLicenseText(text, { encoding, byteOrderMark });
        expect(decodeLicenseText(bytes)).toEqual({ text, encoding, byteOrderMark });
        const padded = new Uint8Array(bytes.length + 4);
        padded.set(bytes);
        expect(decodeLicenseText(padded).text).toBe(text);
      });

  it('is UTF-8 with a byte-order mark unless asked otherwise', () => {
    expect([...encodeLicenseText('<').slice(0, 4)]).toEqual([0xef, 0xbb, 0xbf, 0x3c]);
  });

  it.each([
    ['UTF-8 cut inside a character', Uint8Array.of(0x3c, 0xc3)],
    ['UTF-8 spelled too long', Uint8Array.of(0x3c, 0xc0, 0xbc)],
    ['UTF-16 with the high byte first', Uint8Array.of(0xfe, 0xff, 0, 0x3c)],
    ['UTF-16 with an odd byte', Uint8Array.of(0x3c, 0, 0x41)],
    ['UTF-16 with a lone surrogate', Uint8Array.of(0x3c, 0, 0, 0xd8)],
  ])('is refused for %s', (_, bytes) => {
    expect(() => decodeLicenseText(bytes)).toThrow(expect.objectContaining({ code: 'MALFORMED_LICENSE' }));
  });

  it('is not even looked at beyond the largest license accepted', () => {
    expect(() => decodeLicenseText(new Uint8Array(1024 * 1024 + 1))).toThrow(
      expect.objectContaining({ code: 'LIMIT_EXCEEDED' }),
    );
  });

  it('keeps a second byte-order mark, which the parser then refuses', () => {
    expect(decodeLicenseText(encodeLicenseText(`\ufeff${text}`)).text.charCodeAt(0)).toBe(0xfeff);
  });
});
