// Protects a file under a policy, opens it as somebody who may, and is refused as somebody who may not.
// Run it with: npm run build && node examples/protect-and-open-a-file.mjs
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { SealwrightError } from 'sealwright';
import { initAuthority } from 'sealwright/authority/folder';
import { openFile, protectFile } from 'sealwright/node';

const folder = await mkdtemp(join(tmpdir(), 'sealwright-'));
const authority = await initAuthority(join(folder, 'authority'), { name: 'Contoso' });
try {
  const original = join(folder, 'offer.txt');
  await writeFile(original, 'Our offer: 17 crates at 40 each.\n');

  // Alice protects it. You vouch that it is her: an authority in a folder believes its caller.
  const alice = authority.as('alice@contoso.com');
  const { path, contentId } = await protectFile(original, {
    service: alice,
    policy: {
      grants: [{ to: 'bob@contoso.com', rights: ['VIEW', 'PRINT'] }],
      validUntil: new Date(Date.now() + 7 * 24 * 60 * 60 * 1000),
      referrer: 'alice@contoso.com',
    },
  });
  console.log(`Alice protected offer.txt as ${basename(path)}, content ${contentId}.`);
  assert(!(await readFile(path)).includes('crates'));

  const bob = await openFile(path, { service: authority.as('bob@contoso.com') });
  const opened = await bob.saveTo(join(folder, 'opened/'));
  console.log(
    `Bob opened it with ${bob.rights.join(' and ')}, until ${bob.contentValidUntil?.toISOString()}.`,
  );
  console.log(`  May he print? ${bob.may('PRINT')}. May he copy from it? ${bob.may('EXTRACT')}.`);
  assert.throws(() => bob.require('EXTRACT'), { code: 'ACCESS_DENIED' });
  await bob.close();
  assert.equal(await readFile(opened, 'utf8'), await readFile(original, 'utf8'));

  const refusal = await openFile(path, { service: authority.as('eve@fabrikam.com') }).catch((error) => error);
  assert(refusal instanceof SealwrightError && refusal.code === 'ACCESS_DENIED');
  console.log(`Eve was refused (${refusal.details.rule}): ${refusal.message}`);

  await alice.revoke(contentId, { user: 'bob@contoso.com' });
  const revoked = await openFile(path, { service: authority.as('bob@contoso.com') }).catch((error) => error);
  assert.equal(revoked.code, 'ACCESS_DENIED');
  console.log(`Alice withdrew it from Bob (${revoked.details.rule}): ${revoked.message}`);
} finally {
  await authority.close();
  await rm(folder, { recursive: true });
}
