// A server that protects uploads while they arrive. It never knows how long they are, keeps no plaintext on disk,
// and needs little memory for content of any size.
// Run it with: npm run build && node examples/stream-through-an-upload-handler.mjs
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { open, protect, SealwrightError } from 'sealwright';
import { initAuthority } from 'sealwright/authority/folder';

const folder = await mkdtemp(join(tmpdir(), 'sealwright-'));
const authority = await initAuthority(join(folder, 'authority'), { name: 'Contoso' });
const upload = join(folder, 'upload.pfile');

async function handle(request, response) {
  // Your own sign-in stands here: an authority in a folder believes whom you name.
  const user = request.headers['x-signed-in-user'];
  const service = authority.as(user);
  if (request.method === 'PUT') {
    const file = await protect(Readable.toWeb(request), {
      service,
      policy: { grants: [{ to: 'contoso.com', rights: 'Viewer' }] },
      name: 'upload.bin',
    });
    const stored = pipeline(file.stream(), createWriteStream(upload, { mode: 0o600 }));
    await stored.catch((error) => rm(upload, { force: true }).then(() => Promise.reject(error)));
    response.writeHead(201).end(file.contentId);
  } else {
    const opened = await open(Readable.toWeb(createReadStream(upload)), { service, name: 'upload.pfile' });
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    await pipeline(opened.stream(), response).finally(() => opened.close());
  }
}

const server = createServer((request, response) => {
  handle(request, response).catch((error) => {
    if (response.headersSent) return response.destroy(error);
    const refused = error instanceof SealwrightError && error.code === 'ACCESS_DENIED';
    response.writeHead(refused ? 403 : 500).end(refused ? error.message : 'Something went wrong.');
  });
});
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const url = `http://127.0.0.1:${server.address().port}/`;

/** 48 MiB that are made while they are sent, and their hash. */
function content() {
  const hash = createHash('sha256');
  async function* chunks() {
    for (let i = 0; i < 48; i++) {
      const chunk = Buffer.alloc(1024 * 1024, `chunk ${i} `);
      hash.update(chunk);
      yield chunk;
    }
  }
  return { body: Readable.toWeb(Readable.from(chunks())), digest: () => hash.digest('hex') };
}

try {
  const sent = content();
  const put = await fetch(url, {
    method: 'PUT',
    body: sent.body,
    duplex: 'half',
    headers: { 'x-signed-in-user': 'alice@contoso.com' },
  });
  const sentHash = sent.digest();
  assert.equal(put.status, 201);
  const { size } = await stat(upload);
  console.log(
    `Alice uploaded 48 MiB; the server stored ${size} protected bytes as content ${await put.text()}.`,
  );
  assert.deepEqual((await readdir(folder)).sort(), ['authority', 'upload.pfile']);

  const got = await fetch(url, { headers: { 'x-signed-in-user': 'bob@contoso.com' } });
  assert.equal(got.status, 200);
  const hash = createHash('sha256');
  for await (const chunk of got.body) hash.update(chunk);
  assert.equal(hash.digest('hex'), sentHash);
  console.log('Bob downloaded it, decrypted while it was sent: the same bytes, by SHA-256.');

  const refused = await fetch(url, { headers: { 'x-signed-in-user': 'eve@fabrikam.com' } });
  assert.equal(refused.status, 403);
  console.log(`Eve got ${refused.status}: ${await refused.text()}`);
  console.log(`Memory at the end: ${Math.round(process.memoryUsage.rss() / 1024 / 1024)} MiB.`);
} finally {
  server.closeAllConnections();
  server.close();
  await authority.close();
  await rm(folder, { recursive: true });
}
