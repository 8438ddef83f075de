import { type Context, Hono } from 'hono';
import { SealwrightError } from '../../errors.ts';
import { isLoopbackHost } from '../../licensing/index.ts';
import type { IssuerSettings } from '../identity/issuer-settings.ts';
import { isLoopback } from '../operations/health.ts';
import type { Connection } from '../server-options.ts';
import {
  type AuthorizationRequest,
  readAuthorizationRequest,
  readAuthorizationTerms,
  requireResource,
  singleFields,
} from './authorization-request.ts';
import { commandLineClient, developmentApplication, requirePublicClient } from './clients.ts';
import { discoveryDocument } from './discovery-document.ts';
import { deviceInterval, deviceLifetime, grants as newGrants } from './grants.ts';
import { invalidRequest, ProtocolError } from './protocol-error.ts';
import { messagePage, signInPage } from './sign-in-page.ts';
import { signedIn } from './signed-in.ts';
import { answerTokenRequest } from './token-endpoint.ts';
import { tokenMinter } from './token-minter.ts';

/** Where the issuer is, and what its tokens are for. */
export interface DevIssuerOptions {
  /** The issuer, `http://127.0.0.1:8443/issuer`: on this machine, or it is refused. */
  readonly url: string | URL;
  /** Audience of its access tokens; the origin of `url` by default. */
  readonly audience?: string | undefined;
  readonly now?: (() => Date) | undefined;
}

/** An OpenID issuer that signs anyone in under any name. */
export interface DevIssuer {
  /** As its tokens name it. */
  readonly issuer: string;
  readonly audience: string;
  /** What a server that accepts its tokens is configured with. */
  readonly settings: IssuerSettings;
  /**
   * Serves a request, with or without the path of the issuer before its own. Whoever serves others too says the network
   * address it came from: another machine gets nothing, under whatever name.
   */
  fetch(request: Request, connection?: Connection): Promise<Response>;
}

/** What whoever starts it has to read. */
export const devIssuerNotice =
  'DEVELOPMENT ONLY: the built-in issuer signs anyone in under any name, without a password. Everyone who can reach this machine can open everything. Protect nothing real with it.';

/**
 * The issuer behind `sealwright serve --dev` (spec/server.md, "Development"): authorization code with PKCE, device
 * code, refresh and client credentials, all in memory.
 *
 * @throws `INVALID_ARGUMENT` for an address that is not on this machine itself
 * @example
 * ```ts
 * const issuer = createDevIssuer({ url: 'http://127.0.0.1:8080/issuer' });
 * const verify = createTokenVerifier({ issuers: [issuer.settings] });
 * ```
 */
export function createDevIssuer(options: DevIssuerOptions): DevIssuer {
  const url = new URL(options.url);
  if (!isLoopbackHost(url.hostname) || url.search !== '' || url.hash !== '')
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      `The development issuer signs anyone in, so it runs on this machine only: ${url.host} is not 127.0.0.1, ::1 or localhost.`,
    );
  const path = url.pathname.replace(/\/$/, '');
  const issuer = url.origin + path;
  const audience = options.audience ?? url.origin;
  const now = options.now ?? (() => new Date());
  const minter = tokenMinter(issuer, audience, now);
  const grants = newGrants(now);
  const routes = new Hono();

  routes.get('/.well-known/openid-configuration', (c) => c.json(discoveryDocument(issuer, minter.algorithm)));
  routes.get('/keys', async (c) => c.json(await minter.keySet()));

  routes.get('/authorize', (c) => {
    const request = readAuthorizationRequest(new URL(c.req.url).searchParams);
    if (request.automatic) return redirectWith(c, request, request.loginHint, request.groups);
    // A request that cannot succeed is told to the client before anybody types anything.
    const refusal = refusalOf(() => readAuthorizationTerms(request, audience));
    return refusal === undefined ? askWhoIsThere(c, request) : redirect(c, request, refusal);
  });
  routes.post('/authorize', async (c) => {
    const form = await formFields(c);
    const email = form.get('email') ?? '';
    const groups = form.get('groups') ?? '';
    form.delete('email');
    form.delete('groups');
    const request = readAuthorizationRequest(form);
    const problem = refusalOf(() => signedIn(email, groups))?.error_description;
    return problem === undefined
      ? redirectWith(c, request, email, groups)
      : askWhoIsThere(c, request, { email, groups, problem });
  });
  routes.post('/token', async (c) =>
    c.json(
      await answerTokenRequest(singleFields(await formFields(c)), c.req.header('authorization'), {
        grants,
        minter,
        audience,
      }),
    ),
  );
  routes.post('/device_authorization', async (c) => {
    const fields = singleFields(await formFields(c));
    const clientId = fields.get('client_id') ?? '';
    requirePublicClient(clientId);
    requireResource(fields.get('resource'), audience);
    const automatic = fields.get('sealwright_sign_in') === 'auto' && fields.has('login_hint');
    const who = automatic ? signedIn(fields.get('login_hint') ?? '', fields.get('groups') ?? '') : undefined;
    const scope = fields.get('scope') ?? 'openid';
    const { deviceCode, userCode } = grants.device({ clientId, scope, who, nonce: undefined }, who);
    return c.json({
      device_code: deviceCode,
      user_code: userCode,
      verification_uri: `${issuer}/device`,
      verification_uri_complete: `${issuer}/device?user_code=${userCode}`,
      expires_in: deviceLifetime,
      interval: deviceInterval,
    });
  });
  const askDevice = (c: Context, fields: ReadonlyMap<string, string>, problem?: string) =>
    page(
      c,
      signInPage({
        action: `${issuer}/device`,
        email: fields.get('email') ?? fields.get('login_hint') ?? '',
        groups: fields.get('groups') ?? '',
        fields: [],
        userCode: fields.get('user_code') ?? '',
        problem,
      }),
      problem === undefined ? 200 : 400,
    );
  routes.get('/device', (c) => askDevice(c, singleFields(new URL(c.req.url).searchParams)));
  routes.post('/device', async (c) => {
    const fields = singleFields(await formFields(c));
    const refusal = refusalOf(() =>
      grants.approveDevice(
        fields.get('user_code') ?? '',
        signedIn(fields.get('email') ?? '', fields.get('groups') ?? ''),
      ),
    );
    if (refusal !== undefined) return askDevice(c, fields, refusal.error_description);
    return page(c, messagePage('Signed in', 'You can close this page and go back to your terminal.'));
  });

  function askWhoIsThere(
    c: Context,
    request: AuthorizationRequest,
    typed?: { readonly email: string; readonly groups: string; readonly problem: string },
  ) {
    const fields = [...request.fields].filter(([name]) => name !== 'email' && name !== 'groups');
    const { origin } = request.redirectUri;
    return page(
      c,
      signInPage({
        action: `${issuer}/authorize`,
        email: request.loginHint,
        groups: request.groups,
        ...typed,
        fields,
      }),
      typed === undefined ? 200 : 400,
      origin,
    );
  }

  /** Sends the client the code of whoever signed in, or why there is none. */
  function redirectWith(c: Context, request: AuthorizationRequest, email: string, groups: string) {
    let code = '';
    const refusal = refusalOf(() => {
      const { scope, nonce, codeChallenge } = readAuthorizationTerms(request, audience);
      const grant = { clientId: request.clientId, scope, nonce, who: signedIn(email, groups) };
      code = grants.code({ grant, redirectText: request.redirectText, codeChallenge });
    });
    return redirect(c, request, refusal ?? { code });
  }

  function redirect(
    c: Context,
    { redirectUri, state }: AuthorizationRequest,
    answer: Readonly<Record<string, string>>,
  ) {
    const target = new URL(redirectUri);
    for (const [name, value] of Object.entries(answer)) target.searchParams.set(name, value);
    if (state !== undefined) target.searchParams.set('state', state);
    target.searchParams.set('iss', issuer);
    return c.redirect(target.href, 303);
  }

  const app = new Hono();
  app.use(async (c, next) => {
    // A name that leads here from outside would let a web page act as its visitors.
    if (!isLoopbackHost(new URL(c.req.url).hostname)) return c.text(elsewhere, 421);
    c.header('cache-control', 'no-store');
    c.header('x-content-type-options', 'nosniff');
    return next();
  });
  app.onError((error, c) => {
    if (!(error instanceof ProtocolError)) throw error;
    if (c.req.method === 'GET') return page(c, messagePage('This does not work', error.message), 400);
    return c.json(oauthError(error), error.code === 'invalid_client' ? 401 : 400);
  });
  app.route('/', routes);
  if (path !== '') app.route(path, routes);

  return Object.freeze({
    issuer,
    audience,
    settings: Object.freeze({
      issuer,
      audience: [audience],
      groupsClaim: 'groups',
      clientId: commandLineClient,
      scope: 'openid email offline_access',
      resource: audience,
      development: true,
      applications: { [developmentApplication.id]: `${developmentApplication.id}@development.invalid` },
    }),
    fetch: async (request: Request, connection: Connection = {}) =>
      isLoopback(connection.address) ? app.fetch(request) : new Response(elsewhere, { status: 421 }),
  });
}

const elsewhere = 'The development issuer answers on this machine only.';

const oauthError = (error: ProtocolError) => ({ error: error.code, error_description: error.message });

/** What OAuth says of a refusal, where `work` throws one. */
function refusalOf(work: () => unknown): ReturnType<typeof oauthError> | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return oauthError(error);
    throw error;
  }
}

/** Fields of a form that this machine itself sent: another site's pages may not sign people in. */
async function formFields(c: Context): Promise<URLSearchParams> {
  const origin = c.req.header('origin');
  if (origin !== undefined && !(URL.canParse(origin) && isLoopbackHost(new URL(origin).hostname)))
    throw invalidRequest('Another site sent this form.');
  const text = await c.req.text();
  if (text.length > 64 * 1024) throw invalidRequest('The form is too long.');
  return new URLSearchParams(text);
}

/** A page that loads nothing; its form may lead on to `target`, which browsers count as part of sending it. */
function page(c: Context, content: ReturnType<typeof messagePage>, status: 200 | 400 = 200, target = '') {
  c.header(
    'content-security-policy',
    `default-src 'none'; style-src 'unsafe-inline'; form-action 'self' ${target}; base-uri 'none'; frame-ancestors 'none'`,
  );
  // Without a referrer browsers would say that the form comes from nowhere.
  c.header('referrer-policy', 'same-origin');
  return c.html(content, status);
}
