import { describe, expect, it } from 'vitest';
import { citationsOf, errorTableProblems, headingsOf } from './check-spec-links.mjs';

describe('headings', () => {
  it('are found with and without numbers, and at the start of a paragraph', () => {
    const { titles, numbers } = headingsOf(
      '# Top\n\n## 1. One\n### 1.4 `Meta` data\n\n**templates add, list.** Text.\n```\n## no\n```\n',
    );
    expect([...titles]).toEqual(['One', 'Meta data', 'templates add', 'templates', 'list']);
    expect([...numbers]).toEqual(['1', '1.4']);
  });
});

describe('citations', () => {
  it('are found with a title, a number or nothing, across lines of a comment', () => {
    const source =
      '/**\n * See (spec/a.md,\n * "Two words"); spec/b.md, sections 1 to 4.\n * @see spec/c.md\n */';
    expect(citationsOf(source)).toEqual([
      { line: 2, file: 'a.md', title: 'Two words', numbers: [] },
      { line: 3, file: 'b.md', title: undefined, numbers: ['1', '4'] },
      { line: 4, file: 'c.md', title: undefined, numbers: [] },
    ]);
  });
});

describe('the table of errors', () => {
  const errors = "export const errorCodes = [\n  'ONE',\n  'TWO',\n];";
  const exitCodes = '  usage: 2,\n  io: 6,\n  ONE: exitCodes.usage,\n  TWO: exitCodes.io,\n';

  it('has one row for each code, with its exit code', () => {
    expect(errorTableProblems('| `ONE` | 2 | a |\n| `TWO` | 6 | b |\n', errors, exitCodes)).toEqual([]);
  });

  it('may lack none, add none and state no other exit code', () => {
    const problems = errorTableProblems('| `ONE` | 3 | a |\n| `OLD` | 6 | b |\n', errors, exitCodes);
    expect(problems).toHaveLength(3);
  });
});
