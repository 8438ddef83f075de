import { formatW3cLog, type UsageRecord } from '../../authority/index.ts';
import { startedStream, utf8Pieces } from './byte-stream.ts';
import type { AdministrativeCall, AdministrativeOperation, Outcome } from './operation.ts';
import * as schemas from './schemas.ts';
import { templateOperations } from './template-operations.ts';

/** Everything administrators can do. What is not in the list cannot be done over the network. */
export const administrativeOperations: readonly AdministrativeOperation[] = [
  {
    name: 'facts',
    method: 'GET',
    path: '/facts',
    roles: ['owner', 'key-officer', 'template-administrator', 'auditor'],
    summary: 'What the authority is',
    answer: schemas.factsAnswer,
    handle: async ({ authority: { facts } }) => ({ json: { ...facts, url: facts.url ?? null } }),
  },
  ...templateOperations,
  {
    name: 'usage-log',
    method: 'GET',
    path: '/usage-log',
    roles: ['auditor'],
    summary: 'The usage log',
    query: schemas.usageLogQuery,
    answer: ['application/x-ndjson', 'text/plain'],
    handle: usageLog,
  },
  {
    name: 'archive-export',
    method: 'POST',
    path: '/archive',
    roles: ['key-officer'],
    summary: 'Everything, the private key included, encrypted under a passphrase',
    request: schemas.archiveRequest,
    answer: ['application/octet-stream'],
    async handle({ authority, body }) {
      const { passphrase } = schemas.archiveRequest.parse(body);
      // The second piece needs the private key: an authority that cannot give it says so now.
      return { body: await startedStream(authority.export(passphrase), 2), type: 'application/octet-stream' };
    },
  },
  {
    name: 'access-revoke',
    method: 'POST',
    path: '/contents/:id/revoke',
    roles: ['owner'],
    summary: 'Withdraw a content, for the person who protected it',
    request: schemas.accessRequest,
    answer: schemas.doneAnswer,
    async handle({ id, ...call }) {
      const { issuer, user } = schemas.accessRequest.parse(call.body);
      await serviceFor(issuer, call).revoke(id, { user });
      return { json: {} };
    },
  },
  {
    name: 'access-restore',
    method: 'POST',
    path: '/contents/:id/restore',
    roles: ['owner'],
    summary: 'Undo that',
    request: schemas.accessRequest,
    answer: schemas.doneAnswer,
    async handle({ id, ...call }) {
      const { issuer, user } = schemas.accessRequest.parse(call.body);
      await serviceFor(issuer, call).restore(id, { user });
      return { json: {} };
    },
  },
  {
    name: 'roles-list',
    method: 'GET',
    path: '/roles',
    roles: ['owner', 'auditor'],
    summary: 'Who administers',
    answer: schemas.rolesAnswer,
    handle: async ({ administrators }) => ({ json: { administrators: administrators.current().list() } }),
  },
  {
    name: 'role-grant',
    method: 'POST',
    path: '/roles/grant',
    roles: ['owner'],
    summary: 'Appoint somebody',
    request: schemas.roleRequest,
    answer: schemas.doneAnswer,
    handle: ({ administrators, body }) => changeRole(body, administrators.grant),
  },
  {
    name: 'role-revoke',
    method: 'POST',
    path: '/roles/revoke',
    roles: ['owner'],
    summary: 'Dismiss somebody',
    request: schemas.roleRequest,
    answer: schemas.doneAnswer,
    handle: ({ administrators, body }) => changeRole(body, administrators.revoke),
  },
];

/** The service as `issuer` sees it; the usage log says that an administrator acts for them. */
const serviceFor = (issuer: string, { authority, caller, facts }: Omit<AdministrativeCall, 'id'>) =>
  authority.as(issuer, { ...facts, administrator: caller.identity.email });

async function changeRole(
  body: unknown,
  change: AdministrativeCall['administrators']['grant'],
): Promise<Outcome> {
  const { email, role } = schemas.roleRequest.parse(body);
  await change(email, role);
  return { json: {}, target: `${role} ${email}` };
}

async function usageLog({ authority, query }: AdministrativeCall): Promise<Outcome> {
  const { from, until, format } = schemas.usageLogQuery.parse(query);
  const records = authority.usageLog({
    from: from === undefined ? undefined : new Date(from),
    until: until === undefined ? undefined : new Date(until),
  });
  const texts = format === 'w3c' ? formatW3cLog(records) : jsonLines(records);
  return {
    body: await startedStream(utf8Pieces(texts)),
    type: format === 'w3c' ? 'text/plain; charset=utf-8' : 'application/x-ndjson',
  };
}

async function* jsonLines(records: AsyncIterable<UsageRecord>): AsyncGenerator<string> {
  for await (const record of records) yield `${JSON.stringify(record)}\n`;
}
