import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type ClientMetadata, type Configuration, type JWK, Provider } from 'oidc-provider';
import { Agent, fetch as undiciFetch } from 'undici';
import { testCertificate } from './test-certificate.ts';

/** What the provider says about a person in id tokens and access tokens. */
export interface TestPerson {
  readonly sub: string;
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly groups?: readonly string[];
  readonly name?: string;
  readonly [claim: string]: unknown;
}

/** How long things live, in seconds. Change a field at any time: it holds for what is issued next. */
export interface Lifetimes {
  accessToken: number;
  code: number;
  deviceCode: number;
  /** Between two questions of a device. */
  deviceInterval: number;
  refreshToken: number;
}

export interface OpenIdProviderOptions {
  /** HTTPS with {@link testCertificate}, which is the default, or plain HTTP. */
  readonly secure?: boolean;
  /** Audience of access tokens; the only resource there is, and the default of requests that name none. */
  readonly resource?: string;
  /** By login name. Anyone else may sign in too: their e-mail address is their login name, verified. */
  readonly people?: Readonly<Record<string, TestPerson>>;
  /** Claims in access tokens that a client got for itself, by client id. */
  readonly clientClaims?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Beside {@link testClients}. */
  readonly clients?: readonly ClientMetadata[];
  readonly lifetimes?: Partial<Lifetimes>;
}

/** What the person in front of the browser does. */
export interface Visitor {
  /** Login name; without one, the `login_hint` of the request, else Alice. */
  readonly as?: string;
  /** Presses "cancel" instead. */
  readonly cancel?: boolean;
}

/** A real OpenID provider on loopback, with somebody who sits in front of its pages. */
export interface OpenIdProvider {
  readonly issuer: string;
  readonly resource: string;
  readonly lifetimes: Lifetimes;
  /** `fetch` that trusts the provider's certificate. */
  readonly fetch: typeof fetch;
  /** Requests that reached it so far, as `POST /token`. */
  readonly requests: readonly string[];
  /** Signs in at an authorization URL; resolves to the redirect back to the client, which is not followed. */
  authorize(url: string | URL, visitor?: Visitor): Promise<URL>;
  /** Signs in at an authorization URL and follows the redirect back to the client's loopback listener. */
  signIn(url: string | URL, visitor?: Visitor): Promise<Response>;
  /** Enters a device code at the page shown to the person, and signs in. */
  enterDeviceCode(url: string | URL, visitor?: Visitor): Promise<void>;
  /** From now on tokens are signed with a new key; the old one is gone from the key set. Sessions are forgotten. */
  rotateKey(): void;
  close(): Promise<void>;
}

/** A public client for people; a service with a secret; a service with a key. */
export const testClients = {
  people: 'sealwright-cli',
  service: { id: 'sealwright-service', secret: 'a secret that only tests know, long enough for everyone' },
  serviceWithKey: {
    id: 'sealwright-service-with-key',
    ...generateKeyPairSync('rsa', { modulusLength: 2048 }),
  },
} as const;

/** The scope that stands for using the rights service as oneself. */
export const testScope = 'user_impersonation';

const alice = 'alice@contoso.com';

/**
 * Starts `oidc-provider` on a random port of 127.0.0.1: authorization code with PKCE, device code, client
 * credentials, refresh tokens that rotate, revocation, and JWT access tokens for a resource.
 */
export async function startOpenIdProvider(options: OpenIdProviderOptions = {}): Promise<OpenIdProvider> {
  const secure = options.secure ?? true;
  const { ca, cert, key } = secure ? testCertificate() : { ca: '', cert: '', key: '' };
  const agent = new Agent(secure ? { connect: { ca } } : {});
  const requests: string[] = [];
  const lifetimes: Lifetimes = {
    ...{ accessToken: 300, code: 60, deviceCode: 120, deviceInterval: 0.1, refreshToken: 3600 },
    ...options.lifetimes,
  };
  const resource = options.resource ?? 'https://rms.contoso.test';
  const people = new Map<string, TestPerson>(Object.entries(options.people ?? {}));
  const personOf = (login: string): TestPerson => {
    const person = people.get(login) ?? { sub: `sub-${login}`, email: login, email_verified: true };
    people.set(login, person);
    return person;
  };

  let handle: (request: IncomingMessage, response: ServerResponse) => void = () => {};
  const listener = (request: IncomingMessage, response: ServerResponse) => handle(request, response);
  const server = secure ? createSecureServer({ cert, key }, listener) : createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `${secure ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const start = () => {
    const provider = quietly(
      () => new Provider(issuer, configure({ ...options, resource }, lifetimes, people, personOf)),
    );
    provider.use(async (context, next) => {
      await next();
      if (context.oidc?.route === 'device_authorization' && context.status === 200) {
        context.body = { ...(context.body as object), interval: lifetimes.deviceInterval };
      }
    });
    provider.on('server_error', (_, error) => console.error(error));
    const answer = provider.callback();
    handle = (request, response) => {
      requests.push(`${request.method} ${request.url?.split('?')[0]}`);
      if (request.url?.startsWith('/interaction/')) {
        finishInteraction(provider, request, response, personOf).catch((error) => {
          response.writeHead(500).end(String(error));
        });
      } else answer(request, response);
    };
  };
  start();

  const trustingFetch = ((input: string | URL, init?: object) =>
    undiciFetch(input, { ...init, dispatcher: agent })) as unknown as typeof fetch;
  const browse = (url: string | URL, visitor: Visitor) => visit(new URL(url), issuer, visitor, trustingFetch);
  const authorize = async (url: string | URL, visitor: Visitor = {}) => {
    const { redirect, text } = await browse(url, visitor);
    if (redirect === undefined) throw new Error(`The provider sent nobody back: ${text}`);
    return redirect;
  };
  return {
    issuer,
    resource,
    lifetimes,
    requests,
    fetch: trustingFetch,
    authorize,
    signIn: async (url, visitor = {}) => {
      const { redirect, text, posted } = await browse(url, visitor);
      if (redirect === undefined) throw new Error(`The provider sent nobody back: ${text}`);
      return fetch(redirect, posted === undefined ? {} : { method: 'POST', body: posted });
    },
    enterDeviceCode: async (url, visitor = {}) => {
      await browse(url, visitor);
    },
    rotateKey: start,
    close: async () => {
      await agent.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function configure(
  options: OpenIdProviderOptions & { readonly resource: string },
  lifetimes: Lifetimes,
  people: ReadonlyMap<string, TestPerson>,
  personOf: (login: string) => TestPerson,
): Configuration {
  personOf(alice);
  const bySubject = (subject: string) => [...people.values()].find(({ sub }) => sub === subject);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const service = testClients.serviceWithKey;
  return {
    jwks: {
      keys: [{ ...(privateKey.export({ format: 'jwk' }) as JWK), kid: crypto.randomUUID(), use: 'sig' }],
    },
    cookies: { keys: [crypto.randomUUID()] },
    clients: [
      {
        client_id: testClients.people,
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
        redirect_uris: ['http://127.0.0.1/', 'http://localhost/', 'http://localhost'],
      },
      {
        client_id: testClients.service.id,
        client_secret: testClients.service.secret,
        token_endpoint_auth_method: 'client_secret_post',
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      },
      {
        client_id: service.id,
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [service.publicKey.export({ format: 'jwk' }) as JWK] },
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      },
      ...(options.clients ?? []),
    ],
    scopes: ['openid', 'offline_access', 'profile', 'email', testScope],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    findAccount: (_, subject) => {
      const person = bySubject(subject);
      return person && { accountId: subject, claims: async () => ({ ...person }) };
    },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    issueRefreshToken: async (_, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: true,
    expiresWithSession: async () => false,
    extraTokenClaims: (_, token) => {
      if (token.kind === 'ClientCredentials') return options.clientClaims?.[token.clientId ?? ''];
      const { sub: _sub, ...claims } = ('accountId' in token && bySubject(token.accountId)) || { sub: '' };
      return claims;
    },
    ttl: {
      AccessToken: () => lifetimes.accessToken,
      ClientCredentials: () => lifetimes.accessToken,
      AuthorizationCode: () => lifetimes.code,
      DeviceCode: () => lifetimes.deviceCode,
      RefreshToken: () => lifetimes.refreshToken,
      IdToken: () => 300,
      Interaction: () => 300,
      Session: () => 300,
      Grant: () => 3600,
    },
    features: {
      devInteractions: { enabled: false },
      claimsParameter: { enabled: true },
      clientCredentials: { enabled: true },
      deviceFlow: {
        enabled: true,
        userCodeConfirmSource: (context, form) => {
          context.body = form;
        },
        successSource: (context) => {
          context.body = 'Signed in';
        },
      },
      revocation: { enabled: true, allowedPolicy: (_, client, token) => token.clientId === client.clientId },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => options.resource,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          audience: options.resource,
          scope: testScope,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  };
}

/** The page that asks who it is and whether the client may: the visitor's headers answer it. */
async function finishInteraction(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
  personOf: (login: string) => TestPerson,
): Promise<void> {
  const { prompt, params, session, grantId } = await provider.interactionDetails(request, response);
  const finish = (result: Parameters<typeof provider.interactionFinished>[2]) =>
    provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
  if (request.headers['x-cancel'] !== undefined) {
    return finish({ error: 'access_denied', error_description: 'Cancelled by the person' });
  }
  if (prompt.name === 'login') {
    const login = String(request.headers['x-visitor'] ?? params.login_hint ?? alice);
    return finish({ login: { accountId: personOf(login).sub } });
  }
  const existing = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  const grant =
    existing ??
    new provider.Grant({
      ...(session === undefined ? {} : { accountId: session.accountId }),
      clientId: String(params.client_id),
    });
  const { missingOIDCScope, missingOIDCClaims, missingResourceScopes } = prompt.details as {
    missingOIDCScope?: string[];
    missingOIDCClaims?: string[];
    missingResourceScopes?: Record<string, string[]>;
  };
  if (missingOIDCScope) grant.addOIDCScope(missingOIDCScope.join(' '));
  if (missingOIDCClaims) grant.addOIDCClaims(missingOIDCClaims);
  for (const [indicator, scopes] of Object.entries(missingResourceScopes ?? {})) {
    grant.addResourceScope(indicator, scopes.join(' '));
  }
  return finish({ consent: { grantId: await grant.save() } });
}

/** A browser: follows redirects within the provider, keeps cookies, submits each form it is shown. */
async function visit(start: URL, issuer: string, visitor: Visitor, send: typeof fetch) {
  const cookies = new Map<string, string>();
  let url = start;
  let form: URLSearchParams | undefined;
  for (let step = 0; step < 20; step++) {
    const response = await send(url, {
      method: form === undefined ? 'GET' : 'POST',
      ...(form === undefined ? {} : { body: form }),
      redirect: 'manual',
      headers: {
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(visitor.as === undefined ? {} : { 'x-visitor': visitor.as }),
        ...(visitor.cancel === true ? { 'x-cancel': 'yes' } : {}),
      },
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    const text = await response.text();
    const location = response.headers.get('location');
    if (location !== null) {
      url = new URL(location, url);
      form = undefined;
      if (url.origin !== issuer) return { redirect: url, text, posted: undefined };
      continue;
    }
    const action = /<form[^>]* action="([^"]+)"/.exec(text)?.[1];
    // A page with a field to fill in is where it begins again.
    const leaves = action !== undefined && new URL(action, url).origin !== issuer;
    if (action === undefined || (response.status >= 400 && !leaves) || text.includes('type="text"'))
      return { redirect: undefined, text, posted: undefined };
    url = new URL(action, url);
    const fields = new URLSearchParams();
    for (const [input] of text.matchAll(/<input[^>]*>/g)) {
      const name = /name="([^"]*)"/.exec(input)?.[1];
      if (name !== undefined && name !== 'abort') fields.set(name, /value="([^"]*)"/.exec(input)?.[1] ?? '');
    }
    // With response_mode=form_post the answer goes back to the client in a form.
    if (url.origin !== issuer) return { redirect: url, text, posted: fields };
    form = fields;
  }
  throw new Error('The provider keeps redirecting');
}

/** The provider warns on the console about choices that are fine for tests. */
function quietly<T>(make: () => T): T {
  const { info, warn } = console;
  console.info = console.warn = () => {};
  try {
    return make();
  } finally {
    Object.assign(console, { info, warn });
  }
}
