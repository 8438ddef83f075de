import { describe, expect, it } from 'vitest';
import { keptName } from './kept-name.ts';

describe('The name of a new file beside an original of the same name', () => {
  it.each([
    ['report.docx', 'protected', 'report-protected.docx'],
    ['report.docx', 'unprotected', 'report-unprotected.docx'],
    ['report-protected.docx', 'unprotected', 'report.docx'],
    ['report-protected.docx', 'protected', 'report-protected-protected.docx'],
    ['budget.2026.xlsx', 'protected', 'budget.2026-protected.xlsx'],
    ['no extension', 'protected', 'no extension-protected'],
    ['-protected.docx', 'unprotected', '-protected-unprotected.docx'],
    ['.docx', 'protected', '.docx-protected'],
  ] as const)('of %s that is %s is %s', (name, suffix, expected) => {
    expect(keptName(name, suffix, true)).toBe(expected);
  });

  it('is the same in another folder, but for the word that says it was protected', () => {
    expect(keptName('report.docx', 'protected', false)).toBe('report.docx');
    expect(keptName('report.docx', 'unprotected', false)).toBe('report.docx');
    expect(keptName('report-protected.docx', 'unprotected', false)).toBe('report.docx');
  });
});
