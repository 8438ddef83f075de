import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '../../bytes/index.ts';
import { findAllBytes, findBytes, textAt } from './find-bytes.ts';

// Few letters, so that marks are found, overlap, and nearly match.
const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 60 });
const marks = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 6 });

describe('Searching bytes', () => {
  test('finds what searching the text finds, from any place on', () => {
    fc.assert(
      fc.property(letters, marks, fc.nat(70), (text, mark, from) => {
        expect(findBytes(encodeUtf8(text), mark, from)).toBe(
          from > text.length ? -1 : text.indexOf(mark, from),
        );
      }),
    );
  });

  test('finds every mark, also those that overlap', () => {
    fc.assert(
      fc.property(letters, marks, (text, mark) => {
        const all: number[] = [];
        for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) all.push(at);
        expect([...findAllBytes(encodeUtf8(text), mark)]).toEqual(all);
      }),
    );
  });

  test('finds marks between bytes of every value', () => {
    const bytes = Uint8Array.from({ length: 4096 }, (_, i) => (i * 7) & 0xff);
    bytes.set(encodeUtf8('MicrosoftIRMServices'), 4096 - 20);
    expect(findBytes(bytes, 'MicrosoftIRMServices')).toBe(4076);
    expect(findBytes(bytes.subarray(0, 4095), 'MicrosoftIRMServices')).toBe(-1);
  });

  test('gives text up to an end mark', () => {
    expect(textAt(encodeUtf8('trailer << >> startxref 5'), 8, 100, 'startxref')).toBe('<< >> ');
  });
});
