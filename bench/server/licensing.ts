// The licensing server as `sealwright serve` puts it together: authority in a folder, verified tokens, log on disk.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { initAuthority } from '../../src/authority/folder/index.ts';
import { definePolicy } from '../../src/rights/index.ts';
import { createTokenVerifier } from '../../src/server/identity/index.ts';
import { createServer, listen } from '../../src/server/index.ts';

const issuer = 'https://login.contoso.com';
const audience = 'api://rights';
const url = 'http://127.0.0.1';
const plenty = { perSecond: 1e9, burst: 1e9 };

const folder = mkdtempSync(join(tmpdir(), 'sealwright-load-'));
const authority = await initAuthority(join(folder, 'authority'), { name: 'Contoso' });
const { privateKey, publicKey } = await generateKeyPair('ES256');
const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: '1', alg: 'ES256', use: 'sig' }] };
const verifyToken = createTokenVerifier({
  issuers: [{ issuer, audience: [audience], domains: ['contoso.com'] }],
  fetch: async (input) =>
    Response.json(
      String(input).endsWith('openid-configuration') ? { issuer, jwks_uri: `${issuer}/keys` } : keys,
    ),
});
await verifyToken.load();

const token = await new SignJWT({ email: 'bob@contoso.com', email_verified: true, sub: 'bob' })
  .setProtectedHeader({ alg: 'ES256', kid: '1' })
  .setIssuer(issuer)
  .setAudience(audience)
  .setIssuedAt()
  .setExpirationTime('2h')
  .sign(privateKey);

const alice = authority.as('alice@contoso.com');
const policy = definePolicy({
  grants: [
    { to: 'bob@contoso.com', rights: ['VIEW', 'VIEWRIGHTSDATA', 'EDIT', 'DOCEDIT', 'PRINT', 'OBJMODEL'] },
    { to: 'fabrikam.com', rights: 'Viewer' },
  ],
  offlineDays: 7,
  names: [{ lcid: 1033, name: 'Contoso internal', description: 'Staff, and partners to read' }],
});
const count = Number(process.argv[2]);
const licenses = await Promise.all(
  Array.from({ length: count }, async () =>
    Buffer.from((await alice.publish({ policy })).publishingLicense).toString('base64'),
  ),
);

const server = createServer({
  authority,
  verifyToken,
  url,
  challenges: [{ authority: issuer, resource: audience }],
  facts: {
    Name: 'Contoso',
    AuthorityId: authority.facts.id,
    KeySha256: authority.facts.keySha256,
    Version: '1',
    Issuers: [],
  },
  limits: { perCaller: plenty, perAddress: plenty },
});
const listener = await listen(server, { port: 0 });
process.on('message', async (message) => {
  if (message !== 'stop') {
    process.send?.({ memory: process.memoryUsage.rss(), cpu: process.cpuUsage() });
    return;
  }
  await listener.stop();
  let rows = 0;
  for await (const row of authority.usageLog()) if (row.requestType === 'AcquireLicense') rows++;
  await authority.close();
  rmSync(folder, { recursive: true });
  process.send?.({ rows }, () => process.exit());
});
process.send?.({ port: listener.port, token, licenses });
