import { SealwrightError } from '../../errors.ts';
import { attempt, type Complete, type Message, type Outcome } from './attempt.ts';
import type { Retries, ServiceAnswer, Timeouts } from './exchange.ts';
import type { Limiter, LimiterClock } from './limiter.ts';
import { type Pauses, throttled } from './pauses.ts';
import { comparableWord, printableSentence } from './printable.ts';
import { retryAfter } from './retry-after.ts';

/** What every request of one exchange is sent with. */
export interface Wire extends LimiterClock {
  readonly fetch: typeof globalThis.fetch;
  readonly timeouts: Complete<Timeouts>;
  readonly retries: Complete<Retries>;
  readonly limiter: Limiter;
  readonly pauses: Pauses;
  readonly random: () => number;
}

/** One call of `send`, with all its attempts, rounds and redirects. */
export interface Run {
  readonly signal: AbortSignal;
  readonly requestId: string;
  /** Milliseconds until all of it must be over. */
  readonly timeLeft: () => number;
}

/** Milliseconds; a service that asks for more is asked again in between, in case it was a slip. */
const longestPause = 3_600_000;

interface Setback {
  readonly error: SealwrightError;
  readonly mayRepeat: boolean;
  /** Milliseconds that the service asked for. */
  readonly asked: number | undefined;
}

/**
 * Sends a message, again where that is safe and may help (spec/rest.md, "Endurance"). Throws the codes of `Exchange.send`
 * except `AUTHENTICATION_FAILED`.
 */
export async function sendRepeatedly(
  message: Message,
  repeatable: boolean,
  wire: Wire,
  run: Run,
): Promise<ServiceAnswer> {
  const { count, delay, longestDelay } = wire.retries;
  for (let repeats = 0; ; repeats++) {
    const outcome = await sendInTurn(message, wire, run);
    const setback = setbackOf(outcome, message, repeatable, wire);
    if (setback === undefined) return outcome.answer as ServiceAnswer;
    const { error, mayRepeat, asked } = setback;
    const pauses = error.code === 'THROTTLED' && asked !== undefined;
    if (pauses) wire.pauses.begin(message.url.origin, Math.min(asked + wire.random() * delay, longestPause));
    if (asked !== undefined && asked > longestDelay)
      throw throttled(message.url.host, message.url.hostname, asked, {
        ...(error.details.status === undefined ? {} : { status: error.details.status }),
        requestId: run.requestId,
      });
    if (!mayRepeat || repeats >= count) throw error;
    // With jitter even after what the service asked for: everyone else was told the same.
    const wait =
      asked === undefined
        ? wire.random() * Math.min(longestDelay, delay * 2 ** repeats)
        : asked + wire.random() * delay;
    if (wait >= run.timeLeft()) throw error;
    // Where there is a pause, the next turn waits for it.
    if (!pauses) await wire.sleep(wait, run.signal);
    run.signal.throwIfAborted();
  }
}

async function sendInTurn(message: Message, wire: Wire, run: Run): Promise<Outcome> {
  const { origin } = message.url;
  for (;;) {
    const longest = Math.min(wire.retries.longestDelay + wire.retries.delay, run.timeLeft());
    await wire.pauses.wait(message.url, longest, run.signal);
    const leave = await wire.limiter.enter(run.signal);
    try {
      // The pause may have begun while this request waited for its turn.
      if (!wire.pauses.isPaused(origin)) return await attempt(message, wire.fetch, wire.timeouts, run.signal);
    } finally {
      leave();
    }
  }
}

/** What stands against taking an outcome as the answer, if anything does. */
function setbackOf(
  outcome: Outcome,
  { url, requestId }: Message,
  repeatable: boolean,
  wire: Wire,
): Setback | undefined {
  if (outcome.failure !== undefined) {
    const { error, unsent, passing } = outcome.failure;
    return { error, mayRepeat: passing && (repeatable || unsent), asked: undefined };
  }
  const { status, headers } = outcome.answer;
  if (status !== 429 && status !== 502 && status !== 503 && status !== 504) return undefined;
  const asked = retryAfter(headers.get('retry-after'), wire.now());
  const facts = { status, requestId };
  return {
    // 429 and 503 come before any work is done; behind the others, somebody may have done it.
    mayRepeat: repeatable || status === 429 || status === 503,
    asked,
    error:
      status === 429
        ? throttled(url.host, url.hostname, asked, facts)
        : new SealwrightError('SERVICE_UNAVAILABLE', unavailableText(outcome.answer), {
            ...facts,
            host: url.hostname,
            ...reasonOf(outcome.answer.json),
            ...(asked === undefined ? {} : { retryAfter: Math.ceil(asked / 1000) }),
          }),
  };
}

const unavailableText = ({ url, status, json }: ServiceAnswer): string => {
  const says = printableSentence(member(json, 'Message'));
  return `${url.host} is not available at the moment (HTTP ${status})${says === undefined ? '' : `: ${says}`}. Try again later.`;
};

/** The comparable word in the body of a server of ours. */
export function reasonOf(json: unknown): { readonly reason?: string } {
  const reason = comparableWord(member(member(json, 'Sealwright'), 'Reason'));
  return reason === undefined ? {} : { reason };
}

/** A member of a body of unknown shape. */
export const member = (json: unknown, name: string): unknown =>
  typeof json === 'object' && json !== null && Object.hasOwn(json, name)
    ? (json as Record<string, unknown>)[name]
    : undefined;
