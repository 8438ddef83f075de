// Protects and opens a message with one large attachment, file to file: node bench/mail/large-attachment.mjs [MiB]
// Prints throughput and the most memory, which must not grow with the attachment.
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { libraryEntry } from '../measuring/library.mjs';

const { createAuthority, createMemoryStore } = await libraryEntry('authority');
const { doNotForward } = await libraryEntry('.');
const { custodianFromPkcs8, generateRsaKey } = await libraryEntry('license');
const { openFile, protectFile } = await libraryEntry('node');

const mebibytes = Number(process.argv[2] ?? 100);
const folder = mkdtempSync(join(tmpdir(), 'sealwright-bench-'));
const path = join(folder, 'large.eml');
const digest = async (file) => {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(file)) hash.update(bytes);
  return hash.digest('hex');
};

const out = createWriteStream(path);
out.write(
  'From: alice@contoso.com\r\nTo: bob@contoso.com\r\nSubject: large\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee the file.\r\n--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="large.bin"\r\nContent-Transfer-Encoding: base64\r\n\r\n',
);
const lines = 57 * 1024;
for (let written = 0; written < mebibytes * 2 ** 20; written += lines) {
  const text = randomBytes(lines).toString('base64').match(/.{76}/g).join('\r\n');
  if (!out.write(`${text}\r\n`)) await once(out, 'drain');
}
out.end('--b--\r\n');
await once(out, 'finish');

const custodian = await custodianFromPkcs8(await generateRsaKey(2048));
const authority = await createAuthority({ store: createMemoryStore(), custodian, name: 'Bench' });
const policy = doNotForward(['bob@contoso.com']);
const size = statSync(path).size;
const memory = () => `${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB at most so far`;
const timed = async (name, work) => {
  const start = performance.now();
  const result = await work();
  const seconds = (performance.now() - start) / 1000;
  console.log(
    `${name}: ${seconds.toFixed(1)} s, ${(size / 2 ** 20 / seconds).toFixed(0)} MiB/s, ${memory()}`,
  );
  return result;
};
try {
  console.log(`message of ${(size / 2 ** 20).toFixed(0)} MiB, ${memory()}`);
  const service = authority.as('alice@contoso.com');
  const made = await timed('protect', () =>
    protectFile(path, { service, policy, out: join(folder, 'protected') }),
  );
  await timed('open', async () => {
    const opened = await openFile(made.path, { service: authority.as('bob@contoso.com') });
    await opened.saveTo(`${join(folder, 'opened')}/`);
    await opened.close();
  });
  const same = (await digest(path)) === (await digest(join(folder, 'opened', 'large.eml')));
  console.log(same ? 'opened message is the same' : 'OPENED MESSAGE DIFFERS');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
