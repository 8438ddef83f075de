import { beforeAll, describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../bytes/index.ts';
import {
  custodianFromPkcs8,
  generateRsaKey,
  issuePublishingLicense,
  type KeyCustodian,
  offlinePublisher,
  readPublishingLicense,
} from '../license/index.ts';
import { definePolicy } from '../rights/index.ts';
import { readXrmlDocuments, readXrmlFacts, verifyXrmlChain } from '../xrml/index.ts';
import { type Authority, createAuthority, createMemoryStore } from './index.ts';
import { networkAddress } from './network-address.ts';

let custodian: KeyCustodian;
beforeAll(async () => {
  custodian = await custodianFromPkcs8(await generateRsaKey(2048));
});
const policy = definePolicy({ grants: [{ to: 'bob@contoso.com', rights: ['VIEW'] }] });
const first = 'https://rms.contoso.com';
const second = 'https://rms.fabrikam.com:8443';

async function publishOffline(authority: Authority, from?: Awaited<ReturnType<typeof offlinePublisher>>) {
  const publisher =
    from ?? (await offlinePublisher(await authority.as('alice@contoso.com').getClientLicensorCertificate()));
  return issuePublishingLicense({
    ...publisher,
    issuedAt: new Date(),
    contentId: crypto.randomUUID(),
    owner: 'alice@contoso.com',
    rights: { policy },
    contentKey: new Uint8Array(32).fill(7),
    cipherMode: 'SEALWRIGHT.GCM64K',
    signedApplicationData: {},
  });
}

describe('the address of an authority', () => {
  it('is a host behind https, however it was written', () => {
    for (const text of [first, `${first}/`, 'HTTPS://RMS.contoso.com:443/_wmcs', `${first}/_wmcs/licensing/`])
      expect(networkAddress(text)).toEqual({
        url: first,
        serverUrl: `${first}/_wmcs`,
        licensingUrl: `${first}/_wmcs/licensing`,
      });
    expect(networkAddress('http://localhost:8080').url).toBe('http://localhost:8080');
    expect(networkAddress('http://[::1]:8080').url).toBe('http://[::1]:8080');
  });

  it.each([
    '',
    'rms.contoso.com',
    'http://rms.contoso.com',
    'http://localhost.contoso.com',
    'ftp://rms.contoso.com',
    'https://rms.contoso.com/team',
    'https://user@rms.contoso.com',
    'https://rms.contoso.com/?a=b',
    'https://rms.contoso.com/#a',
    'javascript:alert(1)',
  ])('is not %j', (text) => {
    expect(() => networkAddress(text)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });

  it('stands in what is issued from then on, and is kept', async () => {
    const store = createMemoryStore();
    const before = await createAuthority({ store, custodian });
    expect(before.facts.url).toBeUndefined();
    await before.setUrl(`${first}/_wmcs/licensing`);
    for (const authority of [before, await createAuthority({ store, custodian })]) {
      expect(authority.facts.url).toBe(first);
      const alice = authority.as('alice@contoso.com');
      const online = (await alice.publish({ policy })).publishingLicense;
      const offline = await publishOffline(authority);
      for (const license of [online, offline]) {
        const { licensingUrls, facts } = readPublishingLicense(license);
        expect(licensingUrls).toEqual([`${first}/_wmcs/licensing`]);
        expect(facts.principals[0]?.object?.addresses).toEqual([{ type: 'URL', value: `${first}/_wmcs` }]);
        await expect(authority.as('bob@contoso.com').acquireUseLicense(license)).resolves.toBeDefined();
      }
    }
  });

  it('changes without shutting out what was issued under another one, or under none', async () => {
    const authority = await createAuthority({ store: createMemoryStore(), custodian });
    const alice = authority.as('alice@contoso.com');
    const licenses: Uint8Array[] = [];
    const publishers: Awaited<ReturnType<typeof offlinePublisher>>[] = [];
    for (const url of [undefined, first, second, undefined]) {
      await authority.setUrl(url);
      expect(authority.facts.url).toBe(url);
      licenses.push((await alice.publish({ policy })).publishingLicense);
      publishers.push(await offlinePublisher(await alice.getClientLicensorCertificate()));
      for (const publisher of publishers) licenses.push(await publishOffline(authority, publisher));
      for (const license of licenses)
        await expect(authority.as('bob@contoso.com').acquireUseLicense(license)).resolves.toBeDefined();
    }
    expect(licenses).toHaveLength(4 + 1 + 2 + 3 + 4);
    expect(readPublishingLicense(licenses.at(-1)!).licensingUrls).toEqual([`urn:uuid:${authority.facts.id}`]);
  });

  it('is named by a certificate that covers what was issued before, from the same key', async () => {
    let now = new Date('2026-03-01T00:00:00Z');
    const authority = await createAuthority({ store: createMemoryStore(), custodian, now: () => now });
    now = new Date('2026-05-01T00:00:00Z');
    await authority.setUrl(first);
    const { certificateChain } = await authority.as('alice@contoso.com').getClientLicensorCertificate();
    const documents = readXrmlDocuments(certificateChain);
    const server = readXrmlFacts(documents[1]!);
    expect(server.principals[0]?.object?.addresses).toEqual([{ type: 'URL', value: `${first}/_wmcs` }]);
    expect(server.issuedTime).toEqual(now);
    expect(server.rights[0]?.rangeTime?.from).toEqual(new Date('2026-03-01T00:00:00Z'));
    const trustAnchors = [{ name: 'ours', modulusSha256: authority.facts.keySha256 }];
    expect(verifyXrmlChain(documents, { trustAnchors }).trusted).toBe(true);
  });

  it('is refused where the records state one that is none', async () => {
    for (const url of ['http://rms.contoso.com', 7, null, `${first}/`]) {
      const store = createMemoryStore();
      await createAuthority({ store, custodian });
      const setting = (await store.getSetting('authority')) as Record<string, string>;
      await store.setSetting('authority', { ...setting, url });
      await expect(createAuthority({ store, custodian })).rejects.toMatchObject({
        code: 'MALFORMED_ARCHIVE',
      });
    }
  });

  it('that a stranger writes into a license makes the license untrusted', async () => {
    const authority = await createAuthority({ store: createMemoryStore(), custodian });
    await authority.setUrl(first);
    const { publishingLicense } = await authority.as('alice@contoso.com').publish({ policy });
    const text = new TextDecoder().decode(publishingLicense).replaceAll(first, 'https://evil.example');
    await expect(authority.as('bob@contoso.com').acquireUseLicense(encodeUtf8(text))).rejects.toMatchObject({
      code: 'UNTRUSTED_LICENSE',
    });
  });
});
