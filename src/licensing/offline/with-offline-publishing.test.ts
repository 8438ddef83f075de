import { beforeAll, describe, expect, it } from 'vitest';
import { encodeUtf8, wipe } from '../../bytes/index.ts';
import { SealwrightError, type SealwrightErrorCode } from '../../errors.ts';
import {
  type CertificateIssuer,
  custodianFromPkcs8,
  generateRsaKey,
  issueClientLicensorCertificate,
  issueServerLicensorCertificate,
  openPublishingLicense,
  readPublishingLicense,
} from '../../license/index.ts';
import { definePolicy } from '../../rights/index.ts';
import { verifyXrmlChain } from '../../xrml/index.ts';
import { memoryLicenseStore } from '../cache/memory-license-store.ts';
import type { LicensingService } from '../licensing-service.ts';
import type { OfflinePublishingOptions } from './with-offline-publishing.ts';
import { withOfflinePublishing } from './with-offline-publishing.ts';

const start = new Date('2026-05-04T10:00:00Z');
const day = 24 * 60 * 60_000;
const later = (days: number): Date => new Date(start.getTime() + days * day);
const failure = (code: SealwrightErrorCode): SealwrightError => new SealwrightError(code, 'Made up.');
const staff = '9a3c1b52-7d64-4f0e-b1c8-3e5f7a9d2c41';
const policy = definePolicy({
  grants: [{ to: 'contoso.com', rights: ['VIEW'] }],
  signedApplicationData: { department: 'Legal' },
  encryptedApplicationData: { matter: 'Zephyr' },
});

let issuer: CertificateIssuer;
let clientKey: Uint8Array;
beforeAll(async () => {
  const custodian = await custodianFromPkcs8(await generateRsaKey(2048));
  const server = {
    kind: 'server',
    id: '11111111-2222-3333-4444-555555555555',
    name: 'Test',
    url: 'urn:example:test',
    publicKey: custodian.publicKey,
  } as const;
  issuer = { server, custodian };
  clientKey = await generateRsaKey(2048);
});

/** A service with certificates for a year, one template, and a plug. */
function scene(more: OfflinePublishingOptions = {}) {
  const clock = { time: start };
  const state = {
    fails: undefined as SealwrightError | undefined,
    certificates: true,
    calls: [] as string[],
    templates: [{ id: `{${staff.toUpperCase()}}`, name: 'Staff', description: 'All staff' }],
    serverTime: () => clock.time,
  };
  const called = async (name: string): Promise<void> => {
    state.calls.push(name);
    await Promise.resolve();
    if (state.fails !== undefined) throw state.fails;
  };
  const elsewhere = async (): Promise<never> => {
    throw failure('INVALID_ARGUMENT');
  };
  const service: LicensingService = {
    async listTemplates() {
      await called('listTemplates');
      return state.templates;
    },
    async publish(request) {
      await called('publish');
      if (request.templateId !== undefined && !state.templates.some(({ id }) => id.includes('ABCD')))
        throw failure('TEMPLATE_NOT_FOUND');
      return {
        publishingLicense: new Uint8Array(1),
        contentKey: new Uint8Array(32),
        cipherMode: 'MICROSOFT.CBC4K',
        contentId: '{online}',
        owner: 'alice@contoso.com',
      };
    },
    async getClientLicensorCertificate() {
      await called('getClientLicensorCertificate');
      if (!state.certificates) throw failure('UNSUPPORTED_BY_SERVICE');
      const issuedAt = state.serverTime();
      const terms = {
        id: staff,
        issuedAt,
        validFrom: new Date(issuedAt.getTime() - day),
        validUntil: new Date(issuedAt.getTime() + 365 * day),
      };
      const { publicKey } = await custodianFromPkcs8(clientKey);
      const account = { kind: 'account', email: 'alice@contoso.com', publicKey } as const;
      const forever = { ...terms, validUntil: new Date('2255-01-01T00:00:00Z') };
      const chain = [
        await issueClientLicensorCertificate(issuer, account, terms),
        await issueServerLicensorCertificate(issuer, issuer.server, forever),
      ];
      return { certificateChain: encodeUtf8(chain.join('')), privateKey: Uint8Array.from(clientKey) };
    },
    acquireUseLicense: elsewhere,
    registerForTracking: elsewhere,
    revoke: elsewhere,
    restore: elsewhere,
  };
  const make = (): LicensingService => withOfflinePublishing(service, { now: () => clock.time, ...more });
  return { service: make(), make, state, clock };
}

const fetched = ['getClientLicensorCertificate', 'listTemplates'];
const read = (license: Uint8Array) => openPublishingLicense(readPublishingLicense(license), issuer.custodian);

describe('withOfflinePublishing', () => {
  it('asks once and then publishes any number of contents without a request', async () => {
    const { service, state } = scene();
    await service.publish({ policy });
    state.fails = failure('SERVICE_UNAVAILABLE');
    const ids = new Set<string>();
    for (let i = 0; i < 5; i++) ids.add((await service.publish({ policy })).contentId);
    expect(ids.size).toBe(5);
    expect(state.calls).toEqual(fetched);
  });

  it('asks once, too, where many publish at the same time, and one who gives up does not end it for the others', async () => {
    const { service, state } = scene();
    const giveUp = new AbortController();
    const leaving = service.publish({ policy }, { signal: giveUp.signal });
    const staying = [service.publish({ policy }), service.publish({ policy })];
    giveUp.abort(new Error('enough'));
    await expect(leaving).rejects.toThrow('enough');
    await Promise.all(staying);
    expect(state.calls).toEqual(fetched);
    await expect(service.publish({ policy }, { signal: giveUp.signal })).rejects.toThrow('enough');
  });

  it('makes licenses that the service trusts and that say what was asked for', async () => {
    const { service } = scene();
    const published = await service.publish({
      policy,
      owner: 'Carol@Contoso.com',
      signedApplicationData: { case: '7' },
    });
    expect(published).toMatchObject({ cipherMode: 'SEALWRIGHT.GCM64K', owner: 'carol@contoso.com' });
    const stated = readPublishingLicense(published.publishingLicense);
    expect(stated).toMatchObject({
      owner: 'carol@contoso.com',
      issuer: 'alice@contoso.com',
      issuedAt: start,
      contentId: published.contentId,
      signedApplicationData: { department: 'Legal', case: '7' },
    });
    const { modulus } = issuer.custodian.publicKey;
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', modulus as Uint8Array<ArrayBuffer>));
    const anchor = { name: 'Test', modulusSha256: Buffer.from(digest).toString('hex') };
    expect(verifyXrmlChain(stated.documents, { trustAnchors: [anchor] }).trusted).toBe(true);
    const opened = await read(published.publishingLicense);
    expect(opened.contentKey).toEqual(published.contentKey);
    expect(opened.rights).toMatchObject({
      kind: 'policy',
      policy: { grants: policy.grants, encryptedApplicationData: { matter: 'Zephyr' } },
    });
    wipe(opened.contentKey);
  });

  it('uses the cipher mode of the request, then that of the options', async () => {
    const { service } = scene({ cipherMode: 'microsoft.cbc4k' });
    expect((await service.publish({ policy })).cipherMode).toBe('MICROSOFT.CBC4K');
    const request = { policy, cipherMode: 'MICROSOFT.ECB' };
    expect((await service.publish(request)).cipherMode).toBe('MICROSOFT.ECB');
    await expect(service.publish({ policy, cipherMode: 'ROT13' })).rejects.toMatchObject({
      code: 'UNSUPPORTED_CIPHER_MODE',
    });
  });

  it('publishes with a template that the service offers, while the service is away', async () => {
    const { service, state } = scene();
    await service.publish({ policy });
    state.fails = failure('SERVICE_UNAVAILABLE');
    const { publishingLicense } = await service.publish({ templateId: staff });
    expect((await read(publishingLicense)).rights).toMatchObject({ kind: 'template', templateId: staff });
    const names = readPublishingLicense(publishingLicense).facts.descriptor?.names;
    expect(names).toEqual([{ lcid: 1033, name: 'Staff', description: 'All staff' }]);
    expect(state.calls).toEqual(fetched);
  });

  it('asks for templates again after a day, and goes on with those it has while the service is away', async () => {
    const { service, state, clock } = scene();
    await service.publish({ templateId: staff });
    clock.time = later(1);
    state.fails = failure('TIMED_OUT');
    await service.publish({ templateId: staff });
    expect(state.calls).toEqual([...fetched, 'listTemplates']);
    state.fails = undefined;
    state.templates = [];
    await expect(service.publish({ templateId: staff })).rejects.toMatchObject({
      code: 'TEMPLATE_NOT_FOUND',
    });
    expect(state.calls).toEqual([...fetched, 'listTemplates', 'listTemplates', 'publish']);
  });

  it('leaves a template it does not know to the service, and names the trouble where that is away', async () => {
    const { service, state } = scene();
    const unknown = 'abcdabcd-7d64-4f0e-b1c8-3e5f7a9d2c41';
    await expect(service.publish({ templateId: unknown })).rejects.toMatchObject({
      code: 'TEMPLATE_NOT_FOUND',
      message: 'Made up.',
    });
    state.fails = failure('SERVICE_UNAVAILABLE');
    const away = service.publish({ templateId: unknown });
    await expect(away).rejects.toThrow(`The template ${unknown} is not among those`);
    await expect(away).rejects.toMatchObject({ code: 'TEMPLATE_NOT_FOUND', cause: state.fails });
    await expect(service.publish({ templateId: 'staff' })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  it('lists templates again once the service has published with one it did not know', async () => {
    const { service, state } = scene();
    const unknown = 'abcdabcd-7d64-4f0e-b1c8-3e5f7a9d2c41';
    await service.publish({ policy });
    state.templates = [{ id: unknown.toUpperCase(), name: 'New', description: '' }];
    expect((await service.publish({ templateId: unknown })).contentId).toBe('{online}');
    expect((await service.publish({ templateId: unknown })).contentId).not.toBe('{online}');
    expect(state.calls).toEqual([...fetched, 'publish', 'listTemplates']);
  });

  it('renews the certificate before it ends, goes on with it while the service is away, and stops at its end', async () => {
    const { service, state, clock } = scene();
    await service.publish({ policy });
    clock.time = later(334);
    await service.publish({ policy });
    expect(state.calls).toHaveLength(2);
    clock.time = later(336);
    state.fails = failure('SERVICE_UNAVAILABLE');
    await service.publish({ policy });
    await service.publish({ policy });
    expect(state.calls).toHaveLength(3);
    clock.time = later(365);
    await expect(service.publish({ policy })).rejects.toBe(state.fails);
    state.fails = undefined;
    await service.publish({ policy });
    clock.time = later(365 + 330);
    const before = state.calls.length;
    await service.publish({ policy });
    expect(state.calls).toHaveLength(before);
  });

  it('publishes online where the service has no certificate to give, and does not ask for one each time', async () => {
    const { service, state, clock } = scene();
    state.certificates = false;
    expect((await service.publish({ policy })).contentId).toBe('{online}');
    await service.publish({ policy });
    expect(state.calls).toEqual(['getClientLicensorCertificate', 'publish', 'publish']);
    clock.time = later(1);
    state.certificates = true;
    expect((await service.publish({ policy })).contentId).not.toBe('{online}');
  });

  it('publishes online while its clock is outside the certificate, since nobody would trust the license', async () => {
    const { service, state } = scene();
    state.serverTime = () => later(10);
    expect((await service.publish({ policy })).contentId).toBe('{online}');
    expect((await service.publish({ policy })).contentId).toBe('{online}');
    expect(state.calls).toEqual([...fetched, 'publish', 'publish']);
  });

  it('keeps certificate and templates in a store, for the same person and service', async () => {
    const store = memoryLicenseStore();
    const keep = { store, user: 'alice@contoso.com', serviceId: 'test' };
    const { service, make, state } = scene({ keep });
    await service.publish({ policy });
    state.fails = failure('SERVICE_UNAVAILABLE');
    await make().publish({ policy });
    await make().publish({ templateId: staff });
    expect(state.calls).toEqual(fetched);
    const others = scene({ keep: { ...keep, user: 'bob@contoso.com' } });
    await others.service.publish({ policy });
    expect(others.state.calls).toEqual(fetched);
  });

  it('takes a damaged certificate for none, and goes on without a store that fails', async () => {
    const errors: unknown[] = [];
    const broken = async (): Promise<never> => {
      throw failure('NO_SPACE');
    };
    for (const store of [
      { ...memoryLicenseStore(), get: async () => Uint8Array.of(1, 9, 9, 9, 9, 1) },
      { ...memoryLicenseStore(), get: async () => Uint8Array.of(1, 1, 0, 0, 0, 60, 1) },
      { ...memoryLicenseStore(), get: broken, set: broken },
    ]) {
      const keep = { store, user: 'alice@contoso.com', serviceId: 'test' };
      const { service, state } = scene({ keep, onStoreError: (error) => errors.push(error) });
      await service.publish({ templateId: staff });
      expect(state.calls).toEqual(fetched);
    }
    expect(errors.length).toBeGreaterThan(0);
  });

  it('draws content key and content id from the randomness it is given', async () => {
    const randomBytes = (length: number): Uint8Array => new Uint8Array(length).fill(7);
    const { service } = scene({ randomBytes });
    const one = await service.publish({ policy });
    const other = await service.publish({ policy });
    expect(one.contentKey).toEqual(new Uint8Array(32).fill(7));
    expect(other.contentId).toBe(one.contentId);
  });
});
