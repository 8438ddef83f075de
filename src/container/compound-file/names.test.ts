import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareNames, nameProblem, sameName, upperCaseName } from './names.ts';

const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 15 });

describe('names in a compound file', () => {
  it('sort shorter names first, then by letters without case', () => {
    const names = ['TransformInfo', 'DataSpaceInfo', 'DataSpaceMap', 'Version'];
    expect(names.sort(compareNames)).toEqual(['Version', 'DataSpaceMap', 'DataSpaceInfo', 'TransformInfo']);
    expect(
      ['\x05DocumentSummaryInformation', '\x05SummaryInformation', 'EncryptedPackage', '\x06DataSpaces'].sort(
        compareNames,
      ),
    ).toEqual([
      '\x06DataSpaces',
      'EncryptedPackage',
      '\x05SummaryInformation',
      '\x05DocumentSummaryInformation',
    ]);
  });

  it('are compared in upper case: an underscore comes after the letters', () => {
    expect(compareNames('a_', 'aB')).toBeGreaterThan(0);
    expect(compareNames('a_', 'ab')).toBeGreaterThan(0);
  });

  it('are the same in upper and in lower case', () => {
    expect(sameName('encryptedPACKAGE', 'EncryptedPackage')).toBe(true);
    expect(sameName('größe', 'GRÖßE')).toBe(true);
    expect(sameName('größe', 'GRÖSSE')).toBe(false);
    expect(sameName('я', 'Я')).toBe(true);
  });

  it.each([
    ['\u023a', '\u2c65'],
    ['\u2c65', '\u2c65'],
    ['\u023e', '\u2c66'],
    ['\u2c66', '\u2c66'],
    ['\u03c2', '\u03a3'],
    ['\u03c3', '\u03a3'],
    ['\u1fc3', '\u1fc3'],
    ['\u1fcc', '\u1fc3'],
  ])('deviate from Unicode where Windows does (%j)', (lower, upper) => {
    expect(upperCaseName(lower)).toBe(upper);
  });

  it('leave letters alone that came after Unicode 5.0, and those outside the first plane', () => {
    expect(upperCaseName('\u0250')).toBe('\u0250');
    expect(upperCaseName('\u10d0')).toBe('\u10d0');
    expect(upperCaseName('\u{10428}')).toBe('\u{10428}');
    expect(upperCaseName('\ud801\u0061')).toBe('\ud801A');
  });

  it('agree with the runtime on every letter that either both or neither changes to one unit', () => {
    let differing = 0;
    for (let unit = 0; unit < 0xd800; unit++) {
      const letter = String.fromCharCode(unit);
      const upper = upperCaseName(letter);
      if (upper !== letter && upper !== letter.toUpperCase()) differing++;
    }
    // The three deviations, and the letters with an iota below, which the runtime makes two units of.
    expect(differing).toBe(29);
  });

  it('have one order, whatever they are', () => {
    fc.assert(
      fc.property(name, name, name, (a, b, c) => {
        expect(Math.sign(compareNames(a, b))).toBe(-Math.sign(compareNames(b, a)) + 0);
        if (compareNames(a, b) <= 0 && compareNames(b, c) <= 0)
          expect(compareNames(a, c)).toBeLessThanOrEqual(0);
        expect(compareNames(a, b) === 0).toBe(upperCaseName(a) === upperCaseName(b));
        expect(upperCaseName(a)).toHaveLength(a.length);
      }),
    );
  });

  it('are refused if they are empty, too long, or have a forbidden character', () => {
    expect(nameProblem('\x06DataSpaces')).toBeUndefined();
    expect(nameProblem('x'.repeat(31))).toBeUndefined();
    for (const bad of ['', 'x'.repeat(32), 'a/b', 'a\\b', 'a:b', 'a!b', 'a\0b'])
      expect(nameProblem(bad)).toBeTypeOf('string');
  });
});
