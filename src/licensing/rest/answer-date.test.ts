import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAnswerDate } from './answer-date.ts';

describe('dates in answers', () => {
  it.each([
    ['2026-01-31T10:00:00Z', '2026-01-31T10:00:00.000Z'],
    ['2026-01-31T10:00:00', '2026-01-31T10:00:00.000Z'],
    ['2026-01-31T10:00:00.1234567Z', '2026-01-31T10:00:00.123Z'],
    ['2026-01-31T10:00:00.5', '2026-01-31T10:00:00.500Z'],
    ['2026-01-31T10:00:00+02:00', '2026-01-31T08:00:00.000Z'],
    ['2026-01-31T10:00:00-0530', '2026-01-31T15:30:00.000Z'],
    ['2026-01-31T23:30:00.250-01', '2026-02-01T00:30:00.250Z'],
    ['2026-01-31T10:00Z', '2026-01-31T10:00:00.000Z'],
    ['2026-01-31T10:00', '2026-01-31T10:00:00.000Z'],
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['2028-02-29t10:00:00z', '2028-02-29T10:00:00.000Z'],
    ['9999-12-31T23:59:59.9999999Z', '9999-12-31T23:59:59.999Z'],
    ['0001-01-01T00:00:00', '0001-01-01T00:00:00.000Z'],
  ])('%s is %s', (text, expected) => expect(parseAnswerDate(text)?.toISOString()).toBe(expected));

  it.each([
    '',
    'tomorrow',
    '2026-02-30T10:00:00Z',
    '2027-02-29',
    '2026-13-01T00:00:00Z',
    '2026-01-31T24:00:00Z',
    '2026-01-31T10:60:00Z',
    '2026-01-31T10:00:00+15:00',
    '2026-01-31T10:00:00+01:60',
    '31.01.2026',
    '/Date(1769853600000)/',
    '2026-1-1',
    '2026-01-31T10:00:00Zulu',
  ])('%j is none', (text) => expect(parseAnswerDate(text)).toBeUndefined());

  it('reads back every date that JavaScript writes', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }),
        (date) => {
          expect(parseAnswerDate(date.toISOString())).toEqual(date);
          expect(parseAnswerDate(date.toISOString().slice(0, -1))).toEqual(date);
        },
      ),
    );
  });
});
