import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparedPath, compileGlob } from './glob.ts';
import { expandBraces } from './glob-braces.ts';

const file = (pattern: string, path: string): boolean => compileGlob(pattern).file(comparedPath(path));
const folder = (pattern: string, path: string): boolean => compileGlob(pattern).folder(comparedPath(path));
const refusal = (pattern: string): unknown => {
  try {
    compileGlob(pattern);
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('Patterns over files', () => {
  it.each([
    ['*.docx', 'plan.docx', 'drafts/2026/plan.docx', '.docx'],
    ['*.DOCX', 'Plan.docx'],
    ['plan.*', 'plan.docx', 'a/plan.tar.gz'],
    ['pl?n', 'plan', 'pl💡n'],
    ['[a-c]*', 'Apple', 'x/bear'],
    ['[!a-c]*', 'dog', '-'],
    ['[^a]', 'b'],
    ['[]a]', ']', 'a'],
    ['[a\\]-]x', ']x', '-x', 'ax'],
    ['[a-', '[a-'],
    ['a\\*b', 'a*b'],
    ['*.{doc,xls}{,x}', 'a.doc', 'b.xlsx'],
    ['{a,b{c,d}}.txt', 'a.txt', 'bc.txt', 'bd.txt'],
    ['{a}.txt', '{a}.txt'],
    ['{a,b', '{a,b'],
    ['[{,]x', '{x', ',x'],
    ['drafts/*.txt', 'drafts/a.txt'],
    ['/a.txt', 'a.txt'],
    ['./a.txt', 'a.txt'],
    ['drafts/**', 'drafts/a.txt', 'drafts/2026/b'],
    ['**/b', 'b', 'a/b', 'x/y/b'],
    ['a/**/b', 'a/b', 'a/x/b', 'a/x/y/b'],
    ['a/**/b/**/c', 'a/b/c', 'a/b/b/x/c'],
    ['{drafts,old}/*', 'drafts/x', 'old/y'],
    ['drafts/', 'drafts/x', 'a/drafts/b/c'],
    ['a/b/', 'a/b/c'],
    ['caf\u00e9*', 'cafe\u0301.txt'],
  ])('%s names what it should', (pattern, ...paths) => {
    for (const path of paths) expect(file(pattern, path), path).toBe(true);
  });

  it.each([
    ['*.docx', 'plan.doc', 'plan.docx.pfile', 'docx'],
    ['pl?n', 'pln', 'plaan', 'pl/n'],
    ['[!a-c]*', 'bear'],
    ['a\\*b', 'axb'],
    ['drafts/*.txt', 'a.txt', 'drafts/x/a.txt', 'x/drafts/a.txt'],
    ['/a.txt', 'x/a.txt'],
    ['a/**/b', 'a/xb', 'b', 'a'],
    ['a**b', 'a/b'],
    ['drafts/', 'drafts', 'x/drafts'],
    ['a/b/', 'x/a/b/c'],
    ['[a/b]', 'a/b', 'a'],
  ])('%s does not name what it should not', (pattern, ...paths) => {
    for (const path of paths) expect(file(pattern, path), path).toBe(false);
  });

  it('name folders with all that is in them', () => {
    expect(folder('archive', 'x/Archive')).toBe(true);
    expect(folder('archive/', 'x/archive')).toBe(true);
    expect(folder('x/archive', 'x/archive')).toBe(true);
    expect(folder('x/archive', 'archive')).toBe(false);
    expect(folder('drafts/**', 'drafts/2026')).toBe(true);
  });

  it('are refused with the reason if they can mean nothing', () => {
    for (const [pattern, reason] of [
      ['', 'is empty'],
      [' ', 'is empty'],
      ['/', 'names no file'],
      ['x'.repeat(1_025), 'longer than'],
      ['{a,b}'.repeat(9), 'more than 256'],
      ['[z-a]', 'range'],
    ] as const)
      expect(refusal(pattern), pattern).toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining(reason),
      });
  });

  it('never take long, whatever they are made of', () => {
    const name = 'a'.repeat(255);
    expect(file(`${'*a'.repeat(500)}*b`, name)).toBe(false);
    expect(file(`${'**/a/'.repeat(200)}b`, 'a/'.repeat(2_000))).toBe(false);
    expect(refusal('{'.repeat(1_000))).toBeUndefined();
    expect(refusal(`${'{a,'.repeat(300)}${'}'.repeat(300)}`)).toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

/** What the words mean, written as plainly as can be; slow. */
function means(
  pattern: readonly string[],
  text: readonly string[],
  wild: string,
  one: (p: string, t: string) => boolean,
): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return text.length === 0;
  if (first === wild) return [...text, ''].some((_, skipped) => means(rest, text.slice(skipped), wild, one));
  return text.length > 0 && one(first, text[0] as string) && means(rest, text.slice(1), wild, one);
}
const nameMeans = (pattern: string, name: string): boolean =>
  means([...pattern], [...name], '*', (wanted, found) => wanted === '?' || wanted === found);

describe('Matching', () => {
  const part = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), minLength: 1, maxLength: 6 });
  const name = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 6 });
  const parts = fc.array(fc.oneof(part, fc.constant('**')), { minLength: 2, maxLength: 5 });
  const names = fc.array(name, { minLength: 1, maxLength: 5 });

  it('agrees with what the patterns mean', () => {
    fc.assert(
      fc.property(parts, names, (pattern, path) => {
        const expected = means(pattern, path, '**', nameMeans);
        expect(file(pattern.join('/'), path.join('/'))).toBe(expected);
      }),
      { numRuns: 1_000 },
    );
  });

  it('takes every text as a pattern or refuses it as one', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 60 }),
        fc.string({ unit: 'binary' }),
        (pattern, path) => {
          const error = refusal(pattern);
          if (error === undefined) expect(typeof file(pattern, path)).toBe('boolean');
          else expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' });
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('finds a name that is written with every special character escaped', () => {
    const special = fc.string({
      unit: fc.constantFrom('a', '*', '?', '[', ']', '{', '}', ',', '\\', '!', '-'),
      minLength: 1,
    });
    fc.assert(
      fc.property(special, (text) => {
        expect(file(text.replace(/[^a]/g, '\\$&'), text)).toBe(true);
      }),
    );
  });
});

describe('Braces', () => {
  it('give their alternatives in order', () => {
    expect(expandBraces('*.{doc,xls}{,x}', 100)).toEqual(['*.doc', '*.docx', '*.xls', '*.xlsx']);
    expect(expandBraces('{a,b{c,d}}', 100)).toEqual(['a', 'bc', 'bd']);
    expect(expandBraces('\\{a,b}', 100)).toEqual(['\\{a,b}']);
    expect(expandBraces('{a,{b,c}', 100)).toEqual(['{a,b', '{a,c']);
  });

  it('are given up beyond a number', () => {
    expect(expandBraces('{a,b}'.repeat(10), 100)).toBeUndefined();
  });
});
