import { describe, expect, it } from 'vitest';
import { besideName } from './beside-name.ts';

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
    expect(besideName(name, suffix)).toBe(expected);
  });
});
