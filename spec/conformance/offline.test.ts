import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Authority, createAuthority, createMemoryStore } from '../../src/authority/index.ts';
import { inspect, open, type PolicyInput, protect, SealwrightError } from '../../src/index.ts';
import { custodianFromPkcs8, generateRsaKey } from '../../src/license/index.ts';
import {
  type LicenseCacheMode,
  type LicenseStore,
  type LicensingService,
  memoryLicenseStore,
  withLicenseCache,
  withOfflinePublishing,
} from '../../src/licensing/index.ts';
import { folderLicenseStore } from '../../src/node/index.ts';

const custodian = await custodianFromPkcs8(await generateRsaKey(2048));
const start = new Date('2026-05-04T10:00:00Z');
const minute = 60_000;
const day = 24 * 60 * minute;
const later = (milliseconds: number): Date => new Date(start.getTime() + milliseconds);
const text = new TextEncoder().encode('Strictly between us.');

let folder: string;
let authority: Authority;
let time: Date;
let plugged: boolean;
let requests: number;
const now = (): Date => time;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sealwright-offline-'));
  time = start;
  plugged = true;
  requests = 0;
  authority = await createAuthority({ store: createMemoryStore(), custodian, now });
});
afterEach(async () => {
  await authority.close();
  rmSync(folder, { recursive: true });
});

/** The service of a person whose machine may be unplugged. */
function serviceOf(who: string): LicensingService {
  const service = authority.as(who);
  const overTheWire = Object.entries(service).map(([name, call]) => [
    name,
    async (...args: unknown[]) => {
      if (!plugged) throw new SealwrightError('SERVICE_UNAVAILABLE', 'The service cannot be reached.');
      requests++;
      return call(...args);
    },
  ]);
  return Object.fromEntries(overTheWire) as LicensingService;
}

const cached = (
  store: LicenseStore,
  mode: LicenseCacheMode = 'prefer-cached',
  who = 'bob@contoso.com',
): LicensingService =>
  withLicenseCache(serviceOf(who), { store, user: who, serviceId: authority.facts.id, mode, now });

async function protectFor(policy: Partial<PolicyInput> = {}): Promise<Uint8Array> {
  const service = authority.as('alice@contoso.com');
  const grants = [{ to: 'bob@contoso.com', rights: ['VIEW', 'PRINT'] }];
  return (await protect(text, { service, policy: { grants, ...policy } })).bytes();
}

async function reading(file: Uint8Array, service: LicensingService): Promise<readonly string[]> {
  const opened = await open(file, { service, now });
  try {
    expect(await opened.bytes()).toEqual(text);
    return opened.rights;
  } finally {
    opened.close();
  }
}

const refused = (file: Uint8Array, service: LicensingService): Promise<unknown> =>
  open(file, { service, now }).then(
    () => undefined,
    (error: unknown) => error,
  );

const stores: readonly [string, () => Promise<LicenseStore>][] = [
  ['in memory', async () => memoryLicenseStore()],
  ['in a folder', () => folderLicenseStore(join(folder, 'licenses'))],
];

describe.each(stores)('licenses kept %s', (_, makeStore) => {
  it.each([
    ['the license ends', { offlineDays: 7 }, 7 * day],
    ['the content expires', { offlineDays: 7, validUntil: later(2 * day) }, 2 * day],
  ] as const)('open an unplugged machine’s file until %s, and never after', async (_, policy, end) => {
    const file = await protectFor(policy);
    const service = cached(await makeStore());
    await reading(file, service);
    plugged = false;
    for (const at of [minute, end / 2, end - 1]) {
      time = later(at);
      expect(await reading(file, service)).toEqual(['VIEW', 'PRINT']);
    }
    expect(requests).toBe(1);
    for (const at of [end, end + 1, 100 * day]) {
      time = later(at);
      expect((await refused(file, service)) as SealwrightError).toMatchObject({
        code: at === end ? 'ONLINE_REQUIRED' : 'SERVICE_UNAVAILABLE',
      });
    }
  });

  it('are not used when the clock was put back, neither before the end nor to undo it', async () => {
    const file = await protectFor({ offlineDays: 7 });
    const other = await protectFor({ offlineDays: 30 });
    const service = cached(await makeStore());
    await reading(file, service);
    await reading(other, service);
    plugged = false;
    time = later(8 * day);
    await reading(other, service);
    time = later(6 * day);
    for (const each of [file, other])
      expect(await refused(each, service)).toMatchObject({
        code: 'ONLINE_REQUIRED',
        details: { reason: 'clock-ran-backwards' },
        message: expect.stringContaining('Set the clock right'),
      });
    plugged = true;
    await reading(file, service);
    plugged = false;
    time = later(8 * day);
    await reading(other, service);
  });

  it('open what was revoked meanwhile as long as nobody can tell, and not from the first check on', async () => {
    const file = await protectFor({ offlineDays: 7 });
    const service = cached(await makeStore(), 'revalidate');
    await reading(file, service);
    plugged = false;
    const { contentId } = await inspect(file);
    await authority.as('alice@contoso.com').revoke(contentId as string);
    time = later(day);
    await reading(file, service);
    plugged = true;
    expect(await refused(file, service)).toMatchObject({
      code: 'ACCESS_DENIED',
      details: { rule: 'revoked' },
    });
    plugged = false;
    expect(await refused(file, service)).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  it('are none for content that may be opened online only', async () => {
    const file = await protectFor({ offlineDays: 0 });
    const service = cached(await makeStore());
    await reading(file, service);
    plugged = false;
    expect(await refused(file, service)).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  it('serve nobody else, and no other mode than those that may use them', async () => {
    const file = await protectFor({ offlineDays: 7 });
    const store = await makeStore();
    await reading(file, cached(store));
    plugged = false;
    await reading(file, cached(store, 'offline-only'));
    await reading(file, cached(store, 'revalidate'));
    expect(await refused(file, cached(store, 'online-only'))).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(await refused(file, cached(store, 'offline-only', 'eve@example.com'))).toMatchObject({
      code: 'ONLINE_REQUIRED',
    });
  });
});

describe('licenses kept in a folder', () => {
  it('outlive the process, and the times it has seen do so, too', async () => {
    const file = await protectFor({ offlineDays: 7 });
    const reopen = async () => cached(await folderLicenseStore(join(folder, 'licenses')), 'offline-only');
    await reading(file, cached(await folderLicenseStore(join(folder, 'licenses'))));
    time = later(3 * day);
    await reading(file, await reopen());
    time = later(2 * day);
    expect(await refused(file, await reopen())).toMatchObject({ details: { reason: 'clock-ran-backwards' } });
  });

  it('say nothing on disk of keys, rights, people, contents and service', async () => {
    const secrets: Uint8Array[] = [];
    const spied = (service: LicensingService): LicensingService => ({
      ...service,
      async acquireUseLicense(...args) {
        const license = await service.acquireUseLicense(...args);
        secrets.push(license.contentKey.slice());
        return license;
      },
      async getClientLicensorCertificate(...args) {
        const licensor = await service.getClientLicensorCertificate(...args);
        // Of a PKCS#8 key the middle is surely secret.
        secrets.push(licensor.privateKey.slice(600, 632));
        return licensor;
      },
    });
    const template = await authority.templates.create({
      names: [{ lcid: 1033, name: 'Zephyr staff', description: 'Everyone of Zephyr' }],
      grants: [{ to: 'contoso.com', rights: 'Co-Owner' }],
      offlineDays: 7,
    });
    const store = await folderLicenseStore(join(folder, 'licenses'));
    const entries: string[] = [];
    const listening: LicenseStore = {
      ...store,
      set(key, bytes, entry) {
        entries.push(key, Buffer.from(bytes).toString('latin1'));
        return store.set(key, bytes, entry);
      },
    };
    const who = { user: 'bob@contoso.com', serviceId: 'https://rms.contoso.com' };
    const publishing = withOfflinePublishing(spied(serviceOf('bob@contoso.com')), {
      now,
      keep: { store: listening, ...who },
    });
    const service = withLicenseCache(spied(publishing), { store: listening, now, ...who });
    const ids: string[] = [];
    for (const choice of [
      { template: template.id },
      {
        policy: {
          grants: [{ to: 'carol@contoso.com', rights: 'Reviewer' }],
          referrer: 'help@contoso.com',
          encryptedApplicationData: { matter: 'Zephyr' },
        },
      },
    ]) {
      const file = await (await protect(text, { service, ...choice })).bytes();
      ids.push(((await inspect(file)).contentId as string).replace(/[{}]/g, ''));
      await reading(file, service);
      await reading(file, service);
    }

    const words = [
      ...ids,
      template.id,
      'VIEW',
      'OWNER',
      'EXTRACT',
      'bob@contoso.com',
      'carol',
      'contoso',
      'Zephyr',
      'contentKey',
      'licenseValidUntil',
      'XrML',
      ...secrets.flatMap((secret) =>
        (['latin1', 'base64', 'hex'] as const).map((as) => Buffer.from(secret).toString(as)),
      ),
    ];
    // In what was given to the store all of this stands, or the search below would prove nothing.
    const given = entries.join('\n');
    for (const word of ['VIEW', 'OWNER', 'bob@contoso.com', 'Zephyr', 'XrML', ...ids, template.id])
      expect(given.toLowerCase()).toContain(word.toLowerCase());
    expect(secrets.length).toBeGreaterThanOrEqual(3);
    for (const secret of secrets) expect(given).toContain(Buffer.from(secret).toString('latin1'));

    const files = readdirSync(folder, { recursive: true, withFileTypes: true });
    const kept = files.filter((file) => file.isFile() && file.name !== 'cache.key');
    // Two licenses, the certificate, the templates, the time.
    expect(kept.length).toBe(5);
    for (const { parentPath, name } of kept) {
      const bytes = readFileSync(join(parentPath, name));
      for (const haystack of [name, bytes.toString('latin1'), bytes.toString('utf16le')])
        for (const word of words.flatMap((each) => [each, each.toUpperCase(), each.toLowerCase()]))
          expect(haystack.includes(word), `a word of ${word.length} characters in ${name}`).toBe(false);
    }
  });
});

describe('publishing offline', () => {
  it('asks once, protects any number of files unplugged, and everybody opens them', async () => {
    const publishing = withOfflinePublishing(serviceOf('alice@contoso.com'), { now });
    const policy = { grants: [{ to: 'bob@contoso.com', rights: ['VIEW'] }] };
    await protect(text, { service: publishing, policy });
    expect(requests).toBe(2);
    plugged = false;
    const files: Uint8Array[] = [];
    for (let n = 0; n < 10; n++)
      files.push(await (await protect(text, { service: publishing, policy })).bytes());
    expect(requests).toBe(2);
    for (const file of files) {
      expect(await reading(file, authority.as('bob@contoso.com'))).toEqual(['VIEW']);
      expect(await refused(file, authority.as('eve@example.com'))).toMatchObject({ code: 'ACCESS_DENIED' });
    }
  });

  it('applies the template as the service has it when somebody opens', async () => {
    const template = await authority.templates.create({
      names: [{ lcid: 1033, name: 'Staff', description: '' }],
      grants: [{ to: 'contoso.com', rights: 'Viewer' }],
      expiration: { kind: 'after', days: 3 },
    });
    const service = withOfflinePublishing(serviceOf('alice@contoso.com'), { now });
    await protect(text, { service, policy: { grants: [] } });
    plugged = false;
    const file = await (await protect(text, { service, template: template.id })).bytes();
    const bob = authority.as('bob@contoso.com');
    expect(await reading(file, bob)).toContain('VIEW');
    await authority.templates.update(template.id, {
      ...template,
      grants: [{ to: 'carol@contoso.com', rights: 'Viewer' }],
    });
    expect(await refused(file, bob)).toMatchObject({ details: { rule: 'no-grant' } });
    time = later(3 * day);
    expect(await refused(file, authority.as('carol@contoso.com'))).toMatchObject({
      details: { rule: 'expired' },
    });
    expect(await reading(file, authority.as('alice@contoso.com'))).toEqual(['OWNER']);
  });
});
