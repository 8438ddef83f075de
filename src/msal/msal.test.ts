import * as msal from '@azure/msal-node';
import { describe, expect, it } from 'vitest';
import type { TokenChallenge } from '../licensing/index.ts';
import { type MsalOptions, msalApplication, msalManagedIdentity, msalOnBehalfOf } from './index.ts';

const tenant = '11111111-2222-3333-4444-555555555555';
const failsFor = (reason: string) => ({ code: 'AUTHENTICATION_FAILED', details: { reason } });
const challenge = (over: Partial<TokenChallenge> = {}): TokenChallenge => ({
  ...{ authority: 'https://login.windows.net/common/oauth2/authorize', resource: 'https://aadrm.com' },
  ...{ service: 'https://api.aadrm.com', scope: undefined, claims: undefined, user: undefined },
  refused: undefined,
  ...over,
});

/** Microsoft's issuer, as far as MSAL asks it. */
function microsoft(answer: { status: number; body: Record<string, unknown> }) {
  const bodies: string[] = [];
  const network = {
    sendGetRequestAsync: async (url: string) => {
      throw new Error(`Nobody asked for ${url}`);
    },
    sendPostRequestAsync: async (url: string, options?: { body?: string }) => {
      bodies.push(`${url.split('?')[0]} ${decodeURIComponent(options?.body ?? '')}`);
      return { headers: {}, ...answer };
    },
  } as unknown as msal.INetworkModule;
  return { network, bodies };
}

const good = { token_type: 'Bearer', expires_in: 3600, access_token: 'token' };
const client = (over: Partial<MsalOptions> = {}) => ({
  clientId: 'app',
  tenant,
  clientSecret: 'secret',
  msal,
  ...over,
});

describe('MSAL adapters', () => {
  it.each([
    ['commercial', 'login.microsoftonline.com', challenge()],
    [
      'us-government',
      'login.microsoftonline.us',
      challenge({
        authority: 'https://login.microsoftonline.us/common',
        resource: 'https://aadrm.us',
        service: 'https://api.aadrm.us',
      }),
    ],
    [
      'china',
      'login.partner.microsoftonline.cn',
      challenge({
        authority: 'https://login.chinacloudapi.cn/common',
        resource: 'https://aadrm.cn',
        service: 'https://api.aadrm.cn',
      }),
    ],
  ] as const)(
    'ask the configured tenant of the %s cloud for the default scope',
    async (cloud, host, asked) => {
      const { network, bodies } = microsoft({ status: 200, body: good });
      expect(await msalApplication(client({ cloud, network }))(asked)).toBe('token');
      expect(bodies[0]).toContain(`https://${host}/${tenant}/`);
      expect(bodies[0]).toContain(`scope=${asked.resource}/.default`);
    },
  );

  it('exchange the caller’s token for one to act as the caller', async () => {
    const { network, bodies } = microsoft({ status: 200, body: good });
    expect(
      await msalOnBehalfOf({ ...client({ network }), assertion: () => 'callers-token' })(challenge()),
    ).toBe('token');
    expect(bodies[0]).toContain('scope=https://aadrm.com/user_impersonation');
    expect(bodies[0]).toContain('assertion=callers-token');
  });

  it('never give a refused token again', async () => {
    const { network, bodies } = microsoft({ status: 200, body: good });
    const tokens = msalApplication(client({ network }));
    const refused = await tokens(challenge());
    await expect(tokens(challenge({ refused }))).rejects.toMatchObject(failsFor('token-refused'));
    expect(bodies.length).toBeGreaterThan(1);
  });

  it.each([
    ['other-issuer', { authority: 'https://login.evil.test/common' }],
    ['other-issuer', { authority: 'https://login.windows.net/99999999-2222-3333-4444-555555555555' }],
    ['other-resource', { resource: 'https://graph.microsoft.com' }],
    ['other-resource', { service: 'https://rms.evil.test' }],
    ['other-resource', { resource: 'https://api.aadrm.com/ api://payroll' }],
    ['other-resource', { resource: 'https://payroll.contoso.test@api.aadrm.com' }],
  ])('refuse with %s before anything is sent', async (reason, over) => {
    const { network, bodies } = microsoft({ status: 200, body: good });
    await expect(msalApplication(client({ network }))(challenge(over))).rejects.toMatchObject(
      failsFor(reason),
    );
    expect(bodies).toHaveLength(0);
  });

  it('take no scope of another resource from a challenge, at any issuer', async () => {
    const { network, bodies } = microsoft({ status: 200, body: good });
    const issuer = 'https://login.contoso.test';
    const own = { authority: issuer, service: 'https://rms.test', resource: 'https://rms.test' };
    const tokens = msalApplication(client({ network, issuer, tenant: undefined }));
    await expect(tokens(challenge({ ...own, scope: 'openid api://payroll/.default' }))).rejects.toMatchObject(
      failsFor('other-resource'),
    );
    expect(bodies).toHaveLength(0);
  });

  it('say why the issuer refused, with its error number and no more of its text', async () => {
    const { network } = microsoft({
      status: 401,
      body: { error: 'invalid_client', error_description: 'AADSTS7000215: secret of app Contoso is wrong' },
    });
    const error = await msalApplication(client({ network }))(challenge()).catch((reason: Error) => reason);
    expect(error).toMatchObject(failsFor('client-refused'));
    expect(String(error)).toContain('AADSTS7000215');
    expect(String(error)).not.toContain('Contoso');
  });

  it('say that there is no managed identity where there is none', async () => {
    const network = {
      sendGetRequestAsync: async () => ({ headers: {}, status: 400, body: { error: 'invalid_request' } }),
    } as unknown as msal.INetworkModule;
    await expect(msalManagedIdentity({ msal, network })(challenge())).rejects.toMatchObject(
      failsFor('no-managed-identity'),
    );
  });
});
