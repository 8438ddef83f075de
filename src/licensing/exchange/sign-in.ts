import { maxima } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { TokenChallenge, TokenProvider } from '../token-provider.ts';
import type { AllowedServices } from './allowed-services.ts';
import type { Message } from './attempt.ts';
import { type BearerChallenge, bearerChallenge, challengeError } from './bearer-challenge.ts';
import { untilAborted } from './deadline.ts';
import type { ServiceAnswer, ServiceRequest } from './exchange.ts';
import { hasBody } from './has-body.ts';
import { printableSentence } from './printable.ts';
import { type HeaderFacts, requestHeaders } from './request-headers.ts';
import { member, type Run, reasonOf, sendRepeatedly, type Wire } from './sending.ts';
import { createSharing } from './sharing.ts';

/** Rounds beside the first one in which the provider is asked for another token. */
const furtherRounds = 2;
const mostRemembered = 256;

/** Sends requests with the tokens that services ask for (spec/rest.md, "Sign-in"). */
export type SignedInSend = (request: ServiceRequest, url: URL, run: Run) => Promise<ServiceAnswer>;

/** What signing in needs. */
export interface SignInOptions {
  readonly wire: Wire;
  readonly tokens: TokenProvider;
  readonly allowed: AllowedServices;
  readonly platformId: string;
}

/** Remembers what each origin asks for, and asks the provider for it every time. */
export function createSignIn({ wire, tokens, allowed, platformId }: SignInOptions): SignedInSend {
  const remembered = new Map<string, BearerChallenge>();
  const remember = (origin: string, challenge: BearerChallenge): void => {
    remembered.delete(origin);
    // Claims are for one token; the others do not need them.
    remembered.set(origin, { ...challenge, claims: undefined });
    if (remembered.size > mostRemembered) remembered.delete(remembered.keys().next().value as string);
  };
  const learning = new Map<string, Promise<unknown>>();
  const shareContact = createSharing<BearerChallenge | ServiceAnswer>();
  const shareAnswer = createSharing<ServiceAnswer>();

  /** Asks without a token, and without saying anything yet: what is there is a challenge, or an answer for everyone. */
  async function firstContact(
    request: ServiceRequest,
    url: URL,
    run: Run,
  ): Promise<BearerChallenge | ServiceAnswer> {
    const facts: HeaderFacts = { requestId: run.requestId, platformId };
    const empty = { ...request, body: hasBody(request) ? {} : undefined };
    const probe = message(empty, url, requestHeaders(empty, facts, request.challengeHeaders), run);
    const answer = await sendRepeatedly(probe, true, wire, run);
    if (answer.status === 401) return challengeIn(answer, url, allowed);
    if (!hasBody(request) || !mayWantMore(answer.status)) return answer;
    // A service that looks at the body before the sender, or at no sender at all. It is an allowed one.
    const whole = message(request, url, requestHeaders(request, facts, request.challengeHeaders), run);
    const second = await sendRepeatedly(whole, request.repeatable, wire, run);
    return second.status === 401 ? challengeIn(second, url, allowed) : second;
  }

  async function learn(
    request: ServiceRequest,
    url: URL,
    run: Run,
  ): Promise<BearerChallenge | ServiceAnswer> {
    const { origin } = url;
    const contact = firstContact(request, url, run).then((found) => {
      if (!isAnswer(found)) remember(origin, found);
      return found;
    });
    const others = learning.get(origin);
    if (others === undefined) learning.set(origin, contact);
    try {
      return await contact;
    } finally {
      if (learning.get(origin) === contact) learning.delete(origin);
    }
  }

  return async (request, url, run) => {
    const others = learning.get(url.origin);
    // Nothing may be awaited between looking and asking, or all who come at once would ask.
    if (others !== undefined) await untilAborted(others, run.signal).catch(() => run.signal.throwIfAborted());
    // Headers for the challenge are to reach the service, so it is asked for anew.
    const known = request.challengeHeaders === undefined ? remembered.get(url.origin) : undefined;
    // What is said without a token is the same for everyone.
    const found =
      known ??
      (await shared(shareContact, request, url, '', run, (signal) =>
        learn(request, url, { ...run, signal }),
      ));
    if (isAnswer(found)) return found;
    const token = await tokenFor(question(found, request, url), tokens, url, run);
    // Shared by whoever has the same token: a provider may well give each caller their own.
    return shared(shareAnswer, request, url, token, run, (signal) =>
      sendWith(token, found, request, url, { ...run, signal }),
    );
  };

  async function sendWith(
    firstToken: string,
    found: BearerChallenge,
    request: ServiceRequest,
    url: URL,
    run: Run,
  ): Promise<ServiceAnswer> {
    let challenge = found;
    let token = firstToken;
    const headers = requestHeaders(request, { requestId: run.requestId, platformId });
    for (let round = 0; ; round++) {
      headers.set('authorization', `Bearer ${token}`);
      const sent = message(request, url, new Headers(headers), run);
      const answer = await sendRepeatedly(sent, request.repeatable, wire, run);
      if (answer.status !== 401) return answer;
      const next = bearerChallenge(answer.headers.get('www-authenticate'), url, allowed);
      if (next !== undefined) remember(url.origin, next);
      if (round === furtherRounds) throw refusedToken(answer, token);
      challenge = next ?? { ...challenge, claims: undefined };
      const refused = token;
      token = await tokenFor(question(challenge, request, url, refused), tokens, url, run);
      if (token === refused) throw refusedToken(answer, token);
    }
  }
}

const question = (
  challenge: BearerChallenge,
  { user }: ServiceRequest,
  url: URL,
  refused?: string,
): TokenChallenge => ({ ...challenge, service: url.origin, user, refused });

const shared = <T>(
  share: ReturnType<typeof createSharing<T>>,
  { method, shareKey, user }: ServiceRequest,
  { href }: URL,
  token: string,
  { signal }: Run,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> =>
  shareKey === undefined
    ? work(signal)
    : share(JSON.stringify([method, href, user ?? null, shareKey, token]), signal, work);

const isAnswer = (found: BearerChallenge | ServiceAnswer): found is ServiceAnswer => 'status' in found;

/** Statuses that an empty body may have caused, or that say that no sign-in is wanted. */
const mayWantMore = (status: number): boolean =>
  (status >= 200 && status < 300) || [400, 411, 413, 415, 422].includes(status);

const message = (request: ServiceRequest, url: URL, headers: Headers, run: Run): Message => ({
  method: request.method,
  url,
  headers,
  body: hasBody(request) ? JSON.stringify(request.body) : undefined,
  requestId: run.requestId,
});

function challengeIn(answer: ServiceAnswer, url: URL, allowed: AllowedServices): BearerChallenge {
  const challenge = bearerChallenge(answer.headers.get('www-authenticate'), url, allowed);
  if (challenge !== undefined) return challenge;
  throw new SealwrightError(
    'AUTHENTICATION_FAILED',
    `${url.host} wants a sign-in but does not say where: its answer has no Bearer challenge with an authority. ` +
      'Check that the address is that of a licensing service.',
    { reason: 'no-challenge', host: url.hostname, status: 401, requestId: answer.requestId },
  );
}

async function tokenFor(
  challenge: TokenChallenge,
  tokens: TokenProvider,
  url: URL,
  run: Run,
): Promise<string> {
  const facts = { host: url.hostname, requestId: run.requestId };
  let token: unknown;
  try {
    token = await untilAborted((async () => tokens(challenge, { signal: run.signal }))(), run.signal);
  } catch (error) {
    if (run.signal.aborted) throw run.signal.reason;
    if (error instanceof SealwrightError) throw error;
    throw new SealwrightError(
      'AUTHENTICATION_FAILED',
      `The token provider gave no token for ${url.host}. Sign in again; the cause says more.`,
      { ...facts, reason: 'no-token', cause: error },
    );
  }
  // The runtime's own error about a header would repeat the token.
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token) || token.length > maxima.tokenCharacters)
    throw new SealwrightError(
      'AUTHENTICATION_FAILED',
      `The token provider gave something for ${url.host} that cannot be a token: it is empty, too long, or has characters that tokens do not have.`,
      { ...facts, reason: 'token-malformed' },
    );
  return token;
}

/** Whether a service has said already what to do. */
const advises = (says: string | undefined): boolean => says?.includes('Sign in again') ?? false;

function refusedToken({ url, headers, json, requestId }: ServiceAnswer, token: string): SealwrightError {
  const { error, description } = challengeError(headers.get('www-authenticate'), token);
  const says = printableSentence(member(json, 'Message'), token) ?? description;
  return new SealwrightError(
    'AUTHENTICATION_FAILED',
    `${url.host} did not accept the token${says === undefined ? '.' : `: ${says}`}${advises(says) ? '' : ' Sign in again, or as somebody the service knows.'}`,
    { reason: error ?? 'token-refused', ...reasonOf(json), host: url.hostname, status: 401, requestId },
  );
}
