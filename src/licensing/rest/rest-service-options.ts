import type { ExchangeOptions } from '../exchange/exchange.ts';

/** A DNS SRV record. */
export interface SrvRecord {
  readonly name: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
}

/** Looks up SRV records; an empty list where there are none. `sealwright/node/network` has one for Node. */
export type ResolveSrv = (
  name: string,
  options?: { readonly signal?: AbortSignal | undefined },
) => Promise<readonly SrvRecord[]>;

/** How to reach a licensing service that speaks the REST protocol. */
export interface RestServiceOptions extends Omit<ExchangeOptions, 'named'> {
  /**
   * Root of the service: `https://rms.contoso.com`, with or without `/my/v2`. Without it the service is discovered: from
   * the license when opening, from `user` when protecting.
   */
  readonly url?: string | URL | undefined;
  /** Mail address of who acts: whose token, and where protecting starts to look for the service. */
  readonly user?: string | undefined;
  /** `v2` by default. */
  readonly protocol?: 'v1' | 'v2' | undefined;
  /** Languages for names and descriptions, best first: `['de-DE', 'en']`. */
  readonly languages?: readonly string[] | undefined;
  /** DNS for discovery. Without it the license's own host or the cloud is asked. */
  readonly resolveSrv?: ResolveSrv | undefined;
  /** Told each step of discovery, and why. */
  readonly onDiscovery?: ((step: DiscoveryStep) => void) | undefined;
  /**
   * Act for somebody else, where the service lets the caller: sent as documented for delegation
   * (spec/rest.md, "Delegation").
   */
  readonly onBehalfOf?: string | undefined;
}

/** One step of finding a service, in words for people and facts for programs. */
export interface DiscoveryStep {
  readonly kind:
    | 'given'
    | 'license-url'
    | 'email'
    | 'dns'
    | 'default'
    | 'asked'
    | 'endpoint'
    | 'refused'
    | 'cached';
  /** What was looked at: a name, a URL, an address. */
  readonly subject: string;
  /** What came of it, and what it means for the next step. */
  readonly outcome: string;
}
