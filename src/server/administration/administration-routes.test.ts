import { describe, expect, it } from 'vitest';
import {
  type Authority,
  createAuthority,
  createMemoryStore,
  parseW3cLog,
  readArchive,
  type UsageRecord,
} from '../../authority/index.ts';
import { SealwrightError } from '../../errors.ts';
import { custodianFromPkcs8, generateRsaKey } from '../../license/index.ts';
import { definePolicy } from '../../rights/index.ts';
import { type AdministratorRole, administratorRoles, type Caller } from '../caller.ts';
import { memoryAuthority } from '../server.test-support.ts';
import { type AdministrativeAction, administrationRoutes } from './administration-routes.ts';
import { openAdministrators } from './administrators.ts';
import { administrativeOperations } from './operations.ts';

const someGuid = '0b1f6c1e-7a54-4c3f-9d0e-5f6a7b8c9d0e';
const template = {
  names: [{ lcid: 1033, name: 'Staff', description: '' }],
  grants: [{ to: 'contoso.com', rights: 'Viewer' }],
};
const everyone = {
  owner: 'owner',
  'key-officer': 'keys',
  'template-administrator': 'templates',
  auditor: 'audit',
};
const emailOf = (role: AdministratorRole) => `${everyone[role]}@contoso.com`;

const callerOf = (email: string, home = true): Caller => ({
  identity: { email },
  issuer: 'https://login.contoso.com',
  subject: email,
  home,
  roles: new Set(),
});

async function setUp(authority?: Authority) {
  const used = authority ?? (await memoryAuthority());
  const actions: AdministrativeAction[] = [];
  const administrators = await openAdministrators(
    Object.fromEntries(administratorRoles.map((role) => [emailOf(role), [role]])),
  );
  const administration = administrationRoutes({
    authority: used,
    administrators,
    onAction: (action) => void actions.push(action),
  });
  async function send(who: Caller | undefined, method: string, path: string, body?: unknown) {
    const type = typeof body === 'string' ? 'application/xml' : 'application/json';
    const request = new Request(`https://rms.contoso.com${path}`, {
      method,
      ...(body !== undefined && {
        body: typeof body === 'string' ? body : JSON.stringify(body),
        headers: { 'content-type': type },
      }),
    });
    return administration.fetch(request, { caller: who, id: 'request-1' });
  }
  const as = (role: AdministratorRole) => (method: string, path: string, body?: unknown) =>
    send(callerOf(emailOf(role)), method, path, body);
  return { authority: used, actions, administrators, send, as };
}

const codeOf = (answer: Promise<unknown>): Promise<unknown> =>
  answer.then(
    () => 'accepted',
    (error) => (error instanceof SealwrightError ? error.code : error),
  );

const cases = administrativeOperations.flatMap((operation) =>
  administratorRoles.map((role) => ({ operation, role, name: operation.name })),
);

describe('administrationRoutes', () => {
  it.each(cases.filter(({ operation, role }) => !operation.roles.includes(role)))(
    'keeps $name from somebody who is $role only, and notes the attempt',
    async ({ operation, role }) => {
      const { as, actions } = await setUp();
      const answer = as(role)(operation.method, operation.path.replace(':id', someGuid));
      await expect(answer).rejects.toMatchObject({
        code: 'ACCESS_DENIED',
        details: { rule: 'role-required' },
      });
      expect(actions).toMatchObject([
        {
          by: emailOf(role),
          action: operation.name,
          outcome: 'refused',
          code: 'ACCESS_DENIED',
          requestId: 'request-1',
        },
      ]);
    },
  );

  it.each(cases.filter(({ operation, role }) => operation.roles.includes(role)))(
    'lets somebody who is $role past the door of $name',
    async ({ operation, role }) => {
      const { as, actions } = await setUp();
      const code = await codeOf(as(role)(operation.method, operation.path.replace(':id', someGuid)));
      expect(['accepted', 'INVALID_ARGUMENT', 'TEMPLATE_NOT_FOUND']).toContain(code);
      expect(actions).toMatchObject([{ by: emailOf(role), action: operation.name }]);
    },
  );

  it.each(administrativeOperations)(
    'keeps $name from those without role, from partners and from those who did not sign in',
    async ({ name, method, path }) => {
      const { send, actions } = await setUp();
      const address = path.replace(':id', someGuid);
      expect(await codeOf(send(callerOf('bo@contoso.com'), method, address))).toBe('ACCESS_DENIED');
      expect(await codeOf(send(callerOf('owner@contoso.com', false), method, address))).toBe('ACCESS_DENIED');
      expect(await codeOf(send(undefined, method, address))).toBe('AUTHENTICATION_FAILED');
      expect(actions.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
        `${name} refused`,
        `${name} refused`,
        `${name} refused`,
      ]);
    },
  );

  it('takes templates through their whole life', async () => {
    const { as, actions } = await setUp();
    const send = as('template-administrator');
    const expiration = { kind: 'on', date: '2031-01-01T00:00:00.000Z' };
    const created = await (await send('POST', '/templates', { ...template, expiration })).json();
    expect(created).toMatchObject({ state: 'published', expiration, referrer: null });
    const path = `/templates/${created.id}`;
    expect(await (await send('POST', `${path}/archive`)).json()).toMatchObject({ state: 'archived' });
    expect(await (await send('POST', `${path}/publish`)).json()).toMatchObject({ state: 'published' });
    const document = await (await send('GET', `${path}/document`)).text();
    await send('PUT', path, { ...template, offlineDays: 7 });
    expect(await (await send('GET', path)).json()).toMatchObject({ offlineDays: 7 });
    await send('DELETE', path);
    expect(await codeOf(send('GET', path))).toBe('TEMPLATE_NOT_FOUND');
    expect(await (await send('POST', '/templates/import', document)).json()).toMatchObject({
      id: created.id,
      state: 'archived',
    });
    expect((await (await send('GET', '/templates')).json()).templates).toHaveLength(1);
    const done = actions.filter(({ outcome }) => outcome === 'done');
    expect(done.map(({ action, target }) => [action, target])).toEqual([
      ['template-create', created.id],
      ['template-archive', created.id],
      ['template-publish', created.id],
      ['template-export', created.id],
      ['template-update', created.id],
      ['template-get', created.id],
      ['template-delete', created.id],
      ['template-import', created.id],
      ['template-list', undefined],
    ]);
  });

  it.each([
    ['no name', { ...template, names: [] }],
    ['a member nobody knows', { ...template, owner: 'x' }],
    ['a date without zone', { ...template, expiration: { kind: 'on', date: '2031-01-01' } }],
    ['a grant to nobody', { ...template, grants: [{ to: 'nobody', rights: 'Viewer' }] }],
  ])('refuses a template with %s', async (_what, body) => {
    const { as } = await setUp();
    expect(await codeOf(as('template-administrator')('POST', '/templates', body))).toBe('INVALID_ARGUMENT');
  });

  it('takes no form that a page of another site could send', async () => {
    const { authority, administrators } = await setUp();
    const administration = administrationRoutes({ authority, administrators, onAction: () => undefined });
    const request = new Request('https://rms.contoso.com/roles/grant', { method: 'POST', body: '{}' });
    await expect(administration.fetch(request, { caller: callerOf(emailOf('owner')) })).rejects.toMatchObject(
      {
        code: 'INVALID_ARGUMENT',
        details: { status: 415 },
      },
    );
  });

  it('gives the usage log as JSON lines and in the W3C form, between two times', async () => {
    const { authority, as } = await setUp();
    await authority.as('ana@contoso.com').listTemplates();
    const send = as('auditor');
    const lines = (await (await send('GET', '/usage-log')).text()).trim().split('\n');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      requestType: 'FEGetAllTemplates',
      userId: 'ana@contoso.com',
    });
    const w3c = await (await send('GET', '/usage-log?format=w3c')).text();
    expect(parseW3cLog(w3c)).toHaveLength(1);
    expect(await (await send('GET', '/usage-log?until=2020-01-01T00:00:00Z')).text()).toBe('');
    for (const query of ['from=yesterday', 'format=xml'])
      expect(await codeOf(send('GET', `/usage-log?${query}`))).toBe('INVALID_ARGUMENT');
  });

  it('exports the authority under the passphrase of the body, and tells nobody the passphrase', async () => {
    const key = await generateRsaKey(2048);
    const custodian = await custodianFromPkcs8(Uint8Array.from(key));
    const exportKey = async () => Uint8Array.from(key);
    const authority = await createAuthority({ store: createMemoryStore(), custodian, exportKey });
    const { as, actions } = await setUp(authority);
    const passphrase = 'correct horse battery';
    const answer = await as('key-officer')('POST', '/archive', { passphrase });
    const archive = await answer.arrayBuffer();
    expect(answer.headers.get('content-type')).toBe('application/octet-stream');
    const opened = await readArchive(new Blob([archive]).stream(), passphrase);
    expect(opened.privateKey).toEqual(key);
    for await (const record of opened.records) expect(record).toBeDefined();
    expect(JSON.stringify(actions)).not.toContain('correct');
  });

  it('refuses a short passphrase, and the archive of a key that cannot leave its keeper, before it answers', async () => {
    const { as } = await setUp();
    const send = as('key-officer');
    expect(await codeOf(send('POST', '/archive', { passphrase: 'short' }))).toBe('INVALID_ARGUMENT');
    await expect(send('POST', '/archive', { passphrase: 'correct horse battery' })).rejects.toThrow(
      'cannot leave',
    );
  });

  it('withdraws a content for the person who protected it, and gives it back', async () => {
    const { authority, as } = await setUp();
    const policy = definePolicy({ grants: [{ to: 'bo@contoso.com', rights: 'Viewer' }] });
    const { publishingLicense, contentId } = await authority.as('ana@contoso.com').publish({ policy });
    const open = () => codeOf(authority.as('bo@contoso.com').acquireUseLicense(publishingLicense));
    const send = as('owner');
    const path = `/contents/${contentId.replace(/[{}]/g, '')}`;
    expect(await codeOf(send('POST', `${path}/revoke`, { issuer: 'bo@contoso.com' }))).toBe('ACCESS_DENIED');
    await send('POST', `${path}/revoke`, { issuer: 'ana@contoso.com' });
    expect(await open()).toBe('ACCESS_DENIED');
    await send('POST', `${path}/restore`, { issuer: 'ana@contoso.com' });
    expect(await open()).toBe('accepted');
    const logged: UsageRecord[] = [];
    for await (const row of authority.usageLog()) if (/Access$/.test(row.requestType)) logged.push(row);
    expect(
      logged.map(({ userId, actingAsUser, adminAction }) => [userId, actingAsUser, adminAction]),
    ).toEqual(
      ['bo@contoso.com', 'ana@contoso.com', 'ana@contoso.com'].map((user) => [emailOf('owner'), user, true]),
    );
  });

  it('says what the authority is', async () => {
    const { authority, as } = await setUp();
    expect(await (await as('auditor')('GET', '/facts')).json()).toMatchObject({
      id: authority.facts.id,
      keySha256: authority.facts.keySha256,
    });
  });

  it('gives no answer to what could not be noted', async () => {
    const { authority, administrators } = await setUp();
    const administration = administrationRoutes({
      authority,
      administrators,
      onAction: () => Promise.reject(new SealwrightError('NO_SPACE', 'The log is full.')),
    });
    const request = new Request('https://rms.contoso.com/usage-log');
    expect(await codeOf(administration.fetch(request, { caller: callerOf(emailOf('auditor')) }))).toBe(
      'NO_SPACE',
    );
  });

  it('has nothing at other addresses', async () => {
    const { send } = await setUp();
    expect((await send(callerOf(emailOf('owner')), 'GET', '/secrets')).status).toBe(404);
    expect((await send(callerOf(emailOf('owner')), 'DELETE', '/usage-log')).status).toBe(404);
  });
});
