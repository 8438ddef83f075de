import { SealwrightError } from '../../errors.ts';
import type { TokenProvider } from '../../licensing/index.ts';
import { fileTokenStore, type OpenIdSession, openIdTokens } from '../../openid/index.ts';
import { tokenPath } from '../profile/config-file.ts';
import type { Profile } from '../profile/profile.ts';
import type { Session } from '../session.ts';
import { isLoopbackUrl } from './loopback.ts';

/** The sign-in of a profile, kept in a file that only its owner reads. */
export function openProfileSession(
  session: Session,
  name: string,
  profile: Profile & { readonly issuer: string; readonly clientId: string },
  fetch: typeof globalThis.fetch,
): OpenIdSession {
  return openIdTokens({
    issuer: profile.issuer,
    clientId: profile.clientId,
    scope: profile.scope,
    resource: profile.resource,
    store: fileTokenStore(tokenPath(session.env, name)),
    allowInsecureLoopback: isLoopbackUrl(profile.issuer),
    fetch,
  });
}

/** Tokens of a profile, or the advice to sign in. */
export function profileTokens(
  session: Session,
  name: string | undefined,
  profile: Profile,
  fetch: typeof globalThis.fetch,
): TokenProvider {
  const { issuer, clientId } = profile;
  if (name !== undefined && issuer !== undefined && clientId !== undefined)
    return orSignInAgain(
      openProfileSession(session, name, { ...profile, issuer, clientId }, fetch),
      name,
      profile,
    );
  return async ({ service }) => {
    throw new SealwrightError(
      'AUTHENTICATION_FAILED',
      `You are not signed in to ${service}. Type "sealwright login --service ${service}", or put a token into SEALWRIGHT_TOKEN.`,
      { reason: 'no-account' },
    );
  };
}

/** Reasons for which a kept sign-in is of no use any more (spec/sign-in.md, "Reasons"). */
const ended: ReadonlySet<unknown> = new Set([
  'no-account',
  'sign-in-expired',
  'refresh-refused',
  'interaction-required',
]);

/** Where a kept sign-in has ended, says what to type. */
function orSignInAgain(tokens: TokenProvider, name: string, profile: Profile): TokenProvider {
  return async (challenge, options) => {
    try {
      return await tokens(challenge, options);
    } catch (error) {
      if (!(error instanceof SealwrightError && ended.has(error.details.reason))) throw error;
      const who = profile.user === undefined ? '' : ` --as ${profile.user}`;
      const which = name === profile.user ? '' : ` --profile ${name}`;
      throw new SealwrightError(
        error.code,
        `Your sign-in at ${profile.issuer} has ended. Type "sealwright login --service ${profile.service}${who}${which}".`,
        { ...error.details, cause: error },
      );
    }
  };
}
