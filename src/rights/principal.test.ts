import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesPrincipal, normalizeAddress, normalizePrincipal, principalKind } from './principal.ts';

const bob = {
  email: 'Bob@Contoso.com',
  aliases: ['bob@fabrikam.example'],
  groups: ['writers@groups.example'],
};
const alice = 'alice@contoso.com';

describe('reading a principal', () => {
  it.each([
    [' Bob@Contoso.COM ', 'bob@contoso.com', 'address'],
    ["o'brien+x@contoso.com", "o'brien+x@contoso.com", 'address'],
    ['Contoso.com', 'contoso.com', 'domain'],
    ['authenticatedusers', 'AuthenticatedUsers', 'authenticated-users'],
    ['ipc_user_id_owner', 'IPC_USER_ID_OWNER', 'owner'],
    ['AllStaff-7184AB3F-CCD1-46F3-8233-3E09E9CF0E66@Contoso.com', 'contoso.com', 'domain'],
    ['eva@M\u00fcnchen.example', 'eva@xn--mnchen-3ya.example', 'address'],
  ])('reads %s as %s, %s', (written, normal, kind) => {
    expect(normalizePrincipal(written)).toBe(normal);
    expect(principalKind(written)).toBe(kind);
  });

  it.each([
    '',
    'everyone',
    'AuthenticatedUser',
    '@contoso.com',
    'bob@',
    'bob@localhost',
    'a b@contoso.com',
    'bob@contoso.com, eva@contoso.com',
    'bob@@contoso.com',
    'bob@con_toso..com',
    'bob@contoso.com\r\nX',
    'contoso.com/x',
    `${'a'.repeat(65)}@contoso.com`,
    `a@${'b.'.repeat(200)}com`,
    '<bob@contoso.com>',
  ])('refuses %j with a sentence that shows the allowed forms', (text) => {
    expect(() => normalizePrincipal(text)).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining('bob@contoso.com'),
      }),
    );
  });

  it('refuses look-alike letters that would lower-case to plain ones', () => {
    expect(() => normalizeAddress('\u212Aim@contoso.com')).toThrow(/not a valid/);
    expect(() => normalizeAddress('kim@\u212Aontoso.com')).toThrow(/not a valid/);
  });

  it('is idempotent and never throws anything but the one error', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.emailAddress(), fc.domain(), fc.string({ unit: 'binary' })),
        (text) => {
          let once: string;
          try {
            once = normalizePrincipal(text);
          } catch (error) {
            expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' });
            return;
          }
          expect(normalizePrincipal(once)).toBe(once);
        },
      ),
    );
  });
});

describe('matching a principal', () => {
  it.each([
    ['bob@contoso.com', true],
    ['BOB@fabrikam.example', true],
    ['writers@groups.example', true],
    ['contoso.com', true],
    ['fabrikam.example', true],
    ['AuthenticatedUsers', true],
    ['AllStaff-7184AB3F-CCD1-46F3-8233-3E09E9CF0E66@contoso.com', true],
    ['alice@contoso.com', false],
    ['groups.example', false],
    ['mail.contoso.com', false],
    ['toso.com', false],
    ['IPC_USER_ID_OWNER', false],
    ['not a principal', false],
    ['', false],
  ])('%s reaches the person: %s', (principal, reached) => {
    expect(matchesPrincipal(principal, bob, alice)).toBe(reached);
  });

  it('IPC_USER_ID_OWNER reaches the owner, under any of the owner’s addresses', () => {
    expect(matchesPrincipal('IPC_USER_ID_OWNER', bob, 'bob@fabrikam.example')).toBe(true);
    expect(matchesPrincipal('IPC_USER_ID_OWNER', bob, '')).toBe(false);
  });

  it('refuses an identity whose address is no mail address', () => {
    expect(() => matchesPrincipal('contoso.com', { email: '' }, '')).toThrow(/user address/);
  });
});
