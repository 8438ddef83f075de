import { signInFailure } from '../failure.ts';
import type { Issuer } from '../issuer.ts';
import { issuerFetch } from '../issuer-fetch.ts';
import type { Settings } from '../settings.ts';
import type { Answer } from '../signed-in.ts';
import type { TokenNeed } from '../token-need.ts';
import { beginAuthorization } from './authorization.ts';

/** A port is never opened for it: the issuer's redirect is read, not followed. */
const redirectPort = '49152';

/**
 * Signs in by name alone, at an issuer that says of itself that it is for development: there is nobody to ask
 * (spec/sign-in.md, "Development issuers").
 */
export async function signInByName(
  issuer: Issuer,
  settings: Settings,
  need: TokenNeed,
  as: string,
  signal: AbortSignal,
): Promise<Answer> {
  const redirectUri = new URL(settings.redirectUri);
  redirectUri.port = redirectPort;
  const authorization = await beginAuthorization(
    issuer,
    settings,
    need,
    redirectUri.href,
    { login_hint: as, sealwright_sign_in: 'auto' },
    signal,
  );
  const { fetch, insecureLoopback } = settings;
  const response = await issuerFetch({ fetch, insecureLoopback, signal })(authorization.url, {
    method: 'GET',
    headers: { accept: 'text/html' },
    body: undefined,
    redirect: 'manual',
  });
  const location = response.headers.get('location') ?? '';
  const redirected = URL.canParse(location, authorization.url)
    ? new URL(location, authorization.url)
    : undefined;
  if (
    redirected === undefined ||
    redirected.origin !== redirectUri.origin ||
    redirected.pathname !== redirectUri.pathname
  ) {
    throw signInFailure(
      'sign-in-refused',
      `${new URL(settings.issuer).host} does not sign in by name here (HTTP ${response.status}). Check the name and the client id.`,
      { status: response.status },
    );
  }
  return authorization.redeem(redirected);
}
