import { Hono } from 'hono';
import { ZodError } from 'zod';
import type { Authority, RequestFacts } from '../../authority/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { Caller } from '../caller.ts';
import type { Administrators } from './administrators.ts';
import type { AdministrativeOperation, Outcome } from './operation.ts';
import { administrativeOperations } from './operations.ts';

/** What an administrator did, or tried to do. Holds no secret. */
export interface AdministrativeAction {
  readonly time: Date;
  /** Mail address of who it was; empty where nobody had signed in. */
  readonly by: string;
  readonly issuer: string;
  /** For example `template-delete`. */
  readonly action: string;
  /** What it was done to, where something is named. */
  readonly target: string | undefined;
  readonly outcome: 'done' | 'refused' | 'failed';
  /** Code of the error, unless done. */
  readonly code: string | undefined;
  /** Of the request, as the server's log shows it. */
  readonly requestId: string | undefined;
}

/** What the administration works on. */
export interface AdministrationOptions {
  readonly authority: Authority;
  readonly administrators: Administrators;
  /** Hears of each action before its answer is sent; if it throws, the answer is an error. */
  readonly onAction: (action: AdministrativeAction) => void | Promise<void>;
  readonly now?: (() => Date) | undefined;
}

/** What whoever mounts it knows of a request. */
export interface AdministrationRequest {
  /** Who signed in; nobody gets in without. */
  readonly caller: Caller | undefined;
  readonly id?: string | undefined;
  readonly facts?: RequestFacts | undefined;
}

/** Serves requests below `/admin/v1`, the prefix taken off. */
export interface Administration {
  /** Throws what it refuses: `AUTHENTICATION_FAILED`, `ACCESS_DENIED`, `INVALID_ARGUMENT`, and what the authority throws. */
  fetch(request: Request, handedOn: AdministrationRequest): Promise<Response>;
}

/**
 * The administration of an authority over HTTP, to be mounted at `/admin/v1` (spec/server.md, "Administrators"). Roles are
 * looked up for each request, so an appointment or a dismissal holds at once.
 */
export function administrationRoutes(options: AdministrationOptions): Administration {
  const now = options.now ?? (() => new Date());
  const app = new Hono<{ Bindings: AdministrationRequest }>();

  for (const operation of administrativeOperations)
    app.on(operation.method, operation.path, async (c) => {
      const { caller, id, facts } = c.env;
      const named = c.req.param('id') ?? '';
      const note = (outcome: AdministrativeAction['outcome'], code?: string, target = named) =>
        options.onAction({
          time: now(),
          by: caller?.identity.email ?? '',
          issuer: caller?.issuer ?? '',
          action: operation.name,
          target: target === '' ? undefined : target.slice(0, 512),
          outcome,
          code,
          requestId: id,
        });
      let outcome: Outcome;
      try {
        const permitted = requireRole(caller, operation, options.administrators);
        outcome = await operation.handle({
          authority: options.authority,
          administrators: options.administrators,
          caller: permitted,
          facts,
          id: named,
          query: c.req.query(),
          ...(await readBody(c.req.raw, operation)),
        });
      } catch (error) {
        const typed = explained(error);
        const code = typed instanceof SealwrightError ? typed.code : 'DEFECT';
        await note(code === 'ACCESS_DENIED' || code === 'AUTHENTICATION_FAILED' ? 'refused' : 'failed', code);
        throw typed;
      }
      await note('done', undefined, outcome.target);
      return responseOf(outcome);
    });
  app.notFound(() => Response.json({ Message: 'There is nothing at this address.' }, { status: 404 }));
  app.onError((error) => {
    throw error;
  });
  return { fetch: async (request, handedOn) => app.fetch(request, handedOn) };
}

/** Only the organization's own people administer, each with a role that may do just this. */
function requireRole(
  caller: Caller | undefined,
  { roles }: AdministrativeOperation,
  administrators: Administrators,
): Caller {
  if (caller === undefined)
    throw new SealwrightError('AUTHENTICATION_FAILED', 'Sign in to administer this service.', {
      reason: 'token-missing',
    });
  const held = caller.home ? administrators.current().of(caller.identity.email) : new Set();
  if (roles.some((role) => held.has(role))) return caller;
  throw new SealwrightError(
    'ACCESS_DENIED',
    `This takes the role ${roles.join(' or ')}, which you do not have. An owner of this service can appoint you.`,
    { rule: 'role-required', reason: 'role-required' },
  );
}

async function readBody(
  request: Request,
  { request: expected }: AdministrativeOperation,
): Promise<{ readonly body: unknown; readonly bytes: Uint8Array }> {
  if (expected === undefined) return { body: undefined, bytes: new Uint8Array() };
  const type = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  const wanted = typeof expected === 'string' ? expected : 'application/json';
  // A form of another site's page cannot have this type.
  if (type !== wanted)
    throw new SealwrightError('INVALID_ARGUMENT', `The body has to be ${wanted}.`, { status: 415 });
  const bytes = new Uint8Array(await request.arrayBuffer());
  if (typeof expected === 'string') return { body: undefined, bytes };
  try {
    return { body: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)), bytes };
  } catch {
    throw new SealwrightError('INVALID_ARGUMENT', 'The body is not JSON in UTF-8.');
  }
}

/** What a schema says of a request, as an error of ours. The message names fields and never their values. */
function explained(error: unknown): unknown {
  if (!(error instanceof ZodError)) return error;
  const [issue] = error.issues;
  const field = issue?.path.join('.') ?? '';
  return new SealwrightError(
    'INVALID_ARGUMENT',
    `The request cannot be used${field === '' ? '' : `, at ${field}`}: ${issue?.message}.`,
    { field },
  );
}

function responseOf({ json, body, type }: Outcome): Response {
  if (json !== undefined) return Response.json(json);
  return new Response(body as BodyInit, { headers: { 'content-type': type ?? 'application/octet-stream' } });
}
