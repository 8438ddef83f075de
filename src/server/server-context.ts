import type { Authority } from '../authority/index.ts';
import { SealwrightError } from '../errors.ts';
import type { VerifyToken } from './caller.ts';
import { rateLimit } from './operations/rate-limit.ts';
import { type ServerMetrics, serverMetrics } from './operations/server-metrics.ts';
import type { ServerLimits, ServerOptions } from './server-options.ts';

type Settled<Options> = { readonly [Name in keyof Options]-?: NonNullable<Options[Name]> };

const defaultLimits: Settled<ServerLimits> = {
  bodyBytes: 2 * 1024 * 1024,
  urlLength: 8192,
  concurrent: 512,
  requestTime: 30_000,
  perCaller: { perSecond: 750, burst: 7_500 },
  perAddress: { perSecond: 1_500, burst: 15_000 },
};

/** What every request is served with. */
export interface ServerContext {
  readonly options: ServerOptions;
  readonly authority: Authority;
  readonly verifyToken: VerifyToken;
  readonly challenges: ServerOptions['challenges'];
  /** Without a slash at the end. */
  readonly origin: string;
  readonly limits: Settled<ServerLimits>;
  readonly metrics: ServerMetrics;
  readonly callers: ReturnType<typeof rateLimit>;
  readonly addresses: ReturnType<typeof rateLimit>;
  readonly now: () => Date;
  /** Set once the server is to go away. */
  draining: boolean;
}

/** Settles what the options leave open. Throws `INVALID_ARGUMENT`. */
export function serverContext(options: ServerOptions): ServerContext {
  const given = Object.entries(options.limits ?? {}).filter(([, value]) => value !== undefined);
  const limits = { ...defaultLimits, ...(Object.fromEntries(given) as Partial<Settled<ServerLimits>>) };
  return {
    options,
    authority: options.authority,
    verifyToken: options.verifyToken,
    challenges: options.challenges,
    origin: originOf(options.url),
    limits,
    metrics: serverMetrics(),
    callers: rateLimit(limits.perCaller, 'caller'),
    addresses: rateLimit(limits.perAddress, 'address'),
    now: options.now ?? (() => new Date()),
    draining: false,
  };
}

function originOf(url: string | URL): string {
  let parsed: URL | undefined;
  try {
    parsed = new URL(url);
  } catch {
    parsed = undefined;
  }
  const plain =
    parsed?.pathname === '/' && parsed.search === '' && parsed.hash === '' && parsed.username === '';
  if (parsed === undefined || !plain || (parsed.protocol !== 'https:' && parsed.protocol !== 'http:'))
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      'The url of the server is an origin and nothing else, such as https://rms.contoso.com.',
      { field: 'url' },
    );
  return parsed.origin;
}
