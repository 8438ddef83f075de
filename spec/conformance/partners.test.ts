import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Authority, createAuthority, createMemoryStore } from '../../src/authority/index.ts';
import { definePolicy } from '../../src/index.ts';
import { custodianFromPkcs8, generateRsaKey } from '../../src/license/index.ts';
import type { LicensingService } from '../../src/licensing/index.ts';
import { createTokenVerifier, type IssuerSettings } from '../../src/server/index.ts';
import { type OpenIdProvider, startOpenIdProvider } from './openid-provider.ts';
import { signIn } from './provider-tokens.ts';
import { openRestStage, type RestStage } from './rest-service-stage.ts';

// Two organizations, each with an issuer and a server. Contoso lets some of Fabrikam's people open, Fabrikam lets all
// of Contoso's. Fabrikam has verified two domains.
const fabrikamDomains = ['fabrikam.com', 'fabrikam.example'];

/** What the issuers say of people beside the address they sign in with. */
const fabrikamPeople = {
  'dan@fabrikam.com': {
    sub: 'dan',
    email: 'dan@fabrikam.com',
    email_verified: true,
    groups: ['project@fabrikam.com', 'board@contoso.com'],
    proxyAddresses: ['SMTP:dan@fabrikam.com', 'smtp:d@fabrikam.example', 'smtp:ana@contoso.com'],
  },
};

interface Organization {
  readonly issuer: OpenIdProvider;
  authority: Authority;
  stage: RestStage;
  /** Somebody of `by` at this organization's server. */
  client(email: string, by: Organization): LicensingService;
}

let contoso: Organization;
let fabrikam: Organization;

beforeAll(async () => {
  const issuers = [
    await startOpenIdProvider(),
    await startOpenIdProvider({ people: fabrikamPeople }),
  ] as const;
  const [ofContoso, ofFabrikam] = issuers;
  const common = { audience: [ofContoso.resource], aliasesClaim: 'proxyAddresses', groupsClaim: 'groups' };
  contoso = await open(ofContoso, [
    { issuer: ofContoso.issuer, domains: ['contoso.com'], ...common },
    {
      issuer: ofFabrikam.issuer,
      kind: 'partner',
      domains: fabrikamDomains,
      people: ['dan@fabrikam.com', 'fay@fabrikam.com', 'gus@fabrikam.example', 'ana@contoso.com'],
      ...common,
    },
  ]);
  fabrikam = await open(ofFabrikam, [
    { issuer: ofFabrikam.issuer, domains: fabrikamDomains, ...common },
    {
      issuer: ofContoso.issuer,
      kind: 'partner',
      domains: ['contoso.com'],
      people: ['contoso.com'],
      ...common,
    },
  ]);
});

afterAll(async () => {
  for (const each of [contoso, fabrikam]) {
    await each?.stage.close();
    await each?.authority.close();
    await each?.issuer.close();
  }
});

async function open(issuer: OpenIdProvider, issuers: readonly IssuerSettings[]): Promise<Organization> {
  const custodian = await custodianFromPkcs8(await generateRsaKey(2048));
  const authority = await createAuthority({ store: createMemoryStore(), custodian });
  const stage = await openRestStage(authority, () => new Date(), {
    verifyToken: createTokenVerifier({ issuers, fetch: issuer.fetch }),
    challenges: [{ authority: issuer.issuer, resource: issuer.resource, issuer: issuer.issuer }],
  });
  return {
    issuer,
    authority,
    stage,
    client: (email, by) =>
      stage.clientFor(email, {
        tokens: async () => (await signIn(by.issuer, email)).access_token,
        trust: { authorities: [contoso.issuer.issuer, fabrikam.issuer.issuer] },
      }),
  };
}

/** What becomes of opening: the rights, or why not. */
async function openAs(
  email: string,
  by: Organization,
  at: Organization,
  license: Uint8Array,
): Promise<string> {
  try {
    const { rights } = await at.client(email, by).acquireUseLicense(license);
    return rights.join(' ');
  } catch (error) {
    const { code, details } = error as { code?: string; details?: { rule?: string; reason?: string } };
    return code === undefined ? String(error) : `${code} ${details?.rule ?? details?.reason}`;
  }
}

const protect = async (at: Organization, owner: string, ...to: string[]): Promise<Uint8Array> => {
  const policy = definePolicy({ grants: to.map((each) => ({ to: each, rights: ['VIEW'] })) });
  return (await at.client(owner, at).publish({ policy })).publishingLicense;
};

describe('two organizations with servers and issuers of their own', () => {
  it('let a partner open what they were granted, and nothing else', async () => {
    const granted = await protect(contoso, 'ana@contoso.com', 'dan@fabrikam.com');
    const other = await protect(contoso, 'ana@contoso.com', 'bo@contoso.com');
    expect(await openAs('dan@fabrikam.com', fabrikam, contoso, granted)).toBe('VIEW');
    expect(await openAs('fay@fabrikam.com', fabrikam, contoso, granted)).toBe('ACCESS_DENIED no-grant');
    expect(await openAs('dan@fabrikam.com', fabrikam, contoso, other)).toBe('ACCESS_DENIED no-grant');
    expect(await openAs('bo@contoso.com', contoso, contoso, other)).toBe('VIEW');
  });

  it('do not let a partner open who is not on the list, whatever they were granted', async () => {
    const granted = await protect(contoso, 'ana@contoso.com', 'eve@fabrikam.com', 'AuthenticatedUsers');
    expect(await openAs('eve@fabrikam.com', fabrikam, contoso, granted)).toBe(
      'AUTHENTICATION_FAILED not-listed',
    );
    expect(await openAs('fay@fabrikam.com', fabrikam, contoso, granted)).toBe('VIEW');
  });

  it('let everyone of a listed domain open what they were granted', async () => {
    const granted = await protect(fabrikam, 'fay@fabrikam.com', 'contoso.com');
    expect(await openAs('anyone@contoso.com', contoso, fabrikam, granted)).toBe('VIEW');
  });

  it('let a grant to a domain cover that domain and no other, be it below or beside', async () => {
    const first = await protect(contoso, 'ana@contoso.com', 'fabrikam.com');
    const second = await protect(contoso, 'ana@contoso.com', 'fabrikam.example');
    expect(await openAs('fay@fabrikam.com', fabrikam, contoso, first)).toBe('VIEW');
    expect(await openAs('fay@fabrikam.com', fabrikam, contoso, second)).toBe('ACCESS_DENIED no-grant');
    expect(await openAs('gus@fabrikam.example', fabrikam, contoso, first)).toBe('ACCESS_DENIED no-grant');
    expect(await openAs('gus@fabrikam.example', fabrikam, contoso, second)).toBe('VIEW');
    // Dan has a verified address in both.
    expect(await openAs('dan@fabrikam.com', fabrikam, contoso, first)).toBe('VIEW');
    expect(await openAs('dan@fabrikam.com', fabrikam, contoso, second)).toBe('VIEW');
    for (const outside of ['fay@mail.fabrikam.com', 'fay@notfabrikam.com', 'fay@fabrikam.com.evil.example'])
      expect(await openAs(outside, fabrikam, contoso, first)).toBe('AUTHENTICATION_FAILED email-domain');
  });

  it("do not let an issuer speak for the other one's people and groups, even where it is sure of them", async () => {
    const anas = await protect(contoso, 'ana@contoso.com', 'board@contoso.com', 'contoso.com');
    expect(await openAs('ana@contoso.com', fabrikam, contoso, anas)).toBe(
      'AUTHENTICATION_FAILED email-domain',
    );
    // Dan's issuer says that Ana's address is Dan's too, and that Dan is on Contoso's board.
    expect(await openAs('dan@fabrikam.com', fabrikam, contoso, anas)).toBe('ACCESS_DENIED no-grant');
    expect(await openAs('fay@fabrikam.com', contoso, contoso, anas)).toBe(
      'AUTHENTICATION_FAILED email-domain',
    );
    const project = await protect(contoso, 'ana@contoso.com', 'project@fabrikam.com');
    expect(await openAs('dan@fabrikam.com', fabrikam, contoso, project)).toBe('VIEW');
  });

  it('let partners open, and neither protect nor list templates', async () => {
    const dan = contoso.client('dan@fabrikam.com', fabrikam);
    const refused = { code: expect.stringMatching(/ACCESS_DENIED|SERVICE_REFUSED/) };
    await expect(dan.publish({ policy: definePolicy({ grants: [] }) })).rejects.toMatchObject(refused);
    await expect(dan.listTemplates()).rejects.toMatchObject(refused);
    await expect(dan.getClientLicensorCertificate()).rejects.toMatchObject(refused);
  });

  it('do not open what the other one protected', async () => {
    const license = await protect(fabrikam, 'fay@fabrikam.com', 'ana@contoso.com');
    expect(await openAs('ana@contoso.com', contoso, fabrikam, license)).toBe('VIEW');
    expect(await openAs('ana@contoso.com', contoso, contoso, license)).toMatch(/UNTRUSTED_LICENSE/);
  });

  it('write partners into the log under their own address', async () => {
    const users = new Set<string>();
    for await (const row of contoso.authority.usageLog()) users.add(row.userId);
    expect(users).toContain('dan@fabrikam.com');
    expect(users).not.toContain('eve@fabrikam.com');
  });
});
