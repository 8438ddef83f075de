import { beforeAll, describe, expect, it } from 'vitest';
import { custodianFromPkcs8, generateRsaKey, type KeyCustodian } from '../license/index.ts';
import { definePolicy } from '../rights/index.ts';
import { type Authority, createAuthority, createMemoryStore, type UsageRecord } from './index.ts';

const correlationId = '0f6f6d1c-2b7e-4c8f-9d55-7f2c4f2a9b10';
const policy = definePolicy({ grants: [{ to: 'bob@contoso.com', rights: ['VIEW'] }] });

let custodian: KeyCustodian;
let authority: Authority;
let license: Uint8Array;
let contentId: string;
let minutes = 0;

beforeAll(async () => {
  custodian = await custodianFromPkcs8(await generateRsaKey(2048));
});

async function begin(): Promise<void> {
  minutes = 0;
  const now = () => new Date(Date.UTC(2030, 0, 1, 0, minutes));
  authority = await createAuthority({ store: createMemoryStore(), custodian, now });
  const published = await authority.as('alice@contoso.com').publish({ policy });
  license = published.publishingLicense;
  contentId = published.contentId;
}

/** The log without the row of publishing. */
async function rows(): Promise<UsageRecord[]> {
  const all: UsageRecord[] = [];
  for await (const row of authority.usageLog()) all.push(row);
  return all.slice(1);
}

describe('what a server knows of a request', () => {
  it('stands in its row of the usage log', async () => {
    await begin();
    const request = {
      correlationId: `{${correlationId.toUpperCase()}}`,
      clientInfo: 'SDK;AppName=viewer',
      clientAddress: '192.0.2.7',
    };
    await authority.as('bob@contoso.com', request).acquireUseLicense(license);
    await authority.as('bob@contoso.com').acquireUseLicense(license);
    const [known, unknown] = await rows();
    expect(known).toMatchObject({ ...request, correlationId, contentId });
    expect(unknown).toMatchObject({ clientInfo: 'SDK;AppName=sealwright' });
    expect(unknown?.clientAddress).toBeUndefined();
  });

  it('is cut where it would make the log unreadable, and an id that is no GUID is not taken', async () => {
    await begin();
    const long = 'x'.repeat(100_000);
    const request = { correlationId: long, clientInfo: long, clientAddress: long };
    const bob = authority.as('bob@contoso.com', request);
    await bob.acquireUseLicense(license, { contentName: long });
    await bob.acquireUseLicense(license, { contentName: long });
    const logged = await rows();
    expect(logged).toHaveLength(2);
    for (const { clientInfo, clientAddress, fileName, correlationId: id } of logged) {
      expect([clientInfo, clientAddress, fileName].map((each) => each?.length)).toEqual([2048, 2048, 2048]);
      expect(id).toHaveLength(36);
    }
  });
});

describe('a request that is repeated', () => {
  it('is answered again and logged once', async () => {
    await begin();
    const bob = () => authority.as('bob@contoso.com', { correlationId });
    const first = await bob().acquireUseLicense(license);
    minutes = 59;
    const again = await bob().acquireUseLicense(license);
    expect(again.contentKey).toEqual(first.contentKey);
    expect(await rows()).toHaveLength(1);
    minutes = 61;
    await bob().acquireUseLicense(license);
    expect(await rows()).toHaveLength(2);
  });

  it('is another request for another person, content or purpose', async () => {
    await begin();
    const service = (email: string) => authority.as(email, { correlationId });
    const other = await authority.as('alice@contoso.com').publish({ policy });
    await service('bob@contoso.com').acquireUseLicense(license);
    await service('alice@contoso.com').acquireUseLicense(license);
    await service('bob@contoso.com').acquireUseLicense(other.publishingLicense);
    await service('alice@contoso.com').registerForTracking(license, 'a.txt');
    await service('alice@contoso.com').registerForTracking(license, 'b.txt');
    for (const user of ['eve@contoso.com', 'eva@contoso.com', 'eve@contoso.com', undefined])
      await service('alice@contoso.com').revoke(contentId, { user });
    expect((await rows()).map(({ requestType }) => requestType)).toEqual([
      'FECreatePublishingLicenseV1',
      ...Array.from({ length: 3 }, () => 'AcquireLicense'),
      ...Array.from({ length: 2 }, () => 'RegisterContent'),
      ...Array.from({ length: 3 }, () => 'RevokeAccess'),
    ]);
  });

  it('is decided anew, and its refusal is logged although the first answer was a license', async () => {
    await begin();
    const bob = authority.as('bob@contoso.com', { correlationId });
    await bob.acquireUseLicense(license);
    await authority.as('alice@contoso.com').revoke(contentId);
    for (let attempt = 0; attempt < 2; attempt++)
      await expect(bob.acquireUseLicense(license)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    expect((await rows()).map(({ result }) => result)).toEqual(['Success', 'Success', 'AccessDenied']);
  });

  it('is logged again where it changes something again, so that the log ends as the records do', async () => {
    await begin();
    const alice = authority.as('alice@contoso.com', { correlationId });
    for (const step of ['revoke', 'revoke', 'restore', 'revoke', 'revoke'] as const)
      await alice[step](contentId);
    for (const name of ['a.txt', 'b.txt', 'a.txt', 'a.txt']) await alice.registerForTracking(license, name);
    expect(
      (await rows()).map(({ requestType, fileName }) => [requestType, fileName].filter(Boolean).join(' ')),
    ).toEqual([
      'RevokeAccess',
      'RestoreAccess',
      'RevokeAccess',
      'RegisterContent a.txt',
      'RegisterContent b.txt',
      'RegisterContent a.txt',
    ]);
  });

  it('hides no attempt with another license, even one that names no content', async () => {
    await begin();
    const mallory = authority.as('mallory@contoso.com', { correlationId });
    const attempts = [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(1)];
    for (const bytes of attempts) await expect(mallory.acquireUseLicense(bytes)).rejects.toThrow();
    expect(await rows()).toHaveLength(2);
  });

  it('is another request from another machine', async () => {
    await begin();
    for (const clientAddress of ['192.0.2.7', '203.0.113.9', '192.0.2.7'])
      await authority.as('bob@contoso.com', { correlationId, clientAddress }).acquireUseLicense(license);
    expect((await rows()).map((row) => row.clientAddress)).toEqual(['192.0.2.7', '203.0.113.9']);
  });

  it('counts each time where it makes something new', async () => {
    await begin();
    const alice = authority.as('alice@contoso.com', { correlationId });
    for (let attempt = 0; attempt < 2; attempt++) {
      await alice.publish({ policy });
      await alice.getClientLicensorCertificate();
    }
    expect(await rows()).toHaveLength(4);
  });
});
