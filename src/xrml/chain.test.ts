import { beforeAll, describe, expect, it } from 'vitest';
import { type ChainOptions, type ChainVerdict, verifyXrmlChain } from './chain.ts';
import { readXrmlDocuments } from './documents.ts';
import { sha256Hex } from './real-licenses.test-support.ts';
import { certify, makeTestKey, publish, type TestParty, testNow } from './test-hierarchy.test-support.ts';

let root: TestParty;
let server: TestParty;
let user: TestParty;
let mallory: TestParty;
let trustAnchors: { name: string; modulusSha256: string }[];

const pin = (party: TestParty) => ({ name: party.name, modulusSha256: sha256Hex(party.key.modulus) });
const verdictOn = (documents: readonly string[], options: ChainOptions = {}): ChainVerdict =>
  verifyXrmlChain(readXrmlDocuments(documents.join('')), { trustAnchors, ...options });
const licensor = (principal: TestParty, issuer = server) =>
  certify({ issuer, principal, descriptor: 'Client-Licensor-Certificate' });

beforeAll(async () => {
  root = { type: 'DRM-Certificate-Authority', name: 'Root', key: await makeTestKey() };
  server = { type: 'MS-DRM-Server', name: 'Contoso', key: await makeTestKey() };
  user = { type: 'Group-Identity', name: 'ada@contoso.com', key: await makeTestKey() };
  mallory = { type: 'Group-Identity', name: 'mallory@contoso.com', key: await makeTestKey() };
  trustAnchors = [pin(root)];
});

describe('a chain', () => {
  it('leads from the license over its certificates to the anchor, past documents that do not matter', async () => {
    const verdict = verdictOn([
      await publish(user),
      await publish(mallory),
      await licensor(user),
      await certify({ issuer: root, principal: server }),
    ]);
    expect(verdict).toMatchObject({ trusted: true, trustAnchor: 'Root', path: [0, 2, 3], problems: [] });
    expect(verdict.facts[0]?.issuer?.object?.name).toBe('ada@contoso.com');
  });

  it('ends at the nearest anchor: a pinned server needs no root', async () => {
    const documents = [await publish(user), await licensor(user)];
    expect(verdictOn(documents).trusted).toBe(false);
    expect(verdictOn(documents, { trustAnchors: [pin(root), pin(server)] })).toMatchObject({
      trusted: true,
      trustAnchor: 'Contoso',
      path: [0, 1],
    });
    expect(verdictOn([await publish(server)], { trustAnchors: [pin(server)] }).path).toEqual([0]);
  });

  it('can be asked about another document than the first', async () => {
    const documents = [
      await publish(mallory),
      await publish(server),
      await certify({ issuer: root, principal: server }),
    ];
    expect(verdictOn(documents).trusted).toBe(false);
    expect(verdictOn(documents, { leaf: 1 }).path).toEqual([1, 2]);
    for (const leaf of [3, -1, 0.5])
      expect(() => verdictOn(documents, { leaf })).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
      );
  });

  it('does not trust a good signature by a key nobody vouches for', async () => {
    const verdict = verdictOn([await publish(mallory)]);
    expect(verdict).toMatchObject({ trusted: false, trustAnchor: undefined, path: [] });
    expect(verdict.problems.join()).toContain('trust anchor');
  });

  it('is not fooled by names alone, keys alone, or certificates in front', async () => {
    const top = await certify({ issuer: root, principal: server });
    const wrongKey = { ...server, key: mallory.key };
    const wrongName = { ...server, name: 'Fabrikam' };
    expect(verdictOn([await publish(wrongKey), top]).trusted).toBe(false);
    expect(verdictOn([await publish(wrongName), top]).trusted).toBe(false);
    expect(verdictOn([top, await publish(server)], { leaf: 1 }).trusted).toBe(false);
  });

  it.each([
    ['grants another right', { right: 'VIEW' }],
    ['is not of type LICENSE', { bodyType: 'Microsoft Rights Label' }],
    ['had ended when the license was issued', { until: testNow }],
    ['had not begun when the license was issued', { from: new Date(testNow.getTime() + 60_000) }],
  ])('breaks at a certificate that %s', async (_, change) => {
    expect(
      verdictOn([await publish(server), await certify({ issuer: root, principal: server, ...change })])
        .trusted,
    ).toBe(false);
  });

  it('is judged at the time of issue: certificates may have ended since', async () => {
    const [issued, from, until] = ['2004-06-01', '2004-01-01', '2005-01-01'].map(
      (day) => new Date(`${day}T00:00Z`),
    );
    const top = await certify({ issuer: root, principal: server, issued: from!, from: from!, until: until! });
    expect(verdictOn([await publish(server, issued), top]).trusted).toBe(true);
  });

  it('breaks at a document that was changed, and says which', async () => {
    const top = await certify({ issuer: root, principal: server });
    const changed = (await licensor(user)).replace('{0}', '{1}');
    const verdict = verdictOn([await publish(user), changed, top]);
    expect(verdict.trusted).toBe(false);
    expect(verdict.problems.join()).toContain('document 1 was changed');
    expect(verdict.problems.join()).not.toContain('ada');
  });

  it('does not let a user certify keys for others', async () => {
    const top = await certify({ issuer: root, principal: server });
    const forged = await certify({
      issuer: mallory,
      principal: user,
      descriptor: 'Server-Licensor-Certificate',
    });
    const verdict = verdictOn([await publish(user), forged, await licensor(mallory), top]);
    expect(verdict.trusted).toBe(false);
  });

  it('has no circles to run in', async () => {
    const circle = [
      await certify({ issuer: server, principal: root }),
      await certify({ issuer: root, principal: server }),
      await certify({ issuer: server, principal: root }),
    ];
    expect(verdictOn(circle, { trustAnchors: [pin(mallory)] }).trusted).toBe(false);
  });

  it('of thirty-two links is followed at once', async () => {
    const links = await Promise.all(
      Array.from({ length: 31 }, () =>
        certify({ issuer: server, principal: server, descriptor: 'DRM-CA-Certificate' }),
      ),
    );
    const started = process.cpuUsage();
    expect(verdictOn([...links, await certify({ issuer: root, principal: server })]).trusted).toBe(true);
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(5_000);
  });
});
