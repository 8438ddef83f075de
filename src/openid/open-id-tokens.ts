import type { WaitOptions } from '../bytes/index.ts';
import type { SealwrightError } from '../errors.ts';
import type { TokenChallenge } from '../licensing/index.ts';
import { hasReason, signInFailure } from './failure.ts';
import { type Issuer, issuerConnection } from './issuer.ts';
import { keptSignIn } from './kept-sign-in.ts';
import type { OpenIdOptions, OpenIdSession, SignInMethod, SignInOptions } from './open-id-options.ts';
import { issueToApplication, renew, revoke } from './renew.ts';
import { readSettings } from './settings.ts';
import { sharedFlights } from './shared-flights.ts';
import { signInWithBrowser } from './sign-in/browser.ts';
import { signInByName } from './sign-in/development.ts';
import { signInWithDevice } from './sign-in/device.ts';
import {
  type AccountFacts,
  type Answer,
  accountOf,
  carriedClaims,
  isFor,
  type SignedIn,
  usableToken,
  withAnswer,
} from './signed-in.ts';
import { isIssuer, plainNeed, type TokenNeed, tokenNeed } from './token-need.ts';

/** Tokens a service refused are remembered, so that they are not given again; so many of them. */
const mostRefused = 64;

/**
 * Signs in at one OpenID issuer and gives its tokens: kept, renewed before they end, one renewal for all who wait
 * (spec/sign-in.md, "OpenID issuers"). Nothing is asked of the network before the first token is needed.
 *
 * @throws SealwrightError `INVALID_ARGUMENT` for options that cannot be used. Its functions throw `AUTHENTICATION_FAILED` with
 * `details.reason`, `SERVICE_UNAVAILABLE`, `TIMED_OUT`, `THROTTLED`, `MALFORMED_ANSWER`, `LIMIT_EXCEEDED`,
 * `UNTRUSTED_SERVICE`, `MALFORMED_KEY`, and what the store throws
 * @example
 * ```ts
 * import { openIdTokens } from 'sealwright/openid';
 * const tokens = openIdTokens({ issuer: 'https://login.contoso.com', clientId: 'contoso-app' });
 * console.log(await tokens.account()); // undefined: nobody is signed in
 * ```
 */
export function openIdTokens(options: OpenIdOptions): OpenIdSession {
  const settings = readSettings(options);
  const { method } = settings;
  const connect = issuerConnection(settings);
  const kept = keptSignIn(settings);
  const share = sharedFlights<SignedIn>();
  const refused = new Set<string>();
  const isRefused = (token: string): boolean => refused.has(token);
  const usable = (signedIn: SignedIn | undefined, need: TokenNeed) =>
    usableToken(signedIn, need, settings, isRefused);

  const tokens = async (challenge: TokenChallenge, { signal }: WaitOptions = {}): Promise<string> => {
    signal?.throwIfAborted();
    if (challenge.refused !== undefined) remember(challenge.refused);
    // Some services name the issuer's authorization endpoint, which only the issuer itself can confirm.
    const endpoint = isIssuer(challenge.authority, settings.issuer)
      ? undefined
      : (await connect(signal)).metadata.authorization_endpoint;
    const need = tokenNeed(challenge, settings, endpoint);
    let signedIn = kept.seen();
    let token = usable(signedIn, need);
    if (token === undefined) {
      signedIn = await share(JSON.stringify(need), signal, (end) => obtain(need, challenge, end));
      token = usable(signedIn, need) ?? freshToken(signedIn, need);
    }
    requireUser(challenge.user, signedIn?.account);
    return token;
  };

  function remember(token: string): void {
    refused.add(token);
    const [oldest] = refused;
    if (refused.size > mostRefused && oldest !== undefined) refused.delete(oldest);
  }

  /** A token whose life is over as soon as it begins is given once all the same. */
  function freshToken(signedIn: SignedIn, need: TokenNeed): string {
    // The newest may be another service's: what was found for this one may have ended or been refused meanwhile.
    const token = signedIn.tokens.find((each) => isFor(each, need))?.accessToken;
    if (token === undefined || isRefused(token)) {
      throw signInFailure(
        'token-refused',
        `${settings.issuer} gave the token again that the service had refused. Ask who runs the service which tokens it takes.`,
      );
    }
    return token;
  }

  async function obtain(need: TokenNeed, challenge: TokenChallenge, signal: AbortSignal): Promise<SignedIn> {
    const renewed = await kept.exclusively(() => obtainSilently(need, challenge, signal), { signal });
    if ('account' in renewed) return renewed;
    if (method === 'none' || method.kind === 'client-credentials') throw renewed;
    return signInNow(method, need, challenge.user, signal);
  }

  /** A sign-in with a usable token, or why there is none without the person. */
  async function obtainSilently(
    need: TokenNeed,
    challenge: TokenChallenge,
    signal: AbortSignal,
  ): Promise<SignedIn | SealwrightError> {
    const signedIn = await kept.load();
    if (signedIn !== undefined && usable(signedIn, need) !== undefined) return signedIn;
    if (method !== 'none' && method.kind === 'client-credentials') {
      const issuer = await connect(signal);
      return saved(await issueToApplication(issuer, settings, need, signal), undefined, need);
    }
    if (signedIn === undefined) return noAccount();
    if (signedIn.refreshToken === undefined) return signInExpired();
    if (carriedClaims(signedIn, need, challenge.refused)) return claimsRefused();
    return renewed(signedIn, signedIn.refreshToken, need, signal);
  }

  async function renewed(
    signedIn: SignedIn,
    refreshToken: string,
    need: TokenNeed,
    signal: AbortSignal,
  ): Promise<SignedIn | SealwrightError> {
    try {
      return await saved(
        await renew(await connect(signal), settings, need, refreshToken, signal),
        signedIn,
        need,
      );
    } catch (error) {
      if (!hasReason(error, 'refresh-refused', 'interaction-required', 'scope-refused')) throw error;
      // Where the store has no lock, another process may just have used this refresh token and written the next one.
      const newer = await kept.load();
      if (usable(newer, need) !== undefined && newer !== undefined) return newer;
      if (newer?.refreshToken !== undefined && newer.refreshToken !== refreshToken) {
        return renewed(newer, newer.refreshToken, need, signal);
      }
      if (hasReason(error, 'refresh-refused') && newer !== undefined)
        await kept.save({ ...newer, refreshToken: undefined });
      return error as SealwrightError;
    }
  }

  async function saved(answer: Answer, before: SignedIn | undefined, need: TokenNeed): Promise<SignedIn> {
    const signedIn = withAnswer(before, answer, need, settings);
    await kept.save(signedIn);
    return signedIn;
  }

  async function signInNow(
    how: Exclude<SignInMethod, 'none'> | { readonly kind: 'name' },
    need: TokenNeed,
    as: string | undefined,
    signal: AbortSignal,
  ): Promise<SignedIn> {
    const expired = new AbortController();
    const timer = setTimeout(() => expired.abort(), settings.signInTimeout);
    const both = AbortSignal.any([signal, expired.signal]);
    try {
      const answer = await ask(await connect(both), how, need, as, both);
      return await kept.exclusively(() => saved(answer, undefined, need), { signal });
    } catch (error) {
      if (expired.signal.aborted && !signal.aborted) {
        throw signInFailure(
          'sign-in-timeout',
          `Nobody signed in at ${new URL(settings.issuer).host} in time. Sign in again.`,
        );
      }
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  async function ask(
    issuer: Issuer,
    how: Exclude<SignInMethod, 'none'> | { readonly kind: 'name' },
    need: TokenNeed,
    as: string | undefined,
    signal: AbortSignal,
  ): Promise<Answer> {
    if (as !== undefined && issuer.development) return signInByName(issuer, settings, need, as, signal);
    switch (how.kind) {
      case 'browser':
        return signInWithBrowser(issuer, settings, need, how.open, as, signal);
      case 'device':
        return signInWithDevice(issuer, settings, need, how.show, signal);
      case 'client-credentials':
        return issueToApplication(issuer, settings, need, signal);
      case 'name':
        throw as === undefined
          ? signInFailure('no-account', 'Nobody was told how to sign in: give signIn a browser or a device.')
          : signInFailure(
              'not-a-development-issuer',
              `${settings.issuer} does not sign people in by name alone: give signIn a browser or a device.`,
            );
    }
  }

  const noAccount = () =>
    signInFailure(
      'no-account',
      `Nobody is signed in at ${settings.issuer}. Sign in first: call signIn, or type "sealwright login".`,
    );
  const signInExpired = () =>
    signInFailure(
      'sign-in-expired',
      `The sign-in at ${settings.issuer} has ended and cannot be renewed. Sign in again.`,
    );
  const claimsRefused = () =>
    signInFailure(
      'interaction-required',
      'The service wants more proof of who signs in than renewing can give. Sign in again.',
    );

  async function signIn({ as, browser, device, signal }: SignInOptions = {}) {
    signal?.throwIfAborted();
    const how =
      browser !== undefined
        ? ({ kind: 'browser', open: browser } as const)
        : device !== undefined
          ? ({ kind: 'device', show: device } as const)
          : method === 'none'
            ? ({ kind: 'name' } as const)
            : method;
    const signedIn = await signInNow(how, plainNeed(settings), as, signal ?? new AbortController().signal);
    return accountOf(signedIn, settings);
  }

  async function signOut({ signal }: WaitOptions = {}) {
    const refreshToken = await kept.exclusively(
      async () => {
        const signedIn = await kept.load();
        await kept.clear();
        return signedIn?.refreshToken;
      },
      { signal },
    );
    if (refreshToken === undefined) return { revoked: false };
    try {
      return { revoked: await revoke(await connect(signal), refreshToken, signal) };
    } catch {
      signal?.throwIfAborted();
      // Signing out must work without a network; the caller learns that the issuer does not know.
      return { revoked: false };
    }
  }

  async function account() {
    const signedIn = await kept.load();
    return signedIn && accountOf(signedIn, settings);
  }

  return Object.assign(tokens, { signIn, signOut, account });
}

/** A service may ask for the token of one person in particular; an account without an address cannot be told apart. */
function requireUser(user: string | undefined, account: AccountFacts | undefined): void {
  const names = [account?.email, account?.userName].filter((name) => name?.includes('@'));
  if (user === undefined || names.length === 0) return;
  if (names.some((name) => name?.toLowerCase() === user.toLowerCase())) return;
  throw signInFailure(
    'other-account',
    `A token of ${user} is needed, and ${names[0]} is signed in. Sign in with that account.`,
  );
}
