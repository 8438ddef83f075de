import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccessQuestion } from './access.ts';
import { decideAccess } from './decide-access.ts';
import { definePolicy } from './define-policy.ts';
import { describeRefusal } from './describe-refusal.ts';

const from = new Date('2030-01-01T00:00:00Z');
const until = new Date('2030-02-01T00:00:00Z');
const justBefore = (date: Date) => new Date(date.getTime() - 1);

const question = (changes: Partial<AccessQuestion> = {}): AccessQuestion => ({
  who: { email: 'bob@contoso.com' },
  now: new Date('2030-01-15T00:00:00Z'),
  owner: 'olga@contoso.com',
  issuer: 'ivan@contoso.com',
  policy: definePolicy({
    grants: [{ to: 'bob@contoso.com', rights: ['VIEW', 'PRINT'] }],
    validFrom: from,
    validUntil: until,
  }),
  revoked: false,
  revokedUsers: [],
  ...changes,
});
const granting = (to: string, rights: string | string[]) => definePolicy({ grants: [{ to, rights }] });
const outcome = (changes: Partial<AccessQuestion>) => {
  const decision = decideAccess(question(changes));
  return decision.granted ? decision.rights.join(' ') : decision.rule;
};
const olga = { email: 'OLGA@contoso.com' };
const ivan = { email: 'x@contoso.com', aliases: ['Ivan@contoso.com'] };
const eva = { email: 'eva@other.example', groups: ['readers@contoso.com'] };

describe('the access decision', () => {
  const table: [string, Partial<AccessQuestion>, string][] = [
    ['gives what is granted', {}, 'VIEW PRINT'],
    ['opens from the very minute it is valid', { now: from }, 'VIEW PRINT'],
    ['refuses just before it is valid', { now: justBefore(from) }, 'not-yet-valid'],
    ['opens just before it expires', { now: justBefore(until) }, 'VIEW PRINT'],
    ['refuses at the moment it expires', { now: until }, 'expired'],
    ['refuses revoked content', { revoked: true }, 'revoked'],
    ['names revocation before expiry', { revoked: true, now: until }, 'revoked'],
    [
      'refuses a person from whom it was withdrawn',
      { revokedUsers: ['BOB@contoso.com'] },
      'revoked-for-user',
    ],
    [
      'is not concerned by another person’s withdrawal',
      { revokedUsers: ['eva@other.example'] },
      'VIEW PRINT',
    ],
    [
      'withdraws from members what was withdrawn from a domain',
      { revokedUsers: ['contoso.com'] },
      'revoked-for-user',
    ],
    ['refuses when the template was deleted', { template: 'deleted' }, 'template-deleted'],
    ['honors an archived template', { template: 'archived' }, 'VIEW PRINT'],
    ['honors a published template', { template: 'published' }, 'VIEW PRINT'],
    ['refuses a stranger', { who: eva }, 'no-grant'],
    [
      'reaches a group',
      { who: eva, policy: granting('readers@contoso.com', 'Viewer') },
      'VIEW VIEWRIGHTSDATA OBJMODEL',
    ],
    ['reaches a domain', { policy: granting('contoso.com', ['VIEW']) }, 'VIEW'],
    ['reaches anyone who signed in', { who: eva, policy: granting('AuthenticatedUsers', ['VIEW']) }, 'VIEW'],
    ['keeps the owner’s grant from others', { policy: granting('IPC_USER_ID_OWNER', ['OWNER']) }, 'no-grant'],
    ['refuses who may print but not view', { policy: granting('contoso.com', ['PRINT']) }, 'no-view-right'],
    ['lets EDIT imply nothing', { policy: granting('contoso.com', ['EDIT', 'EXPORT']) }, 'no-view-right'],
    ['lets OWNER include VIEW', { policy: granting('contoso.com', ['OWNER']) }, 'OWNER'],
    [
      'does not exempt the right OWNER from expiry',
      { policy: { ...granting('contoso.com', ['OWNER']), validUntil: until }, now: until },
      'expired',
    ],
    [
      'keeps rights of an application’s own',
      { policy: granting('contoso.com', ['VIEW', 'approve']) },
      'VIEW APPROVE',
    ],
    ['gives the owner everything', { who: olga }, 'OWNER'],
    ['gives the owner everything after expiry', { who: olga, now: until }, 'OWNER'],
    ['gives the owner everything before it is valid', { who: olga, now: new Date(0) }, 'OWNER'],
    ['gives the owner everything after revocation', { who: olga, revoked: true }, 'OWNER'],
    ['gives the owner everything when the template is gone', { who: olga, template: 'deleted' }, 'OWNER'],
    [
      'withdraws from the owner when told so by name',
      { who: olga, revokedUsers: ['olga@contoso.com'] },
      'revoked-for-user',
    ],
    [
      'keeps the owner when only the domain was withdrawn',
      { who: olga, revokedUsers: ['contoso.com'] },
      'OWNER',
    ],
    [
      'gives the issuer everything whatever happened, under an alias too',
      {
        who: ivan,
        revoked: true,
        revokedUsers: ['ivan@contoso.com', 'x@contoso.com'],
        template: 'deleted',
        now: until,
      },
      'OWNER',
    ],
    [
      'keeps an owner who is also the issuer, even when withdrawn by name',
      { who: olga, issuer: 'olga@contoso.com', revokedUsers: ['olga@contoso.com'] },
      'OWNER',
    ],
  ];
  it.each(table)('%s', (_title, changes, expected) => expect(outcome(changes)).toBe(expected));

  it('adds up the rights of every grant that reaches a person, once each', () => {
    const policy = definePolicy({
      grants: [
        { to: 'contoso.com', rights: ['VIEW'] },
        { to: 'readers@contoso.com', rights: ['PRINT', 'VIEW'] },
        { to: 'AuthenticatedUsers', rights: ['COMMENT'] },
      ],
    });
    expect(outcome({ who: { ...eva, aliases: ['eva@contoso.com'] }, policy })).toBe('VIEW PRINT COMMENT');
  });

  it('exempts owner and issuer, and nobody else', () => {
    expect(decideAccess(question({ who: olga }))).toMatchObject({ exempt: true });
    expect(decideAccess(question({ who: ivan }))).toMatchObject({ exempt: true });
    expect(decideAccess(question())).toMatchObject({ exempt: false });
  });

  it('never mistakes an empty owner or issuer for anyone', () => {
    expect(outcome({ owner: '', issuer: '', who: eva })).toBe('no-grant');
    expect(() => outcome({ owner: '', who: { email: '' } })).toThrow(/user address/);
  });

  it('never gives more after revocation, expiry or deletion than before', () => {
    const principal = fc.constantFrom(
      'bob@contoso.com',
      'contoso.com',
      'AuthenticatedUsers',
      'eva@other.example',
    );
    const right = fc.constantFrom('VIEW', 'PRINT', 'OWNER', 'EXPORT', 'APPROVE');
    const grant = fc.record({ to: principal, rights: fc.array(right, { minLength: 1, maxLength: 4 }) });
    fc.assert(
      fc.property(
        fc.array(grant, { maxLength: 5 }),
        fc.constantFrom('bob@contoso.com', 'eva@other.example', 'kim@third.example'),
        fc.constantFrom<Partial<AccessQuestion>>(
          { revoked: true },
          { template: 'deleted' },
          { now: until },
          { now: new Date(0) },
          { revokedUsers: ['contoso.com', 'other.example', 'third.example'] },
        ),
        (grants, email, change) => {
          const policy = definePolicy({ grants, validFrom: from, validUntil: until });
          const before = decideAccess(question({ who: { email }, policy }));
          const after = decideAccess(question({ who: { email }, policy, ...change }));
          expect(after.granted).toBe(false);
          if (!before.granted) return;
          const reached = grants.flatMap((each) => each.rights);
          for (const each of before.rights) expect(reached).toContain(each);
          expect(before.rights.some((each) => each === 'VIEW' || each === 'OWNER')).toBe(true);
        },
      ),
    );
  });
});

describe('describing a refusal', () => {
  it('says when it expired and whom to ask', () => {
    expect(
      describeRefusal('expired', 'bob@contoso.com', { validUntil: until, referrer: 'help@contoso.com' }),
    ).toBe('This content expired at 2030-02-01 00:00 UTC. To get access, ask help@contoso.com.');
  });

  it('names the person and falls back to the one who protected', () => {
    const text = describeRefusal('no-grant', 'bob@contoso.com');
    expect(text).toContain('bob@contoso.com');
    expect(text).toContain('ask the person who protected it');
  });

  it.each([
    'revoked',
    'revoked-for-user',
    'template-deleted',
    'not-yet-valid',
    'expired',
    'no-grant',
    'no-view-right',
  ] as const)('has whole sentences for %s', (rule) =>
    expect(describeRefusal(rule, 'bob@contoso.com')).toMatch(/^[A-Z].+\. To get access, ask .+\.$/),
  );
});
