import * as openid from 'openid-client';
import type { Issuer } from './issuer.ts';
import { issuerFailure } from './issuer-failure.ts';
import type { Settings } from './settings.ts';
import { needParameters } from './sign-in/authorization.ts';
import type { Answer } from './signed-in.ts';
import type { TokenNeed } from './token-need.ts';

/** Trades a refresh token for new tokens. Throws `AUTHENTICATION_FAILED`, reason `refresh-refused`. */
export async function renew(
  issuer: Issuer,
  settings: Settings,
  need: TokenNeed,
  refreshToken: string,
  signal: AbortSignal,
): Promise<Answer> {
  try {
    return await openid.refreshTokenGrant(issuer.client(signal), refreshToken, {
      ...needParameters(need, settings),
      // The scope of the sign-in holds, unless the service wants something of its own.
      ...(need.scopes.length > 0 && settings.scope === undefined && { scope: need.scopes.join(' ') }),
    });
  } catch (error) {
    signal.throwIfAborted();
    throw issuerFailure(error, 'refresh', settings.issuer);
  }
}

/** A token for the application itself. */
export async function issueToApplication(
  issuer: Issuer,
  settings: Settings,
  need: TokenNeed,
  signal: AbortSignal,
): Promise<Answer> {
  try {
    return await openid.clientCredentialsGrant(issuer.client(signal), {
      ...needParameters(need, settings),
      ...(need.scopes.length > 0 && { scope: need.scopes.join(' ') }),
    });
  } catch (error) {
    signal.throwIfAborted();
    throw issuerFailure(error, 'client-credentials', settings.issuer);
  }
}

/** Tells the issuer that a refresh token is no longer wanted (RFC 7009). Whether it was told. */
export async function revoke(
  issuer: Issuer,
  refreshToken: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (issuer.metadata.revocation_endpoint === undefined) return false;
  await openid.tokenRevocation(issuer.client(signal), refreshToken, { token_type_hint: 'refresh_token' });
  return true;
}
