import { SealwrightError } from '../errors.ts';
import { type AnswerHeaders, json, withFixedHeaders } from './answer.ts';
import { errorAnswer, isDefect } from './error-answer.ts';
import { corsHeaders, preflightHeaders } from './operations/cors.ts';
import { addressGroup } from './operations/rate-limit.ts';
import { requestLine } from './operations/request-log.ts';
import { routesOf } from './routes.ts';
import { beginServing, factsOf, respond, type Served } from './served.ts';
import { type ServerContext, serverContext } from './server-context.ts';
import type { Connection, Server, ServerOptions } from './server-options.ts';

/**
 * The licensing authority over HTTP, without a socket: a request in, a response out (spec/server.md). It speaks the Azure RMS
 * REST protocol and never sees content.
 *
 * @throws `INVALID_ARGUMENT` if an option cannot be used
 *
 * @example
 * ```ts
 * const server = createServer({ authority, verifyToken, url: 'https://rms.contoso.com', challenges, facts });
 * const response = await server.fetch(new Request('https://rms.contoso.com/healthz'));
 * ```
 */
export function createServer(options: ServerOptions): Server {
  const context = serverContext(options);
  const routes = routesOf(context);
  const origins = new Set(options.origins ?? []);
  const fixed: AnswerHeaders = context.origin.startsWith('https:')
    ? { 'strict-transport-security': 'max-age=31536000' }
    : {};
  let active = 0;

  /** Refuses what is not worth routing. Throws `THROTTLED`, `SERVICE_UNAVAILABLE`, `INVALID_ARGUMENT`. */
  function admit({ request, address, since }: Served): void {
    if (request.url.length > context.limits.urlLength)
      throw new SealwrightError('LIMIT_EXCEEDED', 'The address of the request is too long.', { status: 414 });
    if (active >= context.limits.concurrent)
      throw new SealwrightError('THROTTLED', 'The service is busy. Try again in a moment.', {
        status: 503,
        reason: 'concurrent',
        retryAfter: 1,
      });
    if (address !== undefined) context.addresses.take(addressGroup(address), since);
  }

  async function answer(served: Served): Promise<Response> {
    admit(served);
    active += 1;
    // Counted until it ends, also where nobody waits for it any more.
    const work = Promise.resolve(routes.fetch(served.request, served)).finally(() => {
      active -= 1;
    });
    return withinTime(work, context.limits.requestTime);
  }

  return {
    async fetch(request, connection: Connection = {}) {
      const cors = corsHeaders(origins, request);
      const served = beginServing(request, connection, cors === undefined ? fixed : { ...fixed, ...cors });
      context.metrics.begin();
      let response: Response;
      try {
        response = isPreflight(request, cors)
          ? respond(served, { ...json(''), status: 204, headers: preflightHeaders })
          : await answer(served);
      } catch (error) {
        noteFailure(context, served, error);
        response = respond(served, errorAnswer(error, served.id));
      }
      if (served.mounted === true) response = withFixedHeaders(response, served.headers);
      finish(context, served, response.status);
      return response;
    },
    metrics: () => context.metrics.text(),
    drain() {
      context.draining = true;
    },
  };
}

const isPreflight = (request: Request, cors: AnswerHeaders | undefined): boolean =>
  request.method === 'OPTIONS' &&
  cors?.['access-control-allow-origin'] !== undefined &&
  request.headers.has('access-control-request-method');

function noteFailure({ metrics }: ServerContext, served: Served, error: unknown): void {
  if (isDefect(error)) served.defect = error;
  if (!(error instanceof SealwrightError)) return;
  served.code = error.code;
  if (error.details.reason !== undefined) served.reason = error.details.reason;
  if (error.code === 'THROTTLED') metrics.throttled(error.details.reason ?? 'other');
}

function finish({ metrics, options, now }: ServerContext, served: Served, status: number): void {
  const duration = performance.now() - served.since;
  metrics.end(served.route, status, duration / 1000);
  if (options.log === undefined) return;
  const { id, request, route, caller, address, code, reason, decision, defect } = served;
  const { correlationId } = factsOf(served);
  options.log(
    requestLine(
      now(),
      {
        id,
        method: methods.has(request.method) ? request.method : 'other',
        route,
        status,
        duration: Math.round(duration * 100) / 100,
        correlationId,
        code,
        reason,
        decision,
        caller,
        address,
        defect,
      },
      options.personalData === true,
    ),
  );
}

/** Methods are text of the client's; only these get into the log. */
const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Ends the waiting, not the work: what was begun is finished, and logged by the authority. */
async function withinTime<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new SealwrightError('TIMED_OUT', 'The service took too long. Try again in a moment.', {
            reason: 'request-time',
          }),
        ),
      milliseconds,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
