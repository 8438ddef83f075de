import { SealwrightError } from '../../errors.ts';
import { type AllowedServices, allowedServices } from './allowed-services.ts';
import { type Complete, isRedirect } from './attempt.ts';
import { checkedNumber } from './checked-number.ts';
import { sleepFor, startDeadline } from './deadline.ts';
import type {
  Exchange,
  ExchangeOptions,
  RequestLimit,
  Retries,
  ServiceAnswer,
  ServiceRequest,
  Timeouts,
} from './exchange.ts';
import { createLimiter, type Limiter, type LimiterClock } from './limiter.ts';
import { createPauses } from './pauses.ts';
import { platformId } from './platform-id.ts';
import { newRequestId } from './request-id.ts';
import type { Run, Wire } from './sending.ts';
import { createSharing } from './sharing.ts';
import { createSignIn } from './sign-in.ts';

const mostRedirects = 3;
/** What Azure RMS takes of one organization. */
const cloudLimit: RequestLimit = { requests: 7500, interval: 10_000 };

/**
 * Makes an exchange: what carries requests to licensing services, in browsers and on Node (spec/rest.md, "Trust", "Sign-in",
 * "Headers", "Endurance"). Throws `INVALID_ARGUMENT` for options that make no sense; what `send` throws is at {@link Exchange}.
 *
 * @example
 * ```ts
 * import { createExchange, staticToken } from 'sealwright/licensing';
 * const exchange = createExchange({ tokens: staticToken('…'), named: ['https://rms.contoso.com'] });
 * const url = new URL('https://rms.contoso.com/my/v2/templates');
 * const { status, json } = await exchange.send({ method: 'GET', url, repeatable: true });
 * ```
 */
export function createExchange(options: ExchangeOptions): Exchange {
  const now = options.now ?? (() => new Date());
  const sleep = options.sleep ?? sleepFor;
  const wire: Wire = {
    // Looked up late, and called on its own: a browser's `fetch` wants no `this`.
    fetch: options.fetch ?? ((...request) => globalThis.fetch(...request)),
    timeouts: completeTimeouts(options.timeouts),
    retries: completeRetries(options.retries),
    limiter: limiterOf(options.limiter, { now, sleep }),
    pauses: createPauses({ now, sleep }),
    random: options.random ?? Math.random,
    now,
    sleep,
  };
  const allowed = allowedServices(options);
  const { tokens } = options;
  const signedInSend = createSignIn({ wire, tokens, allowed, platformId: platformId(options.application) });
  const share = createSharing<ServiceAnswer>();
  const { total } = wire.timeouts;

  async function carry(request: ServiceRequest, parent: AbortSignal | undefined): Promise<ServiceAnswer> {
    const url = allowed.service(request.url, 'The request');
    const deadline = startDeadline(parent);
    const requestId = newRequestId();
    const start = now().getTime();
    const facts = { reason: 'total', host: url.hostname, requestId };
    deadline.limit(total, () => {
      const message = `Everything about the request to ${url.host}, with waits and sign-in, took longer than ${total} ms. Try again later.`;
      return new SealwrightError('TIMED_OUT', message, facts);
    });
    const timeLeft = () => total - Math.max(0, now().getTime() - start);
    const run: Run = { signal: deadline.signal, requestId, timeLeft };
    try {
      deadline.signal.throwIfAborted();
      return await followRedirects(request, url, allowed, (target) => signedInSend(request, target, run));
    } finally {
      deadline.close();
    }
  }

  return {
    async send(request, { signal } = {}) {
      // Where nobody is named, only the tokens tell whether it is the same person who asks: see `createSignIn`.
      if (request.shareKey === undefined || request.user === undefined) return carry(request, signal);
      const key = JSON.stringify([request.method, request.url.href, request.user, request.shareKey]);
      return share(key, signal, (shared) => carry(request, shared));
    },
  };
}

/** Sends a GET on to where it is redirected, as a new contact: nothing of a sign-in elsewhere goes along. */
async function followRedirects(
  { method }: ServiceRequest,
  first: URL,
  allowed: AllowedServices,
  send: (url: URL) => Promise<ServiceAnswer>,
): Promise<ServiceAnswer> {
  let url = first;
  const visited = new Set([url.href]);
  for (;;) {
    const answer = await send(url);
    const location = answer.headers.get('location');
    if (!isRedirect(answer) || location === null) return answer;
    const source = `A redirect from ${url.host}`;
    const target = allowed.service(
      URL.canParse(location, url.href) ? new URL(location, url) : location,
      source,
    );
    const refuse = (reason: string, why: string): never => {
      throw new SealwrightError('MALFORMED_ANSWER', `${source} to ${target.host} was not followed: ${why}`, {
        reason,
        host: url.hostname,
        status: answer.status,
        requestId: answer.requestId,
      });
    };
    if (method !== 'GET')
      refuse(
        'redirect',
        'only questions are, and this request says something. Give the address it leads to.',
      );
    if (url.protocol === 'https:' && target.protocol !== 'https:')
      refuse('redirect', 'it leads from a protected connection to a plain one.');
    if (visited.has(target.href) || visited.size > mostRedirects)
      refuse(
        'redirect-loop',
        `it goes in circles, or further than ${mostRedirects} steps. Ask who runs the service.`,
      );
    visited.add(target.href);
    url = target;
  }
}

const completeTimeouts = (timeouts: Timeouts = {}): Complete<Timeouts> => ({
  head: checkedNumber(timeouts.head ?? 30_000, 'timeouts.head'),
  idle: checkedNumber(timeouts.idle ?? 15_000, 'timeouts.idle'),
  attempt: checkedNumber(timeouts.attempt ?? 60_000, 'timeouts.attempt'),
  total: checkedNumber(timeouts.total ?? 180_000, 'timeouts.total'),
});

const completeRetries = (retries: Retries = {}): Complete<Retries> => ({
  count: checkedNumber(retries.count ?? 4, 'retries.count', { whole: true, most: 100 }),
  delay: checkedNumber(retries.delay ?? 250, 'retries.delay'),
  longestDelay: checkedNumber(retries.longestDelay ?? 60_000, 'retries.longestDelay'),
});

const limiterOf = (given: ExchangeOptions['limiter'] = cloudLimit, clock: LimiterClock): Limiter =>
  'enter' in given ? given : createLimiter(given, clock);
