import { maxima } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import { type Deadline, startDeadline, untilAborted } from './deadline.ts';
import type { ServiceAnswer, Timeouts } from './exchange.ts';
import { type NetworkFailure, networkFailure } from './network-failure.ts';
import { discard, readBody } from './read-body.ts';
import { readJson } from './read-json.ts';

/** One message, ready to be sent. */
export interface Message {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string | undefined;
  readonly requestId: string;
}

/** Options after their defaults are filled in. */
export type Complete<Options> = { readonly [Name in keyof Options]-?: number };

/** An answer, or why there is none. */
export type Outcome =
  | { readonly answer: ServiceAnswer; readonly failure?: undefined }
  | { readonly answer?: undefined; readonly failure: NetworkFailure };

const redirects = new Set([301, 302, 303, 307, 308]);

/** Whether an answer sends the client elsewhere. */
export const isRedirect = ({ status }: Pick<ServiceAnswer, 'status'>): boolean => redirects.has(status);

/**
 * Sends a message once and reads the answer within its bounds (spec/rest.md, "Endurance"). Rejects with the reason of `signal`, and
 * throws what no repeat can better: `MALFORMED_ANSWER`, `LIMIT_EXCEEDED`, `UNTRUSTED_SERVICE`, `PROXY_FAILED`.
 */
export async function attempt(
  message: Message,
  fetch: typeof globalThis.fetch,
  timeouts: Complete<Timeouts>,
  signal: AbortSignal,
): Promise<Outcome> {
  const deadline = startDeadline(signal);
  const late = (phase: string, says: string) => (): Error =>
    new SealwrightError(
      'TIMED_OUT',
      `${message.url.host} ${says} Try again, and check the network if it stays so.`,
      {
        reason: phase,
        host: message.url.hostname,
        requestId: message.requestId,
      },
    );
  deadline.limit(
    timeouts.attempt,
    late('attempt', `took longer than ${timeouts.attempt} ms for its answer.`),
  );
  try {
    const response = await headOf(message, fetch, deadline, () =>
      deadline.limit(timeouts.head, late('head', `did not answer within ${timeouts.head} ms.`)),
    );
    const idle = late('idle', `sent nothing for ${timeouts.idle} ms in the middle of its answer.`);
    return {
      answer: await readAnswer(message, response, deadline, signal, () =>
        deadline.limit(timeouts.idle, idle),
      ),
    };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (deadline.signal.aborted) {
      const ended = deadline.signal.reason as SealwrightError;
      // A service that drips would drip again; one that did not begin may only have been busy.
      return { failure: { error: ended, unsent: false, passing: ended.details.reason === 'head' } };
    }
    // What this exchange itself found in the answer is final, what a `fetch` threw may be a proxy's word.
    if (error instanceof SealwrightError && error.code !== 'SERVICE_UNAVAILABLE') throw error;
    return { failure: networkFailure(error, message.url, message.requestId) };
  } finally {
    deadline.close();
  }
}

async function headOf(
  message: Message,
  fetch: typeof globalThis.fetch,
  deadline: Deadline,
  waiting: () => () => void,
): Promise<Response> {
  const arrived = waiting();
  const pending = (async () =>
    fetch(message.url, {
      method: message.method,
      // As plain data, because an injected `fetch` may know only its own kind of `Headers`.
      headers: Object.fromEntries(message.headers),
      ...(message.body === undefined ? {} : { body: message.body }),
      signal: deadline.signal,
      redirect: 'manual',
      credentials: 'omit',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
    }))();
  try {
    return await untilAborted(pending, deadline.signal);
  } catch (error) {
    // A `fetch` that does not listen to its signal may still answer.
    pending.then(discard, () => undefined);
    throw error;
  } finally {
    arrived();
  }
}

async function readAnswer(
  { url, requestId }: Message,
  response: Response,
  deadline: Deadline,
  signal: AbortSignal,
  waiting: () => () => void,
): Promise<ServiceAnswer> {
  const { status, headers } = response;
  const facts = { host: url.hostname, requestId, status };
  if (response.type === 'opaqueredirect' || response.redirected) {
    discard(response);
    throw new SealwrightError(
      'UNTRUSTED_SERVICE',
      `${url.host} redirects the request, and this runtime does not show where to. Give the address it leads to instead.`,
      { ...facts, reason: 'redirect-hidden' },
    );
  }
  const answer = (json: unknown): ServiceAnswer => ({ status, headers, json, url, requestId });
  if (isRedirect(response)) {
    discard(response);
    return answer(undefined);
  }
  if (status === 407) {
    discard(response);
    throw new SealwrightError(
      'PROXY_FAILED',
      `The proxy on the way to ${url.host} wants a sign-in. Give its user name and password, or another proxy.`,
      { ...facts, reason: 'proxy-authentication' },
    );
  }
  if (status !== 200) {
    const longest = maxima.refusalBytes;
    const body = await readBody(response, { longest, waiting, signal: deadline.signal }).catch(
      () => undefined,
    );
    // The status says enough; but who gave up is to hear of it.
    if (signal.aborted) throw signal.reason;
    return answer(body === undefined || body.length === 0 ? undefined : jsonOf(readJson(body)));
  }
  const longest = maxima.answerBytes;
  const body = await readBody(response, { longest, waiting, signal: deadline.signal });
  if (body === undefined)
    throw new SealwrightError(
      'LIMIT_EXCEEDED',
      `${url.host} answered with more than ${longest} bytes; the rest was not read. Ask who runs the service.`,
      { ...facts, reason: 'answer-too-long' },
    );
  if (body.length === 0) return answer(undefined);
  const reading = readJson(body);
  if (reading.problem === undefined) return answer(reading.value);
  if (reading.problem === 'too-deep')
    throw new SealwrightError(
      'LIMIT_EXCEEDED',
      `${url.host} answered with JSON nested deeper than ${maxima.jsonDepth}. Ask who runs the service.`,
      { ...facts, reason: reading.problem },
    );
  const isPage = /^text\/html\b/i.test(headers.get('content-type') ?? '');
  throw new SealwrightError(
    'MALFORMED_ANSWER',
    isPage
      ? `${url.host} answered with a web page instead of JSON. The address may be wrong, or a network's sign-in page is in between: open a browser and look.`
      : `${url.host} answered with something that is not JSON. Try again; then ask who runs the service.`,
    { ...facts, reason: isPage ? 'html' : reading.problem },
  );
}

const jsonOf = (reading: ReturnType<typeof readJson>): unknown =>
  reading.problem === undefined ? reading.value : undefined;
