import { describe, expect, it } from 'vitest';
import { createServer } from '../app.ts';
import { createDevIssuer } from '../dev-issuer/index.ts';
import { createTokenVerifier } from '../identity/index.ts';
import { memoryAuthority } from '../server.test-support.ts';
import { administrationRoutes } from './administration-routes.ts';
import { openAdministrators } from './administrators.ts';
import { administrationPaths } from './openapi-paths.ts';
import { administrativeOperations } from './operations.ts';

const origin = 'http://127.0.0.1:8080';

/** A server for development, put together as `serve --dev` does. */
async function setUp() {
  const authority = await memoryAuthority();
  const issuer = createDevIssuer({ url: `${origin}/issuer` });
  const administrators = await openAdministrators({
    'ana@contoso.com': ['owner'],
    'bo@contoso.com': ['auditor'],
  });
  const server = createServer({
    authority,
    verifyToken: createTokenVerifier({
      issuers: [issuer.settings],
      roles: administrators,
      fetch: (input, init) => server.fetch(new Request(input, init)),
    }),
    url: origin,
    challenges: [{ authority: issuer.issuer, resource: issuer.audience }],
    facts: {
      Name: 'Contoso',
      AuthorityId: authority.facts.id,
      KeySha256: authority.facts.keySha256,
      Version: '0',
      Issuers: [{ Issuer: issuer.issuer, Development: true }],
    },
    administration: administrationRoutes({ authority, administrators, onAction: () => undefined }),
    developmentIssuer: issuer,
  });
  async function tokenOf(email: string): Promise<string> {
    const form = (fields: Record<string, string>) => ({ method: 'POST', body: new URLSearchParams(fields) });
    const fields = { client_id: 'sealwright-cli', login_hint: email, sealwright_sign_in: 'auto' };
    const started = await server.fetch(new Request(`${origin}/issuer/device_authorization`, form(fields)));
    const { device_code } = await started.json();
    const grant_type = 'urn:ietf:params:oauth:grant-type:device_code';
    const answer = await server.fetch(
      new Request(`${origin}/issuer/token`, form({ grant_type, device_code, client_id: 'sealwright-cli' })),
    );
    return (await answer.json()).access_token;
  }
  async function send(path: string, who?: string) {
    const headers = who === undefined ? {} : { authorization: `Bearer ${await tokenOf(who)}` };
    return server.fetch(new Request(`${origin}/admin/v1${path}`, { headers }));
  }
  return { server, send };
}

describe('a server with development issuer and administration', () => {
  it('serves both below its own address', async () => {
    const { server, send } = await setUp();
    const discovery = await server.fetch(new Request(`${origin}/issuer/.well-known/openid-configuration`));
    expect(await discovery.json()).toMatchObject({
      issuer: `${origin}/issuer`,
      sealwright_development: true,
    });
    expect((await send('/facts')).status).toBe(401);
    const log = await send('/usage-log', 'bo@contoso.com');
    expect(log.status).toBe(200);
    expect(log.headers.get('content-type')).toBe('application/x-ndjson');
    const roles = await (await send('/roles', 'bo@contoso.com')).json();
    expect(roles.administrators).toHaveLength(2);
  });

  it('says which role is missing', async () => {
    const { send } = await setUp();
    for (const who of ['ana@contoso.com', 'eva@contoso.com']) {
      const refused = await send('/usage-log', who);
      expect(refused.status).toBe(403);
      expect(await refused.json()).toMatchObject({
        Message: expect.stringContaining('the role auditor'),
        Sealwright: { Code: 'ACCESS_DENIED', Rule: 'role-required' },
      });
    }
    expect((await send('/templates/nonsense', 'bo@contoso.com')).status).toBe(400);
    expect((await send('/nothing', 'ana@contoso.com')).status).toBe(404);
  });
});

describe('administrationPaths', () => {
  it('describes every operation once', () => {
    const described = Object.values(administrationPaths()).flatMap((path) => Object.values(path));
    expect(described).toHaveLength(administrativeOperations.length);
    expect(administrationPaths()['/admin/v1/templates/{id}']).toMatchObject({
      put: { parameters: [{ name: 'id', in: 'path' }], requestBody: { required: true } },
    });
    expect(JSON.stringify(described)).toContain('template-administrator or auditor');
  });
});
