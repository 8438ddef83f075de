// Documents in the bucket of an object store are protected where they are, and opened again: no folder, no temporary
// files. The store here is a small server on this machine; put the endpoint and the keys of yours in its place.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import S3rver from 's3rver';
import { initAuthority } from 'sealwright/authority/folder';
import { protectFiles, removeProtectionFromFiles } from 'sealwright/node';
import { s3Storage } from './object-store/s3-storage.mjs';

const server = new S3rver({
  port: 0,
  address: '127.0.0.1',
  silent: true,
  directory: 'buckets',
  vhostBuckets: false,
  configureBuckets: [{ name: 'documents' }],
});
const { port } = await server.run();
const storage = s3Storage({
  endpoint: `http://127.0.0.1:${port}`,
  bucket: 'documents',
  accessKeyId: 'S3RVER',
  secretAccessKey: 'S3RVER',
});

const documents = ['budget.xlsx', 'contract.pdf', 'floor-plan.png', 'meeting-notes.txt'];
const contentOf = (name) => readFileSync(new URL(`documents/${name}`, import.meta.url));
for (const name of documents) {
  await storage.write(`finance/2026/${name}`, async (sink) => {
    const content = contentOf(name);
    await sink.write(content);
    return content.length;
  });
}
const keys = async () => {
  const found = [];
  for await (const { path } of storage.list('finance/')) found.push(path);
  return found;
};

const authority = await initAuthority('authority', { name: 'Contoso' });
const service = authority.as('alice@contoso.com');
const policy = { grants: [{ to: 'contoso.com', rights: 'Viewer' }] };
const run = await protectFiles('finance', { storage, service, policy, inPlace: true });
console.log(`${run.done} of ${run.found} objects protected:`, await keys());
assert.equal(run.done, documents.length);

// Once more is no harm: what is protected is passed over.
const again = await protectFiles('finance', { storage, service, policy, inPlace: true });
assert.equal(again.skippedBecause['already-protected'], documents.length);

const opened = await removeProtectionFromFiles('finance', { storage, service, inPlace: true });
console.log(`${opened.done} objects without protection again:`, await keys());
for (const name of documents) {
  const source = await storage.open(`finance/2026/${name}`);
  const content = Buffer.from(await source.read(0, source.size));
  // A PDF has the objects that it had, put together anew; everything else comes back byte for byte.
  if (name.endsWith('.pdf')) assert.ok(!content.includes('/Encrypt'));
  else assert.deepEqual(content, contentOf(name));
}
await authority.close();
await server.close();
