import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { definePolicy, policyFromTemplate } from './define-policy.ts';
import { defineTemplate } from './define-template.ts';
import type { PolicyInput } from './policy.ts';

const only = (changes: Partial<PolicyInput>): PolicyInput => ({ grants: [], ...changes });
const name = (text: string, description = '') => [{ lcid: 1033, name: text, description }];

describe('defining a policy', () => {
  it('merges grants to the same principal, expands levels and writes rights in upper case', () => {
    const policy = definePolicy({
      grants: [
        { to: 'Bob@Contoso.com', rights: ['view'] },
        { to: 'contoso.com', rights: 'Viewer' },
        { to: 'bob@contoso.com', rights: ['PRINT', 'VIEW', 'IPC_GENERIC_WRITE'] },
      ],
    });
    expect(policy.grants).toEqual([
      { to: 'bob@contoso.com', rights: ['VIEW', 'PRINT', 'EDIT'] },
      { to: 'contoso.com', rights: ['VIEW', 'VIEWRIGHTSDATA', 'OBJMODEL'] },
    ]);
  });

  it('takes no grants as "only me", unlimited offline, no expiry', () => {
    expect(definePolicy({ grants: [] })).toEqual({
      grants: [],
      validFrom: undefined,
      validUntil: undefined,
      offlineDays: -1,
      referrer: undefined,
      names: [],
      signedApplicationData: {},
      encryptedApplicationData: {},
    });
  });

  it('takes one right written alone, and OWNER alone as everything', () => {
    const rightsOf = (rights: string) =>
      definePolicy({ grants: [{ to: 'a@b.example', rights }] }).grants[0]!.rights;
    expect(rightsOf('VIEW')).toEqual(['VIEW']);
    expect(rightsOf('Owner')).toContain('OWNER');
  });

  it('rounds times to the minute, never to the reader’s favor', () => {
    const policy = definePolicy(
      only({
        validFrom: new Date('2030-01-01T00:00:00.001Z'),
        validUntil: new Date('2030-01-02T00:00:59.999Z'),
      }),
    );
    expect(policy.validFrom?.toISOString()).toBe('2030-01-01T00:01:00.000Z');
    expect(policy.validUntil?.toISOString()).toBe('2030-01-02T00:00:00.000Z');
  });

  it('is frozen and keeps nothing of the caller’s objects', () => {
    const grants = [{ to: 'a@b.example', rights: ['VIEW'] }];
    const validUntil = new Date('2030-01-01T00:00:00Z');
    const policy = definePolicy({ grants, validUntil, names: name('A') });
    grants[0]!.rights.push('OWNER');
    validUntil.setFullYear(2040);
    expect(policy.grants[0]!.rights).toEqual(['VIEW']);
    expect(policy.validUntil?.getUTCFullYear()).toBe(2030);
    for (const part of [
      policy,
      policy.grants,
      policy.grants[0],
      policy.grants[0]!.rights,
      policy.names,
      policy.names[0],
    ])
      expect(Object.isFrozen(part)).toBe(true);
  });

  it('defining it again changes nothing', () => {
    const policy = definePolicy({
      grants: [{ to: 'contoso.com', rights: 'Co-Author' }],
      validUntil: new Date(4e12),
      offlineDays: 7,
      referrer: 'Help@Contoso.com',
      names: name('Plan B', 'what else'),
      signedApplicationData: { 'App.Id': '7' },
    });
    expect(definePolicy(policy)).toEqual(policy);
  });

  const refused: [string, PolicyInput, RegExp][] = [
    ['a mistyped right', only({ grants: [{ to: 'a@b.example', rights: 'PIRNT' }] }), /did you mean PRINT/i],
    [
      'a mistyped level',
      only({ grants: [{ to: 'a@b.example', rights: 'Guest' }] }),
      /not a known right or permission/,
    ],
    [
      'a level in a list of rights',
      only({ grants: [{ to: 'a@b.example', rights: ['Viewer'] }] }),
      /permission level/,
    ],
    ['a grant of nothing', only({ grants: [{ to: 'a@b.example', rights: [] }] }), /has 0 rights/],
    ['a grant to nobody', only({ grants: [{ to: 'bob', rights: ['VIEW'] }] }), /names nobody/],
    [
      'an end before the start',
      only({ validFrom: new Date(2e12), validUntil: new Date(1e12) }),
      /never be valid/,
    ],
    [
      'a validity that rounds to nothing',
      only({ validFrom: new Date(60_001), validUntil: new Date(119_999) }),
      /never be valid/,
    ],
    ['a date that is none', only({ validUntil: new Date(Number.NaN) }), /not a date/],
    ['the year 10000', only({ validUntil: new Date('+010000-01-01T00:00:00Z') }), /not a date/],
    ['-2 days offline', only({ offlineDays: -2 }), /not an offline interval/],
    ['10000 days offline', only({ offlineDays: 10_000 }), /not an offline interval/],
    ['half a day offline', only({ offlineDays: 0.5 }), /not an offline interval/],
    ['a referrer that could run', only({ referrer: 'javascript:alert(1)' }), /not a referrer/],
    ['a referrer with a line break', only({ referrer: 'https://a.example/\nb' }), /not a referrer/],
    ['a colon in a name', only({ names: name('A:B') }), /contains :/],
    ['a semicolon in a name', only({ names: name('A;B') }), /contains ;/],
    ['an empty name', only({ names: name('  ') }), /1 to 256/],
    ['a semicolon in a description', only({ names: name('A', 'x; y') }), /semicolon/],
    ['a line break in a description', only({ names: name('A', 'x\ny') }), /line break/],
    ['two names in one language', only({ names: [...name('A'), ...name('B')] }), /two names/],
    ['a locale that is none', only({ names: [{ lcid: 0, name: 'A', description: '' }] }), /locale id/],
    ['a NUL in application data', only({ signedApplicationData: { a: '\u0000' } }), /not text/],
    ['half a surrogate in application data', only({ encryptedApplicationData: { a: '\ud800' } }), /not text/],
    ['a nameless entry', only({ signedApplicationData: { '': 'x' } }), /not a name/],
  ];
  it.each(refused)('refuses %s', (_title, input, message) => {
    expect(() => definePolicy(input)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(message) }),
    );
  });

  it('refuses more than a license can hold', () => {
    const code = expect.objectContaining({ code: 'LIMIT_EXCEEDED' });
    expect(() => definePolicy(only({ signedApplicationData: { a: 'x'.repeat(40_000) } }))).toThrow(code);
    const many = Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`k${i}`, '']));
    expect(() => definePolicy(only({ encryptedApplicationData: many }))).toThrow(code);
    const grants = Array.from({ length: 4097 }, (_, i) => ({ to: `u${i}@b.example`, rights: ['VIEW'] }));
    expect(() => definePolicy({ grants })).toThrow(code);
  });

  it('keeps an application’s entry called __proto__ as data', () => {
    const policy = definePolicy(only({ signedApplicationData: JSON.parse('{"__proto__":"x"}') }));
    expect(Object.entries(policy.signedApplicationData)).toEqual([['__proto__', 'x']]);
  });

  it('gives every principal all and only the rights written for it, whatever the order', () => {
    const right = fc.constantFrom('VIEW', 'EDIT', 'PRINT', 'OWNER', 'X.Y');
    const grant = fc.record({
      to: fc.constantFrom('a@b.example', 'A@B.example', 'b.example', 'AuthenticatedUsers'),
      rights: fc.array(right, { minLength: 1 }),
    });
    fc.assert(
      fc.property(fc.array(grant), (grants) => {
        const policy = definePolicy({ grants });
        expect(new Set(policy.grants.map((each) => each.to)).size).toBe(policy.grants.length);
        for (const { to, rights } of policy.grants) {
          const written = grants.filter((each) => each.to.toLowerCase() === to.toLowerCase());
          expect([...rights].sort()).toEqual([...new Set(written.flatMap((each) => each.rights))].sort());
        }
      }),
    );
  });
});

describe('the policy of a template', () => {
  const published = new Date('2030-01-01T12:34:56Z');
  const template = (expiration: Parameters<typeof defineTemplate>[0]['expiration']) =>
    defineTemplate(
      { names: name('A'), grants: [{ to: 'b.example', rights: 'Viewer' }], expiration, offlineDays: 7 },
      published,
    );

  it.each([
    ['never', { kind: 'never' }, undefined],
    ['on a date', { kind: 'on', date: new Date('2031-01-01T00:00:30Z') }, '2031-01-01T00:00:00.000Z'],
    ['days after publishing', { kind: 'after', days: 30 }, '2030-01-31T12:34:00.000Z'],
  ] as const)('expires %s', (_title, expiration, until) => {
    const policy = policyFromTemplate(template(expiration), published);
    expect(policy.validUntil?.toISOString()).toBe(until);
    expect(policy.offlineDays).toBe(7);
    expect(policy.grants[0]!.to).toBe('b.example');
  });
});
