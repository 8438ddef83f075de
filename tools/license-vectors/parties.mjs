import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';

/** Bytes that look random and are the same in every run. */
export function seededRandom(seed) {
  let blocks = 0;
  let left = Buffer.alloc(0);
  return (length) => {
    while (left.length < length) {
      left = Buffer.concat([left, createHash('sha256').update(`${seed} ${blocks++}`).digest()]);
    }
    const bytes = Uint8Array.from(left.subarray(0, length));
    left = left.subarray(length);
    return bytes;
  };
}

/** A test key from the folder; made once if it is not there. */
function testKey(folder, name) {
  const path = `${folder}keys/test-only-${name}.pem`;
  if (!existsSync(path)) {
    mkdirSync(`${folder}keys`, { recursive: true });
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  }
  const pem = readFileSync(path, 'utf8');
  return { pem, pkcs8: Buffer.from(pem.replace(/-----.*-----|\s/g, ''), 'base64') };
}

/** Everybody who appears in the vectors, with their keys. */
export async function loadParties(library, folder) {
  const load = async (name) => {
    const { pem, pkcs8 } = testKey(folder, name);
    return { pem, pkcs8, custodian: await library.custodianFromPkcs8(pkcs8) };
  };
  const keys = {
    server: await load('server'),
    client: await load('client'),
    account: await load('account'),
    stranger: await load('stranger'),
  };
  const server = {
    kind: 'server',
    id: '5e41a7c4-0000-4000-8000-000000000001',
    name: 'Vectors & Sons',
    url: 'urn:uuid:5e41a7c4-0000-4000-8000-000000000001',
    publicKey: keys.server.custodian.publicKey,
  };
  return {
    keys,
    server,
    issuer: { server, custodian: keys.server.custodian },
    stranger: { ...server, name: 'Strangers', publicKey: keys.stranger.custodian.publicKey },
    client: { kind: 'account', email: 'alice@contoso.com', publicKey: keys.client.custodian.publicKey },
    account: { kind: 'account', email: 'bob@contoso.com', publicKey: keys.account.custodian.publicKey },
  };
}

/** SHA-256 of a party's modulus, least significant byte first: what a client pins. */
export const keySha256 = ({ publicKey }) => createHash('sha256').update(publicKey.modulus).digest('hex');

export const publicPem = (pem) => createPublicKey(pem).export({ type: 'spki', format: 'pem' });
