import type { Authority, RequestFacts } from '../authority/index.ts';
import type { ServerFactsMessage } from '../licensing/index.ts';
import type { Caller, VerifyToken } from './caller.ts';

/** Where a client without a good token is sent (spec/server.md, "Sign-in"). */
export interface ChallengeFacts {
  /** Where tokens are issued: the issuer's authorization endpoint or its base. */
  readonly authority: string;
  /** The audience a token must be for. */
  readonly resource: string;
  readonly scope?: string | undefined;
  /** The issuer as its tokens name it; a bad token of that issuer gets this challenge. */
  readonly issuer?: string | undefined;
  /** Mail domains whose people sign in there, for clients that say whose service they look for. */
  readonly domains?: readonly string[] | undefined;
}

/** What is known of the connection a request came over. */
export interface Connection {
  /** Network address of the client; absent in-process. */
  readonly address?: string | undefined;
}

/** What the server found out about a request before it hands it on. */
export interface HandedOn extends Connection {
  /** Of the request, as the log shows it. */
  readonly id: string;
  /** Who sent it; absent in parts for which nobody signs in. */
  readonly caller: Caller | undefined;
  /** For the usage log. */
  readonly facts: RequestFacts;
}

/**
 * A part of the server that somebody else built. It sees paths without the prefix it is mounted under, gets bodies within
 * the limit, and may throw: errors are rendered as everywhere.
 */
export interface SubApplication {
  fetch(request: Request, handedOn: HandedOn): Response | Promise<Response>;
}

/** At most `requests` in a second over time, and `burst` at once. */
export interface RequestRate {
  readonly perSecond: number;
  readonly burst: number;
}

/** Bounds on what clients may ask of the server (spec/server.md, "Limits"). */
export interface ServerLimits {
  /** Bytes of a body. Default 2 MiB. */
  readonly bodyBytes?: number | undefined;
  /** Characters of path and query. Default 8192. */
  readonly urlLength?: number | undefined;
  /** Requests served at once; those beyond get 503. Default 512. */
  readonly concurrent?: number | undefined;
  /** Milliseconds for one request. Default 30,000. */
  readonly requestTime?: number | undefined;
  /** Of one signed-in caller. Default 750 a second, 7,500 at once. */
  readonly perCaller?: RequestRate | undefined;
  /** Of one network address (IPv6: one /64). Default 1,500 a second, 15,000 at once. */
  readonly perAddress?: RequestRate | undefined;
}

/** What a server is put together from. */
export interface ServerOptions {
  readonly authority: Authority;
  readonly verifyToken: VerifyToken;
  /** The origin clients reach the server under, as discovery names it: `https://rms.contoso.com`. */
  readonly url: string | URL;
  /** At least one; the first is the organization's own. */
  readonly challenges: readonly [ChallengeFacts, ...ChallengeFacts[]];
  /** Answered at `/.well-known/sealwright`. */
  readonly facts: ServerFactsMessage;
  readonly limits?: ServerLimits | undefined;
  /** Web origins whose pages may use the server; none by default. */
  readonly origins?: readonly string[] | undefined;
  /** Who may read `/metrics`; this machine itself by default. */
  readonly metrics?: 'loopback' | 'everyone' | 'off' | undefined;
  /** Gets one line of JSON for each request. */
  readonly log?: ((line: string) => void) | undefined;
  /** Whether lines of the log name callers by mail address and network address. */
  readonly personalData?: boolean | undefined;
  /** Rejects if the server cannot serve; by default the authority's records are read. */
  readonly ready?: (() => Promise<void>) | undefined;
  /** Mounted at `/admin/v1`. */
  readonly administration?: SubApplication | undefined;
  /** Mounted at `/issuer`. */
  readonly developmentIssuer?: SubApplication | undefined;
  readonly now?: (() => Date) | undefined;
}

/** A server without a socket: a request in, a response out. */
export interface Server {
  fetch(request: Request, connection?: Connection): Promise<Response>;
  /** The metrics in Prometheus' text form, for a listener of their own. */
  metrics(): Promise<string>;
  /** From now on `/readyz` says that the server is going away, and connections are closed after their answer. */
  drain(): void;
}
