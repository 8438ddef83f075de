import type { z } from 'zod';
import { SealwrightError } from '../../errors.ts';
import type { Answer } from '../answer.ts';
import type { Call } from './call.ts';
import { acquire } from './end-user-license.ts';
import { listTemplates } from './list-templates.ts';
import { clientLicensor, dropClientLog, register, restore, revoke } from './own-endpoints.ts';
import { publish } from './publishing-license.ts';
import {
  clientLicensorAnswer,
  clientLicensorRequest,
  discoveryAnswer,
  emptyAnswer,
  endUserLicenseAnswer,
  endUserLicenseRequest,
  publishingLicenseAnswer,
  publishingLicenseRequest,
  registrationRequest,
  revocationRequest,
  templatesAnswer,
} from './schemas.ts';
import { discover } from './service-discovery.ts';

/** One endpoint of the protocol. */
export interface ProtocolRoute {
  readonly method: 'GET' | 'POST';
  /** Below `/my/v1` and `/my/v2`. */
  readonly path: string;
  readonly summary: string;
  /** Partners' people may open; everything else is for the organization's own. */
  readonly forPartners: boolean;
  /** As how many requests it counts against the caller's rate; one by default. */
  readonly cost?: number | undefined;
  /** What the body must be; absent where there is none, or any is taken. */
  readonly request?: z.ZodType | undefined;
  readonly answer: z.ZodType;
  /** How the body is read: as JSON, or not at all. */
  readonly body: 'json' | 'ignored';
  readonly handle: (call: Call) => Promise<Answer>;
}

/** An endpoint whose body is checked against its schema before it is served. */
function checked<Schema extends z.ZodType>(
  path: string,
  summary: string,
  request: Schema,
  answer: z.ZodType,
  handle: (call: Call, input: z.output<Schema>) => Promise<Answer>,
): ProtocolRoute {
  return {
    method: 'POST',
    path,
    summary,
    forPartners: false,
    request,
    answer,
    body: 'json',
    handle: (call) => handle(call, conforming(request, call.body)),
  };
}

/** Every endpoint of the protocol; the description served at `/openapi.json` is made of this list. */
export const protocolRoutes: readonly ProtocolRoute[] = [
  {
    method: 'GET',
    path: '/servicediscovery',
    summary: 'Where the endpoints are',
    forPartners: true,
    answer: discoveryAnswer,
    body: 'ignored',
    handle: discover,
  },
  {
    method: 'POST',
    path: '/enduserlicenses',
    summary: 'A use license for a publishing license: content key, rights and validity, or the refusal',
    forPartners: true,
    request: endUserLicenseRequest,
    answer: endUserLicenseAnswer,
    body: 'json',
    handle: acquire,
  },
  checked(
    '/publishinglicenses',
    'A publishing license for a policy or a template',
    publishingLicenseRequest,
    publishingLicenseAnswer,
    publish,
  ),
  {
    method: 'GET',
    path: '/templates',
    summary: 'The templates the caller may protect with',
    forPartners: false,
    answer: templatesAnswer,
    body: 'ignored',
    handle: listTemplates,
  },
  {
    method: 'POST',
    path: '/clientlogs/debug',
    summary: 'Takes a client log and drops it',
    forPartners: true,
    answer: emptyAnswer,
    body: 'ignored',
    handle: dropClientLog,
  },
  {
    method: 'POST',
    path: '/clientlogs/performance',
    summary: 'Takes a client log and drops it',
    forPartners: true,
    answer: emptyAnswer,
    body: 'ignored',
    handle: dropClientLog,
  },
  {
    ...checked(
      '/sealwright/clientlicensors',
      'A certificate and key with which the caller publishes offline',
      clientLicensorRequest,
      clientLicensorAnswer,
      clientLicensor,
    ),
    // A key pair takes a few hundred times as long to make as a license.
    cost: 250,
  },
  checked(
    '/sealwright/contents',
    'Makes a content known under a name',
    registrationRequest,
    emptyAnswer,
    register,
  ),
  checked(
    '/sealwright/revocations',
    'Withdraws a content from everyone, or from one user',
    revocationRequest,
    emptyAnswer,
    revoke,
  ),
  checked('/sealwright/restorations', 'Undoes a revocation', revocationRequest, emptyAnswer, restore),
];

/** `body` as the schema lets it through. Throws `INVALID_ARGUMENT`, naming the first field that does not fit. */
function conforming<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = issue === undefined || issue.path.length === 0 ? 'The body' : fieldName(issue.path);
  throw new SealwrightError('INVALID_ARGUMENT', `${field}: ${issue?.message ?? 'not understood'}.`, {
    field,
  });
}

/** `Policy.UserRights[0].Users`; names a client made up are cut. */
const fieldName = (path: readonly PropertyKey[]): string =>
  path
    .map((part, i) =>
      typeof part === 'number' ? `[${part}]` : `${i > 0 ? '.' : ''}${String(part).slice(0, 40)}`,
    )
    .join('')
    .replace(/[^\x20-\x7e]/g, '?');
