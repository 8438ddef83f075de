import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PdfValue } from './pdf-document.ts';
import { cursorOver } from './read/cursor.ts';
import { parseValue } from './read/parse-value.ts';
import { latin1 } from './test/build-pdf.ts';
import { textOfValue } from './test/read-built.ts';
import { pdfValueBytes } from './write-value.ts';

const parsed = (text: string): PdfValue => parseValue(cursorOver(latin1(`${text} `), 0, true));
const rewritten = (text: string): string => textOfValue(parsed(text));

/** Names and strings of any bytes, numbers in any form, values in values. */
const { value } = fc.letrec<{ value: PdfValue }>((tie) => {
  const bytes = fc.uint8Array({ maxLength: 40 });
  const name = bytes.map((each) => Buffer.from(each).toString('latin1'));
  const number = fc.stringMatching(/^[+-]?(\d{1,12}|\d{0,5}\.\d{1,5}|\d{1,4}\.)$/);
  const count = fc.nat({ max: 9_999_999_999 });
  return {
    value: fc.oneof(
      { depthSize: 'medium', withCrossShrink: true },
      fc.constantFrom<PdfValue>(null, true, false),
      number.map((text): PdfValue => ({ kind: 'number', text })),
      name.map((text): PdfValue => ({ kind: 'name', text })),
      bytes.map((each): PdfValue => ({ kind: 'string', bytes: each })),
      fc
        .tuple(count, fc.nat({ max: 65535 }))
        .map(([first, generation]): PdfValue => ({ kind: 'reference', number: first, generation })),
      fc.array(tie('value'), { maxLength: 6 }).map((items): PdfValue => ({ kind: 'array', items })),
      fc
        .array(fc.tuple(name, tie('value')), { maxLength: 6 })
        .map((entries): PdfValue => ({ kind: 'dictionary', entries: new Map(entries) })),
    ),
  };
});

describe('values', () => {
  it('read from what was written are equal', () => {
    fc.assert(
      fc.property(value, (each) => {
        expect(parsed(textOfValue(each))).toEqual(each);
      }),
      { numRuns: 500 },
    );
  });

  it('are the same however many bytes are at hand when reading begins', () => {
    fc.assert(
      fc.property(value, fc.double({ min: 0, max: 1, noNaN: true }), (each, share) => {
        const bytes = latin1(`${textOfValue(each)} end`);
        const part = bytes.subarray(0, Math.floor(share * bytes.length));
        let got: PdfValue | string;
        try {
          got = parseValue(cursorOver(part, 0, false));
        } catch (error) {
          got = (error as { reason: string }).reason;
        }
        // Either there is not enough, or the value is whole.
        if (got !== 'incomplete') expect(got).toEqual(each);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['(a (nested (string)) here)', '(a \\(nested \\(string\\)\\) here)'],
    ['(\\(\\)\\\\ \\q)', '(\\(\\)\\\\ q)'],
    ['(\\101\\1012\\0539\\8)', '(AA2+98)'],
    ['(\\7\\377\\477)', '(\x07\xff?)'],
    ['(one\\\ntwo\\\r\nthree\\\rfour)', '(onetwothreefour)'],
    ['(a\r\nb\rc\nd)', '(a\nb\nc\nd)'],
    ['(\\n\\r\\t\\b\\f)', '(\n\\r\t\b\f)'],
    ['()', '()'],
    ['< 48 65 6C\n6c 6F7 >', '(Hellop)'],
    ['<>', '()'],
    ['<FEFF00e9>', '(\xfe\xff\0\xe9)'],
    ['<</Type/Sig/ByteRange[0 1]/Contents<28ff>>>', '<</Type /Sig /ByteRange [0 1] /Contents <28ff>>>'],
    ['/A#20B#2fC#23', '/A#20B#2FC#23'],
    ['/A#2x#g', '/A#232x#23g'],
    ['/', '/'],
    ['/\xe9', '/#E9'],
    ['[/A/B(c)<64>1.50-2+3.-.002 .5]', '[/A /B (c) (d) 1.50-2+3.-.002 .5]'],
    ['[1 0 R 2 3 4 0 R 5 0 Rx]'.replace(' 5 0 Rx', ''), '[1 0 R 2 3 4 0 R]'],
    ['[0000000012 00000 R]', '[12 0 R]'],
    ['<</A/B/C null/D<</E[]>>/A 2>>', '<</A 2 /C null /D <</E []>>>>'],
    ['<</A>>', '<</A null>>'],
    ['[true false null]', '[true false null]'],
    ['[--5 1.2.3 +7 0.0 00]', '[--5 1.2.3 +7 0.0 00]'],
    ['% a comment (\n[1% another ]\r2]', '[1 2]'],
    ['[\0\t\f\r\n ]', '[]'],
  ])('%j is read as %j', (text, expected) => {
    expect(rewritten(text)).toBe(expected);
    // What was written is read as the same again.
    expect(rewritten(expected)).toBe(expected);
  });

  it.each<[string, PdfValue]>([
    ['a number without digits', { kind: 'number', text: 'NaN' }],
    ['an empty number', { kind: 'number', text: '' }],
    ['two numbers', { kind: 'number', text: '1 2' }],
    ['a negative reference', { kind: 'reference', number: -1, generation: 0 }],
    ['a name of more than bytes', { kind: 'name', text: 'Ω' }],
    ['values nested too deeply', nested(300)],
  ])('%s cannot be written', (_, each) => {
    expect(() => pdfValueBytes(each)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });
});

function nested(depth: number): PdfValue {
  let inner: PdfValue = null;
  for (let i = 0; i < depth; i++) inner = { kind: 'array', items: [inner] };
  return inner;
}
