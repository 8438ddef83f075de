import { describe, expect, it } from 'vitest';
import type { Caller } from '../caller.ts';
import { type DirectoryContents, parseDirectory } from './directory-file.ts';
import { testAudience, testIssuer, testNow } from './issuer.test-support.ts';
import type { IssuerSettings } from './issuer-settings.ts';
import { createTokenVerifier } from './token-verifier.ts';

type Settings = Partial<Omit<IssuerSettings, 'issuer'>>;

async function setUp(home: Settings, directory?: DirectoryContents, partner?: Settings) {
  const issuer = await testIssuer();
  const other = await testIssuer('https://login.fabrikam.test');
  const found = directory && parseDirectory(JSON.stringify(directory), 'directory.json');
  const verify = createTokenVerifier({
    issuers: [
      { issuer: issuer.url, audience: [testAudience], ...home },
      ...(partner === undefined
        ? []
        : [{ issuer: other.url, audience: [testAudience], kind: 'partner' as const, ...partner }]),
    ],
    fetch: (input, init) => (String(input).startsWith(other.url) ? other : issuer).fetch(input, init),
    now: () => testNow,
    directory: found && { current: () => found },
  });
  return {
    identify: async (claims: object) => (await verify(await issuer.token(claims as never))).identity,
    refusal: async (claims: object) => reasonOf(verify(await issuer.token(claims as never))),
    partner: async (claims: object) => verify(await other.token(claims as never)),
    partnerRefusal: async (claims: object) => reasonOf(verify(await other.token(claims as never))),
  };
}

const reasonOf = (caller: Promise<Caller>): Promise<unknown> =>
  caller.then(
    () => 'accepted',
    (error) => error.details?.reason ?? error,
  );

describe('the identity in a token', () => {
  it('takes the sign-in name as address where the person has no others', async () => {
    const { identify } = await setUp({
      emailClaim: 'upn',
      emailVerified: 'issuer',
      aliasesClaim: 'proxyAddresses',
    });
    expect(
      await identify({
        upn: 'Ana@contoso.test',
        proxyAddresses: ['X500:/o=Contoso', 'sip:ana@contoso.test'],
      }),
    ).toEqual({
      email: 'ana@contoso.test',
      aliases: [],
      groups: [],
    });
  });

  it('does not take the sign-in name where the person has other addresses', async () => {
    const { identify } = await setUp({
      emailClaim: 'upn',
      emailVerified: 'issuer',
      aliasesClaim: 'proxyAddresses',
    });
    const proxyAddresses = ['smtp:ana.b@contoso.test', 'SMTP:ana.berg@contoso.test'];
    expect(await identify({ upn: 'ana@contoso.test', proxyAddresses })).toEqual({
      email: 'ana.berg@contoso.test',
      aliases: ['ana.b@contoso.test'],
      groups: [],
    });
  });

  it('keeps the sign-in name where it is one of the addresses', async () => {
    const { identify } = await setUp({
      emailClaim: 'preferred_username',
      emailVerified: 'issuer',
      aliasesClaim: 'a',
    });
    const claims = { preferred_username: 'ana@contoso.test', a: ['ab@contoso.test', 'ana@contoso.test'] };
    expect(await identify(claims)).toMatchObject({ email: 'ana@contoso.test', aliases: ['ab@contoso.test'] });
  });

  it('takes addresses of verified domains only, aliases too', async () => {
    const { identify, refusal } = await setUp({
      domains: ['contoso.test', 'contoso.example'],
      aliasesClaim: 'a',
    });
    const aliases = ['ana@contoso.example', 'ana@fabrikam.test', 'ana@mail.contoso.test', 'nonsense'];
    expect((await identify({ a: aliases })).aliases).toEqual(['ana@contoso.example']);
    expect(await refusal({ email: 'ana@fabrikam.test' })).toBe('email-domain');
    expect(await refusal({ email: 'ana@mail.contoso.test' })).toBe('email-domain');
    expect(await refusal({ email: 'ana@evilcontoso.test' })).toBe('email-domain');
  });

  it('does not take a guest of the directory for one of its own people', async () => {
    const { refusal } = await setUp({ emailClaim: 'upn', emailVerified: 'issuer' });
    expect(await refusal({ upn: 'bob_fabrikam.test#EXT#@contoso.test' })).toBe('email-domain');
  });

  it('may be told in another claim that the address is verified', async () => {
    const { identify, refusal } = await setUp({ emailVerifiedClaim: 'xms_edov' });
    expect(await refusal({ email_verified: true })).toBe('email-unverified');
    expect(await identify({ email_verified: undefined, xms_edov: true })).toMatchObject({
      email: 'ana@contoso.test',
    });
  });

  it('lets applications in that are entered, under their address', async () => {
    const { identify, refusal } = await setUp({
      applications: { 'job-1': 'jobs@contoso.test', 'subject-of-robot': 'robot@contoso.test' },
    });
    const application = { email: undefined, email_verified: undefined };
    expect(await identify({ ...application, sub: 'job-1', client_id: 'job-1' })).toMatchObject({
      email: 'jobs@contoso.test',
    });
    expect(await identify({ ...application, sub: 'o-1', oid: 'o-1', appid: 'job-1' })).toMatchObject({
      email: 'jobs@contoso.test',
    });
    expect(await identify({ ...application, sub: 'x', azp: 'job-1', idtyp: 'app' })).toMatchObject({
      email: 'jobs@contoso.test',
    });
    expect(await identify({ ...application, sub: 'subject-of-robot' })).toMatchObject({
      email: 'robot@contoso.test',
    });
    expect(await refusal({ ...application, sub: 'job-2', client_id: 'job-2' })).toBe('email-missing');
    // A person who uses the application is not the application.
    expect(await refusal({ ...application, sub: 'person', azp: 'job-1' })).toBe('email-missing');
    expect(await identify({ sub: 'person', azp: 'job-1' })).toMatchObject({ email: 'ana@contoso.test' });
    expect(await refusal({ ...application, sub: 'toString', client_id: 'toString' })).toBe('email-missing');
  });

  const directory: DirectoryContents = {
    people: [
      { email: 'ana.berg@contoso.test', aliases: ['ana@contoso.test'], signInName: 'a17@contoso.test' },
    ],
    groups: [
      { email: 'legal@contoso.test', ids: ['group-1'], members: ['ana@contoso.test'] },
      { email: 'staff@contoso.test', members: ['legal@contoso.test', 'project@contoso.test'] },
      { email: 'project@contoso.test', members: ['bob@fabrikam.test', 'staff@contoso.test'] },
      { email: 'board@contoso.test', ids: ['group-2'] },
    ],
  };

  it('is completed from the directory: addresses, groups, groups of groups in a circle', async () => {
    const { identify } = await setUp({ emailClaim: 'upn', emailVerified: 'issuer' }, directory);
    expect(await identify({ upn: 'A17@contoso.test' })).toEqual({
      email: 'ana.berg@contoso.test',
      aliases: ['ana@contoso.test'],
      groups: ['legal@contoso.test', 'staff@contoso.test', 'project@contoso.test'],
    });
  });

  it('takes groups from a claim by address, or by an id that the directory knows', async () => {
    const { identify } = await setUp({ groupsClaim: 'groups', domains: ['contoso.test'] }, directory);
    const groups = ['group-2', 'group-9', 'Legal@Contoso.test', 'board@fabrikam.test', 7];
    expect((await identify({ email: 'eva@contoso.test', groups })).groups).toEqual([
      'board@contoso.test',
      'legal@contoso.test',
      'staff@contoso.test',
      'project@contoso.test',
    ]);
  });
});

describe('several issuers side by side', () => {
  const partner = { domains: ['fabrikam.test'], people: ['bob@fabrikam.test', 'eva@fabrikam.test'] };

  it('let partners in who are on the list, as partners', async () => {
    const { partner: sent, partnerRefusal } = await setUp({}, undefined, partner);
    expect(await sent({ email: 'bob@fabrikam.test' })).toMatchObject({
      identity: { email: 'bob@fabrikam.test' },
      home: false,
      issuer: 'https://login.fabrikam.test',
    });
    expect(await partnerRefusal({ email: 'mallory@fabrikam.test' })).toBe('not-listed');
  });

  it('let everyone of a listed domain in, and of no other', async () => {
    const domains = ['fabrikam.test', 'fabrikam.example'];
    const { partnerRefusal } = await setUp({}, undefined, { domains, people: ['fabrikam.test'] });
    expect(await partnerRefusal({ email: 'anyone@fabrikam.test' })).toBe('accepted');
    expect(await partnerRefusal({ email: 'anyone@fabrikam.example' })).toBe('not-listed');
    expect(await partnerRefusal({ email: 'anyone@sub.fabrikam.test' })).toBe('email-domain');
  });

  it('cannot speak for people or groups of one another', async () => {
    const {
      partner: sent,
      partnerRefusal,
      refusal,
    } = await setUp(
      {},
      { groups: [{ email: 'board@contoso.test', ids: ['group-2'] }] },
      { ...partner, aliasesClaim: 'a', groupsClaim: 'groups' },
    );
    expect(await partnerRefusal({ email: 'ana@contoso.test' })).toBe('email-domain');
    expect(await refusal({ email: 'bob@fabrikam.test' })).toBe('email-domain');
    const { identity } = await sent({
      email: 'bob@fabrikam.test',
      a: ['ana@contoso.test'],
      groups: ['board@contoso.test', 'group-2', 'sales@fabrikam.test'],
    });
    expect(identity).toEqual({ email: 'bob@fabrikam.test', aliases: [], groups: ['sales@fabrikam.test'] });
  });

  it('take a partner into a group where the own directory says so', async () => {
    const { partner: sent } = await setUp(
      {},
      { groups: [{ email: 'project@contoso.test', members: ['bob@fabrikam.test'] }] },
      partner,
    );
    expect((await sent({ email: 'bob@fabrikam.test' })).identity.groups).toEqual(['project@contoso.test']);
  });

  it("do not bring a partner into the groups of somebody who has an address in the partner's domain", async () => {
    const { partner: sent } = await setUp(
      {},
      {
        people: [{ email: 'ana@contoso.test', aliases: ['bob@fabrikam.test'] }],
        groups: [
          { email: 'board@contoso.test', members: ['ana@contoso.test'] },
          { email: 'project@contoso.test', members: ['bob@fabrikam.test'] },
        ],
      },
      partner,
    );
    expect((await sent({ email: 'bob@fabrikam.test' })).identity).toEqual({
      email: 'bob@fabrikam.test',
      aliases: [],
      groups: ['project@contoso.test'],
    });
  });

  it('are not configured to take id tokens, which everybody has whom somebody signed in at', async () => {
    const settings = { audience: ['api://rights', 'cli'], clientId: 'cli' };
    await expect(setUp(settings)).rejects.toThrow('id tokens');
  });

  it.each([
    [{ domains: ['contoso.test'] }, { domains: ['contoso.test'], people: ['contoso.test'] }],
    [
      { domains: ['CONTOSO.test'] },
      { domains: ['fabrikam.test', 'contoso.test'], people: ['fabrikam.test'] },
    ],
  ])('cannot be configured to share a domain: %j and %j', async (home, other) => {
    await expect(setUp(home, undefined, other)).rejects.toThrow('belongs to another issuer');
  });

  it('want domains and a list of people from a partner', async () => {
    await expect(setUp({}, undefined, { domains: ['fabrikam.test'] })).rejects.toThrow('list who');
    await expect(setUp({}, undefined, { people: ['fabrikam.test'] })).rejects.toThrow('which mail domains');
  });
});
