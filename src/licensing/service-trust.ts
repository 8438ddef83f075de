/**
 * Which hosts may see a token, and whose tokens. Whatever stands in a file or in an answer is held against this
 * before it is contacted (spec/rest.md, "Trust").
 */
export interface ServiceTrust {
  /**
   * Hosts that may be asked, beside the one the application named: `rms.contoso.com`, `*.contoso.com` (any depth of
   * subdomain), with a port where it is not 443. Always HTTPS.
   */
  readonly hosts?: readonly string[] | undefined;
  /** Issuers of tokens that a service may point to: `https://login.contoso.com`, with any path below. */
  readonly authorities?: readonly string[] | undefined;
  /**
   * Audiences of the clouds' operator (`https://aadrm.com`, `https://graph.microsoft.com`) for which a service outside its
   * clouds may be given tokens. None by default: such a token could be used against the cloud itself.
   */
  readonly resources?: readonly string[] | undefined;
  /** The public clouds whose hosts and issuers are allowed too; all by default, `[]` for none. */
  readonly clouds?: readonly CloudName[] | undefined;
  /** Allows plain HTTP to this machine itself (127.0.0.0/8, ::1, localhost), for development. */
  readonly insecureLoopback?: boolean | undefined;
  /** Which licensor key a service must have; see {@link KeyPins}. */
  readonly keys?: KeyPins | undefined;
}

/** Clouds that run the Azure Rights Management service. */
export type CloudName = 'commercial' | 'us-government' | 'china';

/**
 * The licensor key that belongs to a service, by host: SHA-256 of the little-endian modulus, hexadecimal. A service
 * without a pin is taken as it is, or, on first use, pinned.
 */
export interface KeyPins {
  /** The pinned key of a host, if there is one. */
  get(host: string): Promise<string | undefined>;
  /** Called when a host without a pin shows its key. Absent: hosts without a pin are not pinned. */
  onFirstUse?(host: string, keySha256: string): Promise<void>;
}
