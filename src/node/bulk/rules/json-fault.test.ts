import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJsonFault } from './json-fault.ts';

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('Looking for what is no JSON', () => {
  it('agrees with the parser, whatever the text', () => {
    const piece = fc.constantFrom(
      ...[
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"a"',
        '"b"',
        '1',
        '-0',
        '01',
        '1.',
        '1e5',
        '.5',
        'true',
        'nul',
        ' ',
        '\n',
        '"\\u00e9"',
        '"\\x"',
        '"\t"',
        '"\u007f"',
        '💡',
        '"💡"',
        '"',
      ],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const json = pieces.join('');
        const fault = findJsonFault(json);
        if (fault?.what.endsWith('stands twice')) return;
        expect(fault === undefined, json).toBe(isJson(json));
      }),
      { numRuns: 3_000 },
    );
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(findJsonFault(json)).toBeUndefined();
      }),
    );
  });

  it('finds the place', () => {
    expect(findJsonFault('{"a": [1, x]}')).toEqual({ at: 10, what: 'this is no JSON' });
    expect(findJsonFault('{"a": 1, "b": {"a": 1}, "\\u0061": 2}')).toMatchObject({
      what: '"a" stands twice',
    });
    expect(findJsonFault(' [ ] ]')).toMatchObject({ at: 5 });
    expect(findJsonFault('')).toMatchObject({ at: 0 });
  });

  it('gives up on what is nested too deeply', () => {
    expect(findJsonFault(`${'['.repeat(50)}${']'.repeat(50)}`)).toBeUndefined();
    expect(findJsonFault('['.repeat(1_000_000))).toEqual({ at: 51, what: 'something is nested too deeply' });
  });
});
