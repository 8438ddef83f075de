/** How the log of a server may look. */
export const logForms = ['text', 'json', 'off'] as const;

/** What `serve` takes. */
export interface ServeOptions {
  readonly dev?: boolean;
  readonly config?: string;
  readonly listen?: string;
  readonly url?: string;
  readonly issuer?: string;
  readonly audience?: string;
  readonly clientId?: string;
  readonly domain?: readonly string[];
  readonly trustedProxy?: readonly string[];
  readonly tlsCertificate?: string;
  readonly tlsKey?: string;
  readonly authority?: string;
  readonly passphraseFile?: string;
  readonly log?: (typeof logForms)[number];
}
