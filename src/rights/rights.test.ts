import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isKnownRight, normalizeRight, rights, suggestRight } from './rights.ts';

describe('the table of rights', () => {
  it('has the fifteen documented rights, each with a flag of its own where it has one', () => {
    expect(rights).toHaveLength(15);
    const flags = rights.flatMap((right) => right.graphFlag ?? []);
    expect(new Set(flags).size).toBe(14);
    for (const flag of flags) expect(Number.isInteger(Math.log2(flag))).toBe(true);
  });

  it('keeps EDIT (save) and DOCEDIT (edit) apart', () => {
    const named = (name: string) => rights.find((right) => right.name === name);
    expect(named('EDIT')?.commonName).toBe('Save');
    expect(named('DOCEDIT')?.commonName).toBe('Edit Content');
    expect(named('EDIT')?.graphFlag).toBe(4);
    expect(named('DOCEDIT')?.graphFlag).toBe(2);
  });
});

describe('normalizing a right', () => {
  it.each([
    ['view', 'VIEW'],
    [' Print ', 'PRINT'],
    ['IPC_GENERIC_WRITE', 'EDIT'],
    ['ipc_generic_all', 'OWNER'],
    ['IPC_VIEW_RIGHTS', 'VIEWRIGHTSDATA'],
    ['IPC_READ_RIGHTS', 'VIEWRIGHTSDATA'],
    ['IPC_EDIT_RIGHTS', 'EDITRIGHTSDATA'],
    ['my.app-Right_1', 'MY.APP-RIGHT_1'],
  ])('reads %s as %s', (written, name) => expect(normalizeRight(written)).toBe(name));

  it.each(['', ' ', 'A B', 'V\u0131EW', 'x'.repeat(65), 'A;B', 'A\nB'])('refuses %j', (name) => {
    expect(() => normalizeRight(name)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });

  it('is idempotent for every right a license can carry', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9._-]{1,64}$/), (name) => {
        const once = normalizeRight(name);
        expect(normalizeRight(once)).toBe(once);
        expect(once).toBe(once.toUpperCase());
      }),
    );
  });
});

describe('a mistyped right', () => {
  it.each([
    ['PIRNT', 'PRINT'],
    ['Veiw', 'VIEW'],
    ['EXTARCT', 'EXTRACT'],
    ['FORWRD', 'FORWARD'],
    ['VIEWRIGHTDATA', 'VIEWRIGHTSDATA'],
    ['reply all', 'REPLYALL'],
    ['full control', 'OWNER'],
    ['Save', 'EDIT'],
  ])('%s is taken for %s', (typed, meant) => expect(suggestRight(typed)).toBe(meant));

  it.each(['', 'ZZZZZZ', 'APPROVE', 'x'.repeat(1000)])('%j resembles nothing', (typed) => {
    expect(suggestRight(typed)).toBeUndefined();
  });

  it('is not a known right, while every documented name is', () => {
    expect(isKnownRight('PIRNT')).toBe(false);
    for (const right of rights) expect(isKnownRight(right.name.toLowerCase())).toBe(true);
  });
});
