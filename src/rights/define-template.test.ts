import { describe, expect, it } from 'vitest';
import { defineTemplate } from './define-template.ts';
import type { TemplateInput } from './template.ts';

const now = new Date('2030-01-01T00:00:00Z');
const base: TemplateInput = {
  names: [{ lcid: 1033, name: 'Staff only', description: 'Everyone of Contoso' }],
  grants: [{ to: 'contoso.com', rights: 'Reviewer' }],
};

describe('defining a template', () => {
  it('is published, never expires and is offered to everyone unless stated otherwise', () => {
    const template = defineTemplate(base, now, (length) => new Uint8Array(length).fill(0xff));
    expect(template).toMatchObject({
      id: 'ffffffff-ffff-4fff-bfff-ffffffffffff',
      expiration: { kind: 'never' },
      offlineDays: -1,
      state: 'published',
      scope: [],
      updatedAt: now,
    });
    expect(Object.isFrozen(template)).toBe(true);
  });

  it('takes ids with braces and in any case', () => {
    const id = '{9A3C1B52-7D64-4F0E-B1C8-3E5F7A9D2C41}';
    expect(defineTemplate({ ...base, id }, now).id).toBe('9a3c1b52-7d64-4f0e-b1c8-3e5f7a9d2c41');
  });

  it('gives two templates two ids', () => {
    expect(defineTemplate(base, now).id).not.toBe(defineTemplate(base, now).id);
  });

  it('normalizes and merges its scope', () => {
    expect(
      defineTemplate({ ...base, scope: ['A@B.example', 'a@b.example', 'B.example'] }, now).scope,
    ).toEqual(['a@b.example', 'b.example']);
  });

  it.each([
    ['no name', { names: [] }, /needs a name/],
    ['no grant', { grants: [] }, /at least one grant/],
    ['an id that is no GUID', { id: 'staff' }, /template id/],
    ['0 days of validity', { expiration: { kind: 'after', days: 0 } }, /number of days/],
    ['a scope of anyone', { scope: ['AuthenticatedUsers'] }, /scope/],
    ['an unknown state', { state: 'draft' }, /published or archived/],
    ['an unknown expiration', { expiration: { kind: 'sometimes' } }, /never, on a date/],
  ])('refuses %s', (_title, changes, message) => {
    expect(() => defineTemplate({ ...base, ...changes } as TemplateInput, now)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(message) }),
    );
  });
});
