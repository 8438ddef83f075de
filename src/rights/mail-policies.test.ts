import { describe, expect, it } from 'vitest';
import { hasRight } from './check-right.ts';
import { decideAccess } from './decide-access.ts';
import { definePolicy } from './define-policy.ts';
import { doNotForward, encryptOnly } from './mail-policies.ts';
import type { PolicyInput } from './policy.ts';

const rightsOf = (policy: PolicyInput, email: string): readonly string[] => {
  const decision = decideAccess({
    who: { email },
    now: new Date(),
    owner: 'gateway@contoso.com',
    issuer: 'gateway@contoso.com',
    policy: definePolicy(policy),
    revoked: false,
    revokedUsers: [],
  });
  return decision.granted ? decision.rights : [];
};

describe('policies of mail', () => {
  it('lets recipients of Do Not Forward read and answer, and nothing that takes the content elsewhere', () => {
    const held = rightsOf(doNotForward(['Bob@Contoso.com', 'eve@example.net']), 'bob@contoso.com');
    for (const right of ['VIEW', 'DOCEDIT', 'EDIT', 'REPLY', 'REPLYALL', 'OBJMODEL'])
      expect(hasRight(held, right)).toBe(true);
    for (const right of ['FORWARD', 'PRINT', 'EXTRACT', 'EXPORT', 'OWNER', 'EDITRIGHTSDATA'])
      expect(hasRight(held, right)).toBe(false);
  });

  it('lets recipients of Encrypt-Only do everything but take the protection off', () => {
    const held = rightsOf(encryptOnly(['bob@contoso.com']), 'bob@contoso.com');
    for (const right of ['VIEW', 'FORWARD', 'PRINT', 'EXTRACT', 'REPLYALL'])
      expect(hasRight(held, right)).toBe(true);
    for (const right of ['EXPORT', 'OWNER']) expect(hasRight(held, right)).toBe(false);
  });

  it('reaches nobody who was not written to', () => {
    for (const policy of [doNotForward(['bob@contoso.com']), encryptOnly(['bob@contoso.com'])])
      expect(rightsOf(policy, 'eve@contoso.com')).toEqual([]);
  });

  it('gives the sender everything where a gateway protects, also a sender who writes to themselves', () => {
    const policy = doNotForward(['alice@contoso.com', 'bob@contoso.com'], { sender: 'Alice@contoso.com' });
    expect(hasRight(rightsOf(policy, 'alice@contoso.com'), 'EXPORT')).toBe(true);
    expect(hasRight(rightsOf(policy, 'bob@contoso.com'), 'EXPORT')).toBe(false);
  });

  it('names each recipient once, however often and in whatever case they stand in To, Cc and Bcc', () => {
    const { grants } = definePolicy(
      doNotForward(['bob@contoso.com', 'BOB@contoso.com', ' bob@contoso.com ']),
    );
    expect(grants.map(({ to }) => to)).toEqual(['bob@contoso.com']);
  });

  it('refuses domains and what else is no address: a message goes to people', () => {
    for (const recipient of ['contoso.com', 'AuthenticatedUsers', 'Bob', ''])
      expect(() => doNotForward([recipient])).toThrowError(
        expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
      );
  });

  it('carries the end of validity and whom to ask', () => {
    const validUntil = new Date('2030-01-01T00:00:00Z');
    expect(encryptOnly([], { validUntil, referrer: 'help@contoso.com' })).toMatchObject({
      grants: [],
      validUntil,
      referrer: 'help@contoso.com',
    });
  });
});
