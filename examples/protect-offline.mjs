// Protects many files with one certificate: the service is asked once, and after that only to open.
// Run it with: npm run build && node examples/protect-offline.mjs
import assert from 'node:assert/strict';
import { open, protect } from 'sealwright';
import { createAuthority, createMemoryStore } from 'sealwright/authority';
import { custodianFromPkcs8, generateRsaKey } from 'sealwright/license';
import { withOfflinePublishing } from 'sealwright/licensing';

const authority = await createAuthority({
  store: createMemoryStore(),
  custodian: await custodianFromPkcs8(await generateRsaKey(2048)),
  name: 'Contoso',
});

// Notes what the service is asked. With a service on the network, each would be a request.
const asked = [];
const service = Object.fromEntries(
  Object.entries(authority.as('alice@contoso.com')).map(([name, ask]) => [
    name,
    (...args) => {
      asked.push(name);
      return ask(...args);
    },
  ]),
);

// With `keep`, certificate and templates would outlive the program.
const offline = withOfflinePublishing(service);
const policy = { grants: [{ to: 'contoso.com', rights: 'Viewer' }] };

const letters = Array.from({ length: 100 }, (_, index) => `Letter ${index + 1}: dear customer …`);
const files = [];
for (const [index, letter] of letters.entries()) {
  const file = await protect(new TextEncoder().encode(letter), {
    service: offline,
    policy,
    name: `letter-${index + 1}.txt`,
  });
  files.push(await file.bytes());
}
console.log(`Alice protected ${files.length} letters, and the service was asked for: ${asked.join(', ')}.`);
assert.deepEqual(asked.toSorted(), ['getClientLicensorCertificate', 'listTemplates']);

// Whoever opens asks the service: Alice's certificate is from it, so it knows what she may publish.
const bob = authority.as('bob@contoso.com');
for (const index of [0, 41, 99]) {
  const opened = await open(files[index], { service: bob });
  assert.equal(new TextDecoder().decode(await opened.bytes()), letters[index]);
  opened.close();
}
console.log('Bob opened the first, the last and one in between.');

const refusal = await open(files[0], { service: authority.as('eve@fabrikam.com') }).catch((error) => error);
assert.equal(refusal.code, 'ACCESS_DENIED');
console.log(`Eve was refused (${refusal.details.rule}): ${refusal.message}`);
await authority.close();
