// Use licenses from an authority in this process, beside nothing but the RSA operation that each of them needs.
//   node bench/authority/acquire.mjs [--requests N] [--concurrent N] [--licenses N] [--rounds N] [--only TEXT]
// `main` is processor time of the main thread for each request, `all` that of the whole process.
import { constants, createPrivateKey, createPublicKey, privateDecrypt, publicEncrypt } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createAuthority, createMemoryStore } from 'sealwright/authority';
import { initAuthority } from 'sealwright/authority/folder';
import { custodianFromPkcs8, generateRsaKey } from 'sealwright/license';

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '2000' },
    concurrent: { type: 'string', default: '64' },
    licenses: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string' },
  },
});
const [requests, concurrent, licenses, rounds] = [
  values.requests,
  values.concurrent,
  values.licenses,
  values.rounds,
].map(Number);

const folder = mkdtempSync(join(tmpdir(), 'sealwright-bench-'));
try {
  const policy = { ...definedPolicy() };
  const inFolder = await initAuthority(join(folder, 'authority'));
  const pkcs8 = await generateRsaKey(2048);
  const inMemory = await createAuthority({
    store: createMemoryStore(),
    custodian: await custodianFromPkcs8(pkcs8),
  });
  const cases = {
    'RSA on the thread pool (WebCrypto)': await webCryptoCase(pkcs8),
    'RSA on the main thread (node:crypto)': nodeCryptoCase(pkcs8),
    'use licenses, memory, seen before': await seenCase(inMemory, policy),
    'use licenses, SQLite, seen before': await seenCase(inFolder, policy),
    'use licenses, SQLite, never seen': await newCase(inFolder, policy),
  };
  if (values.only !== undefined)
    for (const name of Object.keys(cases)) if (!name.includes(values.only)) delete cases[name];
  const results = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
  for (const each of Object.values(cases)) await drive(each, Math.min(requests, 300));
  for (let round = 0; round < rounds; round++)
    for (const [name, each] of Object.entries(cases)) results[name].push(await drive(each, requests));
  for (const [name, runs] of Object.entries(results)) {
    const best = runs.sort((a, b) => a.wall - b.wall)[runs.length >> 1];
    console.log(
      `${name.padEnd(38)}${(requests / best.wall).toFixed(0).padStart(7)}/s ${best.main.toFixed(0).padStart(7)} us main ${best.all.toFixed(0).padStart(7)} us all`,
    );
  }
  await inFolder.close();
} finally {
  rmSync(folder, { recursive: true });
}

function definedPolicy() {
  const everyRight = ['VIEW', 'VIEWRIGHTSDATA', 'EDIT', 'DOCEDIT', 'PRINT', 'EXTRACT', 'OBJMODEL'];
  return {
    grants: [
      { to: 'bob@contoso.com', rights: everyRight },
      { to: 'staff@contoso.com', rights: ['VIEW', 'VIEWRIGHTSDATA', 'PRINT'] },
      { to: 'fabrikam.com', rights: ['VIEW'] },
    ],
    validFrom: undefined,
    validUntil: undefined,
    offlineDays: 7,
    referrer: 'help@contoso.com',
    names: [{ lcid: 1033, name: 'Contoso internal', description: 'Staff, and partners to read' }],
    signedApplicationData: {},
    encryptedApplicationData: {},
  };
}

async function webCryptoCase(pkcs8) {
  const { subtle } = globalThis.crypto;
  const algorithm = { name: 'RSA-OAEP', hash: 'SHA-1' };
  const key = await subtle.importKey('pkcs8', pkcs8, algorithm, false, ['decrypt']);
  const sealed = sealedFor(pkcs8);
  return () => subtle.decrypt('RSA-OAEP', key, sealed);
}

function nodeCryptoCase(pkcs8) {
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  const sealed = sealedFor(pkcs8);
  return async () => privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING }, sealed);
}

function sealedFor(pkcs8) {
  const key = createPublicKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  return publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING }, Buffer.alloc(44));
}

async function seenCase(authority, policy) {
  const made = await publish(authority, policy, licenses);
  const facts = { clientInfo: 'SDK;AppName=bench', clientAddress: '192.0.2.1' };
  let next = 0;
  return () =>
    authority
      .as('bob@contoso.com', { ...facts, correlationId: crypto.randomUUID() })
      .acquireUseLicense(made[next++ % made.length]);
}

async function newCase(authority, policy) {
  const made = await publish(authority, policy, Math.min(requests, 300) + requests * rounds);
  return () =>
    authority.as('bob@contoso.com', { correlationId: crypto.randomUUID() }).acquireUseLicense(made.pop());
}

async function publish(authority, policy, count) {
  const made = [];
  const alice = authority.as('alice@contoso.com');
  await drive(async () => made.push((await alice.publish({ policy })).publishingLicense), count);
  return made;
}

async function drive(work, count) {
  let left = count;
  const before = { time: process.hrtime.bigint(), main: mainThread(), all: process.cpuUsage() };
  await Promise.all(
    Array.from({ length: concurrent }, async () => {
      while (left-- > 0) await work();
    }),
  );
  const { user, system } = process.cpuUsage(before.all);
  return {
    wall: Number(process.hrtime.bigint() - before.time) / 1e9,
    main: (mainThread() - before.main) / 1000 / count,
    all: (user + system) / count,
  };
}

/** Nanoseconds of processor time the main thread has had; Linux only. */
function mainThread() {
  return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]);
}
