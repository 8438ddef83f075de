import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** PEM texts: `cert` and `key` are what a server on this machine shows, `ca` is what its clients trust. */
export interface TestCertificate {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

let made: TestCertificate | undefined;

/**
 * A certificate for `localhost`, `127.0.0.1` and `::1` with the authority that signed it, for HTTPS on loopback in
 * tests. Made afresh once in each process, valid for two days; the authority's key is thrown away.
 */
export function testCertificate(): TestCertificate {
  made ??= makeCertificate();
  return made;
}

/** A certificate that nobody but itself signed, in PEM with its key. */
export function selfSignedCertificate(name: string): { readonly cert: string; readonly key: string } {
  const pair = keyPair();
  const cert = certificate(name, pair, name, pair, [isAuthority, keyId(pair)]);
  return Object.freeze({ cert, key: privatePem(pair) });
}

function makeCertificate(): TestCertificate {
  const authority = keyPair();
  const server = keyPair();
  const issuer = 'Sealwright test authority';
  const ca = certificate(issuer, authority, issuer, authority, [
    isAuthority,
    extension('2.5.29.15', true, bits(0x06, 1)),
    keyId(authority),
  ]);
  const cert = certificate('localhost', server, issuer, authority, [
    extension('2.5.29.19', true, sequence()),
    extension('2.5.29.15', true, bits(0x80, 7)),
    // For servers, under these names.
    extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.1'))),
    extension(
      '2.5.29.17',
      false,
      sequence(
        tagged(0x82, Buffer.from('localhost')),
        tagged(0x87, Buffer.of(127, 0, 0, 1)),
        tagged(0x87, Buffer.alloc(16).fill(1, 15)),
      ),
    ),
    keyId(server),
    extension('2.5.29.35', false, sequence(tagged(0x80, idOf(authority)))),
  ]);
  return Object.freeze({ ca, cert, key: privatePem(server) });
}

interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const keyPair = (): KeyPair => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const privatePem = ({ privateKey }: KeyPair): string =>
  privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const spki = ({ publicKey }: KeyPair): Buffer => publicKey.export({ type: 'spki', format: 'der' });
const idOf = (pair: KeyPair): Buffer => createHash('sha1').update(spki(pair)).digest();

/** ASN.1 in its distinguished encoding (X.690), as much of it as a certificate takes. */
function tagged(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const stated =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...stated), content]);
}
const sequence = (...parts: readonly Uint8Array[]): Buffer => tagged(0x30, ...parts);
const bits = (byte: number, unused: number): Buffer => tagged(0x03, Buffer.of(unused, byte));

function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const bytes = rest.flatMap((arc) => {
    const sevens = [arc & 0x7f];
    for (let left = arc >> 7; left > 0; left >>= 7) sevens.unshift(0x80 | (left & 0x7f));
    return sevens;
  });
  return tagged(0x06, Buffer.of(first * 40 + second, ...bytes));
}

function extension(id: string, critical: boolean, value: Uint8Array): Buffer {
  const mark = critical ? [tagged(0x01, Buffer.of(0xff))] : [];
  return sequence(oid(id), ...mark, tagged(0x04, value));
}
const isAuthority = extension('2.5.29.19', true, sequence(tagged(0x01, Buffer.of(0xff))));
const keyId = (pair: KeyPair): Buffer => extension('2.5.29.14', false, tagged(0x04, idOf(pair)));

const nameOf = (commonName: string): Buffer =>
  sequence(tagged(0x31, sequence(oid('2.5.4.3'), tagged(0x0c, Buffer.from(commonName)))));
/** `260131170000Z`. */
const time = (at: number): Buffer =>
  tagged(0x17, Buffer.from(new Date(at).toISOString().replace(/^\d\d|\.\d+|[-:T]/g, '')));

/** An X.509 certificate (RFC 5280), signed with ECDSA and SHA-256. */
function certificate(
  subject: string,
  pair: KeyPair,
  issuer: string,
  signer: KeyPair,
  extensions: readonly Uint8Array[],
): string {
  const algorithm = sequence(oid('1.2.840.10045.4.3.2'));
  const now = Date.now();
  const serial = randomBytes(16);
  // Positive, and no longer than it must be.
  serial[0] = 0x40 | ((serial[0] ?? 0) & 0x3f);
  const toBeSigned = sequence(
    tagged(0xa0, tagged(0x02, Buffer.of(2))),
    tagged(0x02, serial),
    algorithm,
    nameOf(issuer),
    sequence(time(now - 3_600_000), time(now + 2 * 86_400_000)),
    nameOf(subject),
    spki(pair),
    tagged(0xa3, sequence(...extensions)),
  );
  const signature = tagged(0x03, Buffer.of(0), sign('sha256', toBeSigned, signer.privateKey));
  const text = sequence(toBeSigned, algorithm, signature).toString('base64').replace(/.{64}/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${text.trimEnd()}\n-----END CERTIFICATE-----\n`;
}
