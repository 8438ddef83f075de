import { SealwrightError } from '../errors.ts';
import { isSafeAddress } from './issuer-fetch.ts';
import type { ClientKey, OpenIdOptions, SignInMethod } from './open-id-options.ts';
import { memoryTokenStore, type TokenStore } from './store/token-store.ts';

/** Checked options. */
export interface Settings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  readonly clientKey: ClientKey | undefined;
  readonly scope: readonly string[] | undefined;
  readonly resource: string | false | undefined;
  readonly store: TokenStore;
  readonly method: SignInMethod;
  readonly parameters: Readonly<Record<string, string>>;
  readonly redirectUri: URL;
  readonly signInTimeout: number;
  readonly skew: number;
  readonly fetch: typeof globalThis.fetch;
  readonly insecureLoopback: boolean;
  readonly now: () => Date;
}

export const scopesOf = (text: string | undefined): readonly string[] =>
  [...new Set((text ?? '').split(/\s+/))].filter((scope) => /^[\x21\x23-\x5b\x5d-\x7e]{1,512}$/.test(scope));

const wrong = (message: string): SealwrightError => new SealwrightError('INVALID_ARGUMENT', message);

export function readSettings(options: OpenIdOptions): Settings {
  const { issuer, clientId, clientSecret, clientKey, signIn = 'none' } = options;
  const insecureLoopback = options.allowInsecureLoopback === true;
  if (!URL.canParse(issuer) || !isSafeAddress(new URL(issuer), insecureLoopback)) {
    throw wrong(
      'The issuer must be an https address. For one on this machine, allowInsecureLoopback allows http.',
    );
  }
  if (clientId === '') throw wrong('clientId is empty: name the client as registered at the issuer.');
  if (clientSecret !== undefined && clientKey !== undefined)
    throw wrong('Give clientSecret or clientKey, not both.');
  const method = signIn;
  if (
    method !== 'none' &&
    method.kind === 'client-credentials' &&
    clientSecret === undefined &&
    clientKey === undefined
  ) {
    throw wrong('Client credentials need clientSecret or clientKey.');
  }
  const redirect = options.redirectUri ?? 'http://127.0.0.1/';
  const redirectUri = URL.canParse(redirect) ? new URL(redirect) : undefined;
  if (
    redirectUri === undefined ||
    redirectUri.protocol !== 'http:' ||
    !['127.0.0.1', '[::1]', 'localhost'].includes(redirectUri.hostname) ||
    redirectUri.port !== '' ||
    redirectUri.search !== '' ||
    redirectUri.hash !== ''
  ) {
    throw wrong('redirectUri must be http://127.0.0.1/, http://[::1]/ or http://localhost/, without a port.');
  }
  return {
    issuer,
    clientId,
    clientSecret,
    clientKey,
    scope: options.scope === undefined ? undefined : scopesOf(options.scope),
    resource: options.resource,
    store: options.store ?? memoryTokenStore(),
    method,
    parameters: options.parameters ?? {},
    redirectUri,
    signInTimeout: options.signInTimeout ?? 5 * 60_000,
    skew: options.skew ?? 60_000,
    fetch: options.fetch ?? globalThis.fetch,
    insecureLoopback,
    now: options.now ?? (() => new Date()),
  };
}
