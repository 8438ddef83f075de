import { Hono } from 'hono';
import { SealwrightError } from '../errors.ts';
import { type Answer, json } from './answer.ts';
import { openApiDocument } from './openapi.ts';
import { isLoopback, readiness } from './operations/health.ts';
import { readBody, readJson } from './operations/read-body.ts';
import { protocolVersions } from './protocol/call.ts';
import { type ProtocolRoute, protocolRoutes } from './protocol/routes.ts';
import { factsOf, respond, type Served } from './served.ts';
import type { ServerContext } from './server-context.ts';
import type { SubApplication } from './server-options.ts';
import { isAnswer, signIn } from './sign-in.ts';

/** Where requests go. What is thrown here is rendered in one place, by whoever calls. */
export function routesOf(context: ServerContext): {
  fetch(request: Request, served: Served): Response | Promise<Response>;
  /** Paths with their methods, without those of parts that were mounted. */
  readonly paths: ReadonlyMap<string, readonly string[]>;
} {
  // The path is compared as it was sent: one that was encoded, doubled or dotted is another path, and there is none.
  const app = new Hono<{ Bindings: Served }>({ getPath: ({ url }) => rawPath(url) });
  const paths = new Map<string, string[]>();

  function add(method: 'GET' | 'POST', path: string, answer: (served: Served) => Promise<Answer>): void {
    paths.set(path, [...(paths.get(path) ?? []), method, ...(method === 'GET' ? ['HEAD'] : [])]);
    const route = path.replace(/^\/my\/v\d/, '');
    app.on(method, path, async ({ env }) => {
      env.route = route;
      return respond(env, await answer(env));
    });
  }

  for (const version of protocolVersions)
    for (const route of protocolRoutes)
      add(route.method, `/my/${version}${route.path}`, (served) =>
        callRoute(context, route, version, served),
      );
  addOperations(context, add);
  for (const [prefix, part, signedIn] of [
    ['/admin/v1', context.options.administration, true],
    ['/issuer', context.options.developmentIssuer, false],
  ] as const)
    if (part !== undefined) {
      const handle = mounted(context, prefix, part, signedIn);
      app.all(prefix, ({ env }) => handle(env));
      app.all(`${prefix}/*`, ({ env }) => handle(env));
    }

  app.notFound(({ env }) => {
    const allowed = paths.get(rawPath(env.request.url));
    return respond(
      env,
      allowed === undefined
        ? json({ Message: 'There is nothing at this address.' }, 404)
        : json({ Message: 'This address does not take this method.' }, 405, { allow: allowed.join(', ') }),
    );
  });
  app.onError((error) => {
    throw error;
  });
  return { fetch: (request, served) => app.fetch(request, served), paths };
}

async function callRoute(
  context: ServerContext,
  route: ProtocolRoute,
  version: (typeof protocolVersions)[number],
  served: Served,
): Promise<Answer> {
  const caller = await signIn(context, served, route.cost);
  if (isAnswer(caller)) return caller;
  if (!caller.home && !route.forPartners)
    throw new SealwrightError(
      'ACCESS_DENIED',
      'People of other organizations may open what they were granted here, and nothing else.',
      { reason: 'not-a-member' },
    );
  const { request } = served;
  const { authority, origin, limits, metrics } = context;
  return route.handle({
    version,
    request,
    body: route.body === 'json' ? await readJson(request, limits.bodyBytes) : undefined,
    caller,
    authority,
    facts: factsOf(served),
    origin,
    decided(outcome) {
      served.decision = outcome;
      metrics.decided(outcome);
    },
  });
}

/** What anyone may ask: health, the description of the server, its facts. */
function addOperations(
  context: ServerContext,
  add: (method: 'GET', path: string, answer: (served: Served) => Promise<Answer>) => void,
): void {
  const { options, metrics, origin } = context;
  add('GET', '/healthz', async () => json({ status: 'ok' }));
  add('GET', '/readyz', readiness(context));
  add('GET', '/.well-known/sealwright', async () => json(options.facts));
  let description: Answer | undefined;
  add('GET', '/openapi.json', async () => {
    description ??= json(
      openApiDocument(origin, options.facts.Version, options.administration !== undefined),
    );
    return description;
  });
  const readers = options.metrics ?? 'loopback';
  if (readers === 'off') return;
  add('GET', '/metrics', async ({ address }) => {
    if (readers === 'loopback' && !isLoopback(address))
      throw new SealwrightError(
        'ACCESS_DENIED',
        'The metrics are read on the machine of the service itself.',
        {
          reason: 'not-loopback',
        },
      );
    return { status: 200, body: await metrics.text(), type: metrics.contentType };
  });
}

/** Hands a request on to a part that somebody else built, with its body read and the prefix taken off. */
function mounted(context: ServerContext, prefix: string, part: SubApplication, signedIn: boolean) {
  return async (served: Served): Promise<Response> => {
    served.route = prefix;
    if (signedIn) {
      const caller = await signIn(context, served);
      if (isAnswer(caller)) return respond(served, caller);
    }
    const { request } = served;
    const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
    const body = hasBody ? await readBody(request, context.limits.bodyBytes) : undefined;
    const url = new URL(request.url);
    url.pathname = rawPath(request.url).slice(prefix.length) || '/';
    served.mounted = true;
    return part.fetch(
      new Request(url, {
        method: request.method,
        headers: request.headers,
        ...(body !== undefined && body.length > 0 && { body: new Uint8Array(body) }),
      }),
      { address: served.address, id: served.id, caller: served.caller, facts: factsOf(served) },
    );
  };
}

/** The path of a URL as it was sent, without query. */
function rawPath(url: string): string {
  const start = url.indexOf('/', url.indexOf('://') + 3);
  if (start < 0) return '/';
  const end = url.slice(start).search(/[?#]/);
  return end < 0 ? url.slice(start) : url.slice(start, start + end);
}
