// Serves an authority over HTTP on this machine, with the development issuer that signs anyone in by name; then two
// people protect and open over the wire, and a third one is refused.
// Run it with: npm run build && node examples/serve-and-open-over-the-network.mjs
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open, protect } from 'sealwright';
import { initAuthority } from 'sealwright/authority/folder';
import { restLicensingService } from 'sealwright/licensing';
import { openIdTokens } from 'sealwright/openid';
import { checkServerConfiguration, createDevIssuer, serve } from 'sealwright/server';

const folder = await mkdtemp(join(tmpdir(), 'sealwright-'));
const port = await freePort();
const url = `http://localhost:${port}`;

// The server. For real, its configuration has `tls` and the OpenID issuer of your organization, and there is no
// `development`.
const authority = await initAuthority(join(folder, 'authority'), { name: 'Contoso' });
await authority.setUrl(url);
const configuration = checkServerConfiguration(
  {
    url,
    listen: { port },
    authority: 'authority',
    issuers: [{ issuer: `${url}/issuer`, audience: [url] }],
  },
  folder,
);
const served = [];
const running = await serve(configuration, {
  authority,
  version: '1.0.0',
  development: createDevIssuer({ url: `${url}/issuer` }),
  log: (line) => served.push(JSON.parse(line)),
});

/** The licensing service as one person sees it. It goes where an authority's `as()` would go. */
async function serviceFor(email) {
  const tokens = openIdTokens({
    issuer: `${url}/issuer`,
    clientId: 'sealwright-cli',
    resource: url,
    allowInsecureLoopback: true,
  });
  await tokens.signIn({ as: email });
  const trust = { authorities: [`${url}/issuer`], insecureLoopback: true };
  return restLicensingService({ url, user: email, tokens, trust });
}

try {
  const alice = await serviceFor('alice@contoso.com');
  const policy = { grants: [{ to: 'bob@contoso.com', rights: ['VIEW', 'PRINT'] }] };
  const budget = new TextEncoder().encode('Travel: 1200. Books: 300.');
  const file = await protect(budget, { service: alice, policy, name: 'budget.txt' });
  const bytes = await file.bytes();
  console.log(`Alice protected budget.txt as ${file.name}, with a license from ${url}.`);

  const opened = await open(bytes, { service: await serviceFor('bob@contoso.com') });
  assert.deepEqual(await opened.bytes(), budget);
  console.log(`Bob opened it over the wire, with ${opened.rights.join(' and ')}.`);
  opened.close();

  const eve = await serviceFor('eve@fabrikam.com');
  const refusal = await open(bytes, { service: eve }).catch((error) => error);
  assert.equal(refusal.code, 'ACCESS_DENIED');
  console.log(`Eve was refused (${refusal.details.rule}): ${refusal.message}`);

  const decisions = served.filter(({ decision }) => decision !== undefined);
  console.log(
    `The server saw ${served.length} events and decided: ${decisions.map((each) => each.decision)}.`,
  );
  assert.deepEqual(
    decisions.map((each) => each.decision),
    ['granted', 'no-grant'],
  );
} finally {
  await running.stop();
  await authority.close();
  await rm(folder, { recursive: true });
}

/** A port that nobody uses. */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
