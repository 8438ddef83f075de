import type { AccountInfo, AuthenticationResult, PublicClientApplication } from '@azure/msal-node';
import { SealwrightError } from '../errors.ts';
import type { TokenChallenge, TokenProvider } from '../licensing/index.ts';
import { requireAuthority, resourceFor, scopesFor } from './challenge-scopes.ts';
import { msalFailure } from './msal-failure.ts';
import type { MsalOptions } from './msal-options.ts';
import { endWith, onceMade, tokenSource } from './token-source.ts';

/** What a person needs to sign in on another device. */
export interface MsalDeviceCode {
  readonly userCode: string;
  readonly verificationUri: string;
  /** A sentence of the issuer that says what to do. */
  readonly message: string;
  readonly expiresAt: Date;
}

type Interact = (
  application: PublicClientApplication,
  request: {
    readonly scopes: string[];
    readonly resource: string;
    readonly claims: string | undefined;
    readonly loginHint: string | undefined;
  },
  signal: AbortSignal | undefined,
) => Promise<AuthenticationResult | null>;

/**
 * Tokens for a person who signs in with a code on another device; later from MSAL's cache without asking.
 *
 * @param options.show Shows code and address to the person
 * @throws SealwrightError from the provider: `AUTHENTICATION_FAILED`, `SERVICE_UNAVAILABLE`
 * @example
 * ```ts
 * import { msalDeviceCode } from 'sealwright/msal';
 * const tokens = msalDeviceCode({
 *   clientId: '11111111-2222-3333-4444-555555555555',
 *   tenant: 'contoso.com',
 *   show: ({ message }) => console.log(message),
 * });
 * ```
 */
export function msalDeviceCode(
  options: MsalOptions & { readonly show: (code: MsalDeviceCode) => void },
): TokenProvider {
  return personTokens(options, async (application, { scopes, resource, claims }, signal) => {
    const request: Parameters<PublicClientApplication['acquireTokenByDeviceCode']>[0] = {
      scopes,
      ...(claims !== undefined && { claims }),
      ...(options.issuer !== undefined && resource !== '' && { extraParameters: { resource } }),
      deviceCodeCallback: ({ userCode, verificationUri, message, expiresIn }) =>
        options.show({
          userCode,
          verificationUri,
          // Only Microsoft's issuers send a sentence.
          message: message ?? `Open ${verificationUri} and enter the code ${userCode}.`,
          expiresAt: new Date(Date.now() + expiresIn * 1000),
        }),
    };
    const cancel = () => {
      request.cancel = true;
    };
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return await application.acquireTokenByDeviceCode(request);
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  });
}

/**
 * Tokens for a person who signs in with the browser of this machine (authorization code with PKCE); later from MSAL's cache without
 * asking.
 *
 * @param options.open Opens the address in a browser
 * @throws SealwrightError from the provider: `AUTHENTICATION_FAILED`, `SERVICE_UNAVAILABLE`
 * @example
 * ```ts
 * import { msalInteractive } from 'sealwright/msal';
 * const tokens = msalInteractive({
 *   clientId: '11111111-2222-3333-4444-555555555555',
 *   tenant: 'contoso.com',
 *   open: async (url) => console.log(`Open ${url}`),
 * });
 * ```
 */
export function msalInteractive(
  options: MsalOptions & { readonly open: (url: string) => void | Promise<void> },
): TokenProvider {
  return personTokens(options, (application, { scopes, resource, claims, loginHint }, signal) =>
    endWith(
      signal,
      application.acquireTokenInteractive({
        scopes,
        ...(claims !== undefined && { claims }),
        ...(loginHint !== undefined && { loginHint }),
        ...(options.issuer !== undefined && resource !== '' && { extraParameters: { resource } }),
        // MSAL always asks for offline_access, which plain OpenID gives only together with consent (Core 1.0, 11).
        ...(options.issuer !== undefined && { prompt: 'consent' }),
        openBrowser: async (url) => options.open(url),
        successTemplate: 'You are signed in. Close this page and go back to the application.',
        errorTemplate: 'The sign-in failed. Close this page and go back to the application: it says why.',
      }),
    ),
  );
}

/**
 * Tokens for a person who is in MSAL's cache already; nobody is asked.
 *
 * @throws SealwrightError from the provider: `AUTHENTICATION_FAILED` (`no-account`, `interaction-required`, …)
 * @example
 * ```ts
 * import { msalCache, msalSilent } from 'sealwright/msal';
 * import { memoryTokenStore } from 'sealwright/openid';
 * const tokens = msalSilent({ clientId: 'contoso-app', cache: msalCache(memoryTokenStore()) });
 * ```
 */
export function msalSilent(options: MsalOptions): TokenProvider {
  return personTokens(options, undefined);
}

/** What MSAL says when it cannot go on without the person. */
const needsPerson: readonly unknown[] = ['no-account', 'interaction-required', 'refresh-refused'];

function personTokens(options: MsalOptions, interact: Interact | undefined): TokenProvider {
  const made = onceMade(options, (msal, configuration) => new msal.PublicClientApplication(configuration));
  return tokenSource(async (challenge, { renew, signal }) => {
    requireAuthority(challenge, options);
    const scopes = scopesFor(challenge, options, 'user_impersonation');
    const resource = resourceFor(challenge, options);
    const application = await made();
    try {
      return await silently(application, challenge, scopes, renew);
    } catch (error) {
      const failure = msalFailure(error, 'silent');
      const mayAsk = failure instanceof SealwrightError && needsPerson.includes(failure.details.reason);
      if (interact === undefined || !mayAsk) throw failure;
    }
    try {
      const { claims, user: loginHint } = challenge;
      return await interact(application, { scopes, resource, claims, loginHint }, signal);
    } catch (error) {
      signal?.throwIfAborted();
      throw msalFailure(error, 'code');
    }
  });
}

async function silently(
  application: PublicClientApplication,
  { user, claims }: TokenChallenge,
  scopes: string[],
  renew: boolean,
): Promise<AuthenticationResult> {
  const account = chosenAccount(await application.getTokenCache().getAllAccounts(), user);
  return application.acquireTokenSilent({
    account,
    scopes,
    forceRefresh: renew,
    ...(claims !== undefined && { claims }),
  });
}

function chosenAccount(accounts: readonly AccountInfo[], user: string | undefined): AccountInfo {
  const fitting =
    user === undefined
      ? accounts
      : accounts.filter(
          ({ username, idTokenClaims }) =>
            username.toLowerCase() === user.toLowerCase() ||
            String(idTokenClaims?.email ?? '').toLowerCase() === user.toLowerCase(),
        );
  const [first, second] = fitting;
  if (first === undefined) {
    throw new SealwrightError('AUTHENTICATION_FAILED', 'Nobody is signed in with MSAL. Sign in first.', {
      reason: 'no-account',
    });
  }
  if (second !== undefined) {
    throw new SealwrightError(
      'AUTHENTICATION_FAILED',
      'Several people are signed in with MSAL. Say whose token is meant, or use a cache for each.',
      { reason: 'other-account' },
    );
  }
  return first;
}
