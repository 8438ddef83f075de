import type { WaitOptions } from '../bytes/index.ts';
import type { TokenProvider } from '../licensing/index.ts';
import type { TokenStore } from './store/token-store.ts';

/** What a person needs to sign in on another device. */
export interface DeviceCode {
  /** The code to type. */
  readonly userCode: string;
  /** Where to type it. */
  readonly verificationUri: string;
  /** The same with the code in it, for a link or a QR code, where the issuer offers that. */
  readonly verificationUriComplete: string | undefined;
  readonly expiresAt: Date;
}

/** Opens the address in the person's browser, or shows it. */
export type OpenBrowser = (url: string, options: WaitOptions) => void | Promise<void>;

/** Shows the code to the person. */
export type ShowDeviceCode = (code: DeviceCode, options: WaitOptions) => void | Promise<void>;

/** How to sign in when there is no usable sign-in (spec/sign-in.md, "Flows"). */
export type SignInMethod =
  /** Not at all: whoever needs a token is told to sign in first. */
  | 'none'
  /** Authorization code with PKCE; the browser comes back to a port of this machine. */
  | { readonly kind: 'browser'; readonly open: OpenBrowser }
  /** A code that the person types elsewhere. */
  | { readonly kind: 'device'; readonly show: ShowDeviceCode }
  /** The application itself, with its secret or key; nobody is asked. */
  | { readonly kind: 'client-credentials' };

/** A key with which the application proves itself (`private_key_jwt`). */
export interface ClientKey {
  /** PKCS#8 PEM: RSA, or EC on P-256. */
  readonly pem: string;
  /** The key's id at the issuer, if it has one. */
  readonly keyId?: string | undefined;
}

/** Options of `openIdTokens`. */
export interface OpenIdOptions {
  /** The issuer, spelled as in its discovery document. */
  readonly issuer: string;
  /** The client, as registered at the issuer. */
  readonly clientId: string;
  readonly clientSecret?: string | undefined;
  readonly clientKey?: ClientKey | undefined;
  /**
   * What to ask for; by default what the service's challenge names. For people, `openid profile email offline_access` is asked for
   * beside it, as far as the issuer offers these.
   */
  readonly scope?: string | undefined;
  /**
   * The audience of the tokens; a service that asks for another one gets none. Without it, a service gets tokens for its own
   * address only, and the clouds' services for `https://aadrm.com`. `false` for issuers that do not know resource indicators.
   */
  readonly resource?: string | false | undefined;
  /** Where the sign-in is kept; by default in memory. */
  readonly store?: TokenStore | undefined;
  /** By default `'none'`. */
  readonly signIn?: SignInMethod | undefined;
  /** Further parameters of authorization and token requests, for issuers that need some. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  /** Where the browser comes back to, without a port, as registered at the issuer; by default `http://127.0.0.1/`. */
  readonly redirectUri?: string | undefined;
  /** Milliseconds a person has to sign in; by default five minutes. */
  readonly signInTimeout?: number | undefined;
  /** Milliseconds before its end at which a token counts as expired; by default one minute, at most half its life. */
  readonly skew?: number | undefined;
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Allows an issuer on this machine without HTTPS, for development. */
  readonly allowInsecureLoopback?: boolean | undefined;
  readonly now?: (() => Date) | undefined;
}

/** Who is signed in, as the issuer says. */
export interface Account {
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | undefined;
  /** A name the person knows the account by: an address mostly. */
  readonly userName: string | undefined;
  readonly name: string | undefined;
  /** When the newest access token ends, if the issuer said so. */
  readonly expiresAt: Date | undefined;
  /** Whether the sign-in can be renewed without the person. */
  readonly renewable: boolean;
}

/** Options of `OpenIdSession.signIn`. */
export interface SignInOptions extends WaitOptions {
  /** Who signs in. At a development issuer that is all it takes; at others it fills in the name on the page. */
  readonly as?: string | undefined;
  /** Sign in with a browser, whatever the session's options say. */
  readonly browser?: OpenBrowser | undefined;
  /** Sign in with a code on another device, whatever the session's options say. */
  readonly device?: ShowDeviceCode | undefined;
}

/** A `TokenProvider` over one sign-in, with the means to begin and end it. */
export interface OpenIdSession extends TokenProvider {
  /** Signs in, replacing the sign-in there is. Throws `AUTHENTICATION_FAILED` with `details.reason`. */
  signIn(options?: SignInOptions): Promise<Account>;
  /**
   * Forgets the sign-in here, and tells the issuer where it takes such notice. `revoked` is whether the issuer was told; if it
   * was not, a copy of the refresh token would still work.
   */
  signOut(options?: WaitOptions): Promise<{ readonly revoked: boolean }>;
  /** Who is signed in. Asks the store only. */
  account(): Promise<Account | undefined>;
}
