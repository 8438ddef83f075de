// Makes test-vectors/licenses and test-vectors/hostile. Inputs, clock and random bytes are fixed, and so are the keys once
// they are there; RSA encryption draws its own randomness, so sealed keys (and what is signed around them) differ from
// run to run. What must come out is written from the inputs, never from what the library reads.
// Run: node tools/make-license-vectors.mjs
import { createHash, createPrivateKey } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { goodDocuments, goodVectors } from './license-vectors/good.mjs';
import { hostileArchives, hostileKeys, passphrase } from './license-vectors/hostile-keys.mjs';
import { hostileSeals, hostileSignatures } from './license-vectors/hostile-licenses.mjs';
import { hostileTexts } from './license-vectors/hostile-texts.mjs';
import { loadLibrary } from './license-vectors/library.mjs';
import { loadParties } from './license-vectors/parties.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folderOf = (name) => `${root}test-vectors/${name}/`;
const extensions = { 'public-key': 'pem', 'encrypted-private-key': 'pem', 'public-key-pem': 'pem' };
const isText = (bytes) => typeof bytes === 'string';

function write(folder, description, vectors) {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (name !== 'keys') rmSync(folder + name, { recursive: true });
  const listed = vectors.map(({ name, bytes, ...rest }) => {
    const kind = rest.kind ?? rest.read;
    const extension = extensions[kind] ?? (isText(bytes) || kind.includes('license') ? 'xml' : 'bin');
    const file = `${name}.${extension}`;
    const content = isText(bytes) ? Buffer.from(bytes) : Buffer.from(bytes);
    writeFileSync(folder + file, content);
    return { name, file, ...rest, sha256: createHash('sha256').update(content).digest('hex') };
  });
  if (new Set(listed.map(({ name }) => name)).size !== listed.length)
    throw new Error('two vectors have one name');
  writeFileSync(
    `${folder}manifest.json`,
    `${JSON.stringify({ ...description, vectors: listed }, null, 1)}\n`,
  );
  console.log(`${folder}: ${listed.length} vectors`);
}

const library = await loadLibrary(root);
const parties = await loadParties(library, folderOf('licenses'));
const good = await goodDocuments(library, parties);
const vectors = await goodVectors(library, parties, good);
const encryptedKey = createPrivateKey(parties.keys.server.pem).export({
  type: 'pkcs8',
  format: 'pem',
  cipher: 'aes-256-cbc',
  passphrase,
});
vectors.push({
  name: 'encrypted-private-key',
  kind: 'encrypted-private-key',
  why: 'as OpenSSL writes it: PBES2, PBKDF2-HMAC-SHA-256, AES-256-CBC',
  bytes: encryptedKey,
  expect: { passphrase, privateKey: 'test-only-server' },
});
write(
  folderOf('licenses'),
  {
    specification: 'spec/licenses.md, spec/xrml.md',
    note: 'Private keys in keys/ are for these tests only and protect nothing. Absent facts are null, keys hexadecimal, times ISO 8601.',
  },
  vectors,
);
write(
  folderOf('hostile'),
  {
    specification: 'spec/errors.md',
    note: 'Each file gives the one error code, read as "read" says (test-vectors/README.md). Keys are those of licenses/keys.',
  },
  [
    ...hostileTexts(vectors[0].bytes),
    ...(await hostileSeals(library, parties, good)),
    ...(await hostileSignatures(library, parties, good)),
    ...hostileKeys(parties),
    ...(await hostileArchives(library, parties)),
  ],
);
