import type { WaitOptions } from '../../bytes/index.ts';
import type { ServiceTrust } from '../service-trust.ts';
import type { TokenProvider } from '../token-provider.ts';
import type { Limiter } from './limiter.ts';

/** One request to a service. Its body never holds content. */
export interface ServiceRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Headers of the first, unauthenticated request only, which obtains the challenge. */
  readonly challengeHeaders?: Readonly<Record<string, string>> | undefined;
  /** Whether it may be sent again when nobody knows whether it arrived. Repeats carry the same request id. */
  readonly repeatable: boolean;
  /** Requests of one person under way with the same key share one answer: of the same `user`, or else with the same token. */
  readonly shareKey?: string | undefined;
  /** Whose token. */
  readonly user?: string | undefined;
}

/** What a service answered: any status that is not the exchange's own business. */
export interface ServiceAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed body; `undefined` where there is none or, with a status other than 200, where it is no JSON. */
  readonly json: unknown;
  readonly url: URL;
  readonly requestId: string;
}

/**
 * Carries requests to services and answers back: checks trust, signs in, waits and retries, and bounds everything
 * a hostile service could do. It knows no message of any protocol.
 */
export interface Exchange {
  /**
   * Throws `UNTRUSTED_SERVICE`, `AUTHENTICATION_FAILED`, `THROTTLED`, `TIMED_OUT`, `SERVICE_UNAVAILABLE`, `LIMIT_EXCEEDED` (an
   * answer that is too long), `MALFORMED_ANSWER` (no JSON), `PROXY_FAILED`. Every other status is an answer.
   */
  send(request: ServiceRequest, options?: WaitOptions): Promise<ServiceAnswer>;
}

/** What an exchange is made of; everything but `tokens` has a default. */
export interface ExchangeOptions {
  readonly tokens: TokenProvider;
  /** Origin or URL the application itself named: allowed as a matter of course. */
  readonly named?: readonly (string | URL)[] | undefined;
  readonly trust?: ServiceTrust | undefined;
  /** By default the runtime's own. See `sealwright/node/network` for proxies and certificates. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  readonly timeouts?: Timeouts | undefined;
  readonly retries?: Retries | undefined;
  /** By default 7,500 requests in 10 seconds. A `requestLimiter` is shared by all who are given it. */
  readonly limiter?: RequestLimit | Limiter | undefined;
  /** Sent as `x-ms-rms-platform-id` (spec/rest.md, "Headers"). */
  readonly application?: ApplicationFacts | undefined;
  /** The clock and the timers, for tests. */
  readonly now?: (() => Date) | undefined;
  readonly sleep?: ((milliseconds: number, signal?: AbortSignal) => Promise<void>) | undefined;
  /** Between 0 and 1, for jitter. */
  readonly random?: (() => number) | undefined;
}

/** Milliseconds. */
export interface Timeouts {
  /** Until the head of the answer is there: name, connection, TLS, and the service's own time. Default 30,000. */
  readonly head?: number | undefined;
  /** Between two pieces of a body. Default 15,000. */
  readonly idle?: number | undefined;
  /** One attempt from beginning to end. Default 60,000. */
  readonly attempt?: number | undefined;
  /** Everything: attempts, waits and sign-in. Default 180,000. */
  readonly total?: number | undefined;
}

/** How often something that failed by chance is tried again. */
export interface Retries {
  /** Attempts beside the first one. Default 4. */
  readonly count?: number | undefined;
  /** Milliseconds before the first repeat; doubles, with jitter. Default 250. */
  readonly delay?: number | undefined;
  /** Longest wait between two attempts, `Retry-After` included; a service that wants more is `THROTTLED`. Default 60,000. */
  readonly longestDelay?: number | undefined;
}

/** At most `requests` in any `interval`; those beyond wait. Azure RMS takes 7,500 in 10 s per organization. */
export interface RequestLimit {
  readonly requests: number;
  /** Milliseconds. */
  readonly interval: number;
  /** Requests under way at once. Default 64. */
  readonly concurrent?: number | undefined;
}

/** Which application asks; services may refuse applications they do not know. */
export interface ApplicationFacts {
  readonly name?: string | undefined;
  readonly version?: string | undefined;
  /** `Windows`, `Mac`, `Linux`, …, as the protocol spells them. */
  readonly platform?: string | undefined;
  readonly platformVersion?: string | undefined;
}
