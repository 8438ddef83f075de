import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeHex, encodeUtf8, maxima } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import { compressRtf } from './compress-rtf.ts';
import { decompressRtf, firstDictionary } from './compressed-rtf.ts';
import { encapsulatedBody } from './encapsulated-body.ts';

const rtf = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const html = (inner: string): string | undefined =>
  encapsulatedBody(
    rtf(
      `{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 \\deff0{\\fonttbl{\\f0\\fswiss Arial;}{\\f1\\fcharset128 MS Gothic;}{\\f2\\fcharset204 Arial;}}{\\colortbl\\red0;}${inner}}`,
    ),
  )?.text;

describe('compressed RTF', () => {
  it('is unpacked as the specification shows it', () => {
    // [MS-OXRTFCP] 3.1 and 3.2.
    const hello = decodeHex(
      '2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0',
    );
    expect(firstDictionary).toHaveLength(207);
    expect(decompressRtf(hello)).toEqual(rtf('{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n'));
  });

  it('may also be kept as it is, with a header or without', () => {
    const stored = Buffer.concat([
      Buffer.from('10000000040000004d454c4100000000', 'hex'),
      Buffer.from('abcd'),
    ]);
    expect(new Uint8Array(decompressRtf(stored))).toEqual(encodeUtf8('abcd'));
    expect(decompressRtf(rtf('{\\rtf1 x}'))).toEqual(rtf('{\\rtf1 x}'));
  });

  it('of any bytes is the same unpacked, and smaller where they repeat', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 40 }), (bytes, times) => {
        const all = new Uint8Array(bytes.length * times).map((_, i) => bytes[i % bytes.length] as number);
        expect(decompressRtf(compressRtf(all))).toEqual(all);
      }),
    );
    const long = rtf('{\\rtf1\\ansi Some text that is said again and again. }'.repeat(2000));
    expect(compressRtf(long).length).toBeLessThan(long.length / 6);
  });

  it('that was changed or cut is refused, whatever was changed', () => {
    const good = compressRtf(rtf('{\\rtf1\\ansi\\ansicpg1252 Hello, hello, hello.}'));
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bad = good.slice();
        bad[at] = (bad[at] as number) ^ change;
        try {
          decompressRtf(bad);
        } catch (error) {
          expect(error).toBeInstanceOf(SealwrightError);
          return;
        }
        // Only a smaller size can be claimed without a contradiction.
        expect(at).toBeGreaterThanOrEqual(4);
        expect(at).toBeLessThan(8);
      }),
    );
    for (let length = 0; length < good.length; length++)
      expect(() => decompressRtf(good.subarray(0, length))).toThrow(SealwrightError);
  });

  it('that claims to be endless is refused before anything is unpacked', () => {
    const claim = compressRtf(rtf('{\\rtf1}'));
    new DataView(claim.buffer).setUint32(4, maxima.mailBodyBytes + 1, true);
    expect(() => decompressRtf(claim)).toThrow(expect.objectContaining({ code: 'LIMIT_EXCEEDED' }));
  });
});

describe('RTF that was made from HTML', () => {
  it('gives the HTML: tags as they were, text without what is there for those who show RTF', () => {
    expect(
      html(
        '\\uc1\\pard\\plain {\\*\\htmltag19 <html>}\\htmlrtf {\\b \\htmlrtf0 {\\*\\htmltag84 <b>}Bold{\\*\\htmltag92 </b>}\\htmlrtf }\\htmlrtf0 text\\htmlrtf\\par\\htmlrtf0\r\n{\\*\\htmltag116 <br>\\par }{\\*\\mhtmltag84 <x>}{\\*\\unknown no}end{\\*\\htmltag27 </html>}',
      ),
    ).toBe('<html><b>Bold</b>text<br>\r\nend</html>');
  });

  it('gives characters in the code page of their font, by number, and by name', () => {
    expect(
      html(
        "\\'e9\\'80 {\\f1 \\'93\\'fa\\'96\\'7b} {\\f2 \\'cf} \\u26085?\\u-10179?\\u-9029? \\{\\}\\\\ a\\~b\\lquote c\\rquote",
      ),
    ).toBe('é€ 日本 П 日💻 {}\\ a&nbsp;b&lsquo;c&rsquo;');
  });

  it('is told from RTF in its own right and from plain text', () => {
    expect(encapsulatedBody(rtf('{\\rtf1\\ansi Hello}'))).toBeUndefined();
    expect(
      encapsulatedBody(
        rtf('{\\rtf1\\ansi\\fromtext \\deff0{\\fonttbl{\\f0 Arial;}}Hello\\par\r\nworld\\tab !}'),
      ),
    ).toEqual({ kind: 'plain', text: 'Hello\r\nworld\t!' });
  });

  it('of any kind is read to its end and never fails', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '\\',
      '{\\*\\htmltag1 ',
      '\\htmlrtf',
      '\\htmlrtf0',
      "\\'9",
      '\\u1',
      '\\bin99',
      '\\par',
      'é',
      ' ',
      'x',
      '\\uc9',
      '\\f1',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        expect(typeof html(pieces.join(''))).toBe('string');
      }),
    );
    expect(html('{'.repeat(200_000))).toBe('');
    expect(html(`${'{'.repeat(5000)}deep${'}'.repeat(5000)}after`)).toBe('after');
  });
});
