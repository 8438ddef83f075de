// A licensing service of one's own: anything with these six members can be handed to protect and open. This one asks
// an authority, remembers use licenses as long as they may be kept, and tells an audit trail.
// Run it with: npm run build && node examples/custom-licensing-service.mjs
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { open, protect } from 'sealwright';
import { createAuthority, createMemoryStore } from 'sealwright/authority';
import { custodianFromPkcs8, generateRsaKey } from 'sealwright/license';

/** Wraps the service of one person. `now` is the clock, `audit` is told what happened. */
function rememberingService(service, { now = () => new Date(), audit = () => undefined } = {}) {
  const kept = new Map();

  const mayBeKept = ({ onlineOnly, licenseValidUntil }) =>
    !onlineOnly && (licenseValidUntil === undefined || now() < licenseValidUntil);
  /** Whoever opens wipes the key they got, so everyone gets a copy of their own. */
  const copyOf = (license) => ({ ...license, contentKey: license.contentKey.slice() });

  return {
    ...service,
    async publish(request, options) {
      const published = await service.publish(request, options);
      audit(`published ${published.contentId} in ${published.cipherMode}`);
      return published;
    },
    async acquireUseLicense(publishingLicense, options) {
      const id = createHash('sha256').update(publishingLicense).digest('hex');
      const known = kept.get(id);
      if (known !== undefined && mayBeKept(known)) {
        audit(`used a kept license for ${known.contentId}`);
        return copyOf(known);
      }
      kept.delete(id);
      known?.contentKey.fill(0);
      try {
        const license = await service.acquireUseLicense(publishingLicense, options);
        audit(`got a license for ${license.contentId}`);
        if (mayBeKept(license)) kept.set(id, copyOf(license));
        return license;
      } catch (error) {
        audit(`was refused: ${error.code}`);
        throw error;
      }
    },
    /** Forgets every key. */
    clear() {
      for (const { contentKey } of kept.values()) contentKey.fill(0);
      kept.clear();
    },
  };
}

let clock = new Date('2031-05-01T09:00:00Z');
const now = () => clock;
const authority = await createAuthority({
  store: createMemoryStore(),
  custodian: await custodianFromPkcs8(await generateRsaKey(2048)),
  name: 'Contoso',
  now,
});
const trail = [];
const audit = (line) => {
  trail.push(line.replace(/\{.*\}/, 'the content'));
  console.log(`${clock.toISOString().slice(0, 16)} ${line}`);
};

const alice = rememberingService(authority.as('alice@contoso.com'), { now, audit });
const bob = rememberingService(authority.as('bob@contoso.com'), { now, audit });
const text = 'Keep this for two days.';
const file = await protect(new TextEncoder().encode(text), {
  service: alice,
  policy: { grants: [{ to: 'bob@contoso.com', rights: ['VIEW'] }], offlineDays: 2 },
  name: 'note.txt',
});
const bytes = await file.bytes();

async function bobReads() {
  const opened = await open(bytes, { service: bob, name: 'note.ptxt', now });
  const content = new TextDecoder().decode(await opened.bytes());
  opened.close();
  assert.equal(content, text);
}

await bobReads();
await alice.revoke(file.contentId);
clock = new Date('2031-05-02T09:00:00Z');
await bobReads(); // revoked, but his license may still be used: that is the price of offline use
clock = new Date('2031-05-03T09:00:00Z');
await assert.rejects(bobReads, { code: 'ACCESS_DENIED' });
bob.clear();
await authority.close();

assert.deepEqual(trail, [
  'published the content in SEALWRIGHT.GCM64K',
  'got a license for the content',
  'used a kept license for the content',
  'was refused: ACCESS_DENIED',
]);
console.log('The kept license served for two days and no longer.');
