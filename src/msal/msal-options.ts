import type { ICachePlugin, INetworkModule } from '@azure/msal-node';
import type { CloudName } from '../licensing/index.ts';

/** What is common to all ways of signing in with MSAL. */
export interface MsalOptions {
  /** The application (client) id. */
  readonly clientId: string;
  /** Tenant id or domain; by default `organizations`. Applications need one. */
  readonly tenant?: string | undefined;
  /** By default `commercial`. */
  readonly cloud?: CloudName | undefined;
  /** An OpenID issuer that is not Microsoft's: MSAL then keeps to plain OpenID Connect. Instead of tenant and cloud. */
  readonly issuer?: string | undefined;
  /** Audience of the tokens where it is not the service's own address or `https://aadrm.com` and its like. */
  readonly resource?: string | undefined;
  /** What to ask for instead of what the resource says (spec/sign-in.md, "MSAL"). */
  readonly scopes?: readonly string[] | undefined;
  /** Keeps MSAL's tokens: {@link msalCache}, or a plugin of one's own. By default in memory. */
  readonly cache?: ICachePlugin | undefined;
  /** Sends MSAL's requests, for proxies and certificates of one's own. */
  readonly network?: INetworkModule | undefined;
  /** Capabilities told to the issuer, such as `cp1`: the application understands claims challenges. */
  readonly capabilities?: readonly string[] | undefined;
  /** The module `@azure/msal-node`, where it cannot be imported by that name. */
  readonly msal?: typeof import('@azure/msal-node') | undefined;
}

/** How an application proves itself: one of the two. */
export interface MsalCredential {
  readonly clientSecret?: string | undefined;
  readonly clientCertificate?:
    | {
        /** PKCS#8 PEM. */
        readonly privateKey: string;
        /** SHA-256 of the certificate, hexadecimal. */
        readonly thumbprintSha256: string;
        /** The certificate as PEM, where the issuer finds it by subject name and issuer. */
        readonly x5c?: string | undefined;
      }
    | undefined;
}
