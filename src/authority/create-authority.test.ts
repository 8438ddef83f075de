import { beforeAll, describe, expect, it } from 'vitest';
import { custodianFromPkcs8, generateRsaKey, type KeyCustodian } from '../license/index.ts';
import { definePolicy } from '../rights/index.ts';
import { createAuthority, createMemoryStore, type UsageRecord } from './index.ts';

let custodian: KeyCustodian;
let another: KeyCustodian;
beforeAll(async () => {
  [custodian, another] = await Promise.all(
    [0, 1].map(async () => custodianFromPkcs8(await generateRsaKey(2048))) as [
      Promise<KeyCustodian>,
      Promise<KeyCustodian>,
    ],
  );
});
const policy = definePolicy({ grants: [{ to: 'bob@contoso.com', rights: ['VIEW'] }] });

describe('createAuthority', () => {
  it('makes a new authority of an empty store, and the same one of a store that has one', async () => {
    const store = createMemoryStore();
    const now = () => new Date('2026-05-04T10:00:00Z');
    const first = await createAuthority({ store, custodian, name: 'Contoso', now });
    expect(first.facts).toMatchObject({ name: 'Contoso', createdAt: now(), keyBits: 2048 });
    const again = await createAuthority({ store, custodian, name: 'Another name' });
    expect(again.facts).toEqual(first.facts);
  });

  it('refuses a store that belongs to another key', async () => {
    const store = createMemoryStore();
    await createAuthority({ store, custodian });
    await expect(createAuthority({ store, custodian: another })).rejects.toMatchObject({
      code: 'AUTHORITY_EXISTS',
    });
  });

  it.each([null, 7, 'text', [], {}, { id: 'x', name: '', createdAt: '', keySha256: '' }])(
    'refuses a store that says %j of its authority',
    async (setting) => {
      const store = createMemoryStore();
      await createAuthority({ store, custodian });
      await store.setSetting('authority', setting);
      await expect(createAuthority({ store, custodian })).rejects.toMatchObject({
        code: 'MALFORMED_ARCHIVE',
      });
    },
  );

  it('cannot export a key that does not leave its keeper, and says so', async () => {
    const authority = await createAuthority({ store: createMemoryStore(), custodian });
    const reading = new Response(
      authority.export('x') as ReadableStream<Uint8Array<ArrayBuffer>>,
    ).arrayBuffer();
    await expect(reading).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('refuses what is no address, before anything is asked', async () => {
    const authority = await createAuthority({ store: createMemoryStore(), custodian });
    for (const email of ['', 'bob', 'a b@contoso.com', 'contoso.com'])
      expect(() => authority.as(email)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });
});

describe('reading its own licenses', () => {
  it('names another authority in one short line, whatever it called itself', async () => {
    const name = `Evil ${'long '.repeat(500)}`;
    const other = await createAuthority({ store: createMemoryStore(), custodian: another, name });
    const { publishingLicense } = await other.as('alice@contoso.com').publish({ policy });
    const authority = await createAuthority({ store: createMemoryStore(), custodian });
    const acquiring = authority.as('bob@contoso.com').acquireUseLicense(publishingLicense);
    const error = await acquiring.catch((refused: unknown) => refused);
    expect(error).toMatchObject({ code: 'UNTRUSTED_LICENSE' });
    expect((error as Error).message).toContain('Evil long');
    expect((error as Error).message.length).toBeLessThan(300);
  });

  it('makes a content known when it is registered, and only for its issuer', async () => {
    const authority = await createAuthority({ store: createMemoryStore(), custodian });
    const alice = authority.as('alice@contoso.com');
    const { publishingLicense, contentId } = await alice.publish({ policy });
    await alice.registerForTracking(publishingLicense, 'plan.txt');
    const strange = authority.as('bob@contoso.com').registerForTracking(publishingLicense, 'mine.txt');
    await expect(strange).rejects.toMatchObject({ code: 'ACCESS_DENIED', details: { rule: 'not-issuer' } });
    const rows: UsageRecord[] = [];
    for await (const row of authority.usageLog()) rows.push(row);
    expect(rows.map(({ requestType, result, contentId }) => [requestType, result, contentId])).toEqual([
      ['FECreatePublishingLicenseV1', 'Success', contentId],
      ['RegisterContent', 'Success', contentId],
      ['RegisterContent', 'AccessDenied', contentId],
    ]);
  });
});
