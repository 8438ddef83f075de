import { createPublicKey, pbkdf2Sync } from 'node:crypto';

const hostile = (name, read, code, why, bytes, extra = {}) => ({ name, read, code, why, bytes, ...extra });
export const passphrase = 'correct horse battery staple';

/** A DER value with its tag and length. */
function der(tag, ...parts) {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
const oid = (hex) => der(6, Buffer.from(hex, 'hex'));
const integer = (hex) => der(2, Buffer.from(hex, 'hex'));
const nothing = Buffer.from([5, 0]);
const pem = (label, bytes) =>
  `-----BEGIN ${label}-----\n${bytes.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END ${label}-----\n`;

const rsa = oid('2a864886f70d010101');
const sha256Hmac = oid('2a864886f70d0209');

function encryptedKey({
  rounds = '03e8',
  prf = sha256Hmac,
  scheme = '60864801650304012a',
  iv = 16,
  kdf = '2a864886f70d01050c',
}) {
  const derivation = der(0x30, der(4, Buffer.alloc(16, 1)), integer(rounds), der(0x30, prf, nothing));
  const parameters = der(
    0x30,
    der(0x30, oid(kdf), derivation),
    der(0x30, oid(scheme), der(4, Buffer.alloc(iv, 2))),
  );
  return der(0x30, der(0x30, oid('2a864886f70d01050d'), parameters), der(4, Buffer.alloc(1200, 3)));
}

/** Key encodings that are cut, lie about lengths, or ask for too much. */
export function hostileKeys({ keys }) {
  const good = createPublicKey(keys.server.pem).export({ type: 'spki', format: 'der' });
  const spki = (name, why, bytes, code = 'MALFORMED_KEY') =>
    hostile(name, 'public-key-der', code, why, bytes);
  const locked = (name, why, changes, code = 'MALFORMED_KEY') =>
    hostile(name, 'encrypted-private-key-der', code, why, encryptedKey(changes), { passphrase });
  const exponent3 = der(
    0x30,
    der(0x30, rsa, nothing),
    der(3, Buffer.from([0]), der(0x30, der(2, Buffer.from([0]), Buffer.alloc(256, 0xc5)), integer('03'))),
  );
  return [
    spki('key-empty', 'nothing', Buffer.alloc(0)),
    spki('key-cut', 'the first half', good.subarray(0, good.length >> 1)),
    spki('key-length-of-4-gib', 'a length beyond the data', Buffer.from('3084ffffffff', 'hex')),
    spki('key-indefinite', 'an indefinite length that never ends', Buffer.from('3080308030803080', 'hex')),
    spki('key-nested', 'a thousand sequences in each other', Buffer.alloc(2000, Buffer.from([0x30, 0x80]))),
    spki('key-exponent-3', 'an exponent we do not use', exponent3),
    spki('key-of-another-kind', 'Ed25519', Buffer.from(`302a300506032b6570032100${'11'.repeat(32)}`, 'hex')),
    spki(
      'key-of-no-bits',
      'a modulus of one byte',
      der(
        0x30,
        der(0x30, rsa, nothing),
        der(3, Buffer.from([0]), der(0x30, integer('11'), integer('010001'))),
      ),
    ),
    spki(
      'key-beyond-64-kib',
      'more bytes than any key has',
      der(0x30, Buffer.alloc(65_533, 0)),
      'LIMIT_EXCEEDED',
    ),
    locked('locked-key-4-billion-rounds', 'would take hours', { rounds: '00ffffffff' }, 'LIMIT_EXCEEDED'),
    locked('locked-key-no-rounds', 'zero rounds', { rounds: '00' }, 'LIMIT_EXCEEDED'),
    locked('locked-key-minus-one-round', 'a negative number', { rounds: 'ff' }, 'LIMIT_EXCEEDED'),
    locked('locked-key-sha-1', 'derived with HMAC-SHA-1', { prf: oid('2a864886f70d0207') }),
    locked('locked-key-rc4', 'encrypted with a cipher we do not use', { scheme: '2a864886f70d0304' }),
    locked('locked-key-iv-of-8', 'an IV of half the length', { iv: 8 }),
    locked('locked-key-scrypt', 'another derivation', { kdf: '2b06010401da47040b' }),
    locked('locked-key-wrong-passphrase', 'nothing that the passphrase opens', {}, 'DECRYPTION_FAILED'),
    hostile(
      'pem-without-end',
      'public-key-pem',
      'MALFORMED_KEY',
      'no END line',
      pem('PUBLIC KEY', good).split('-----END')[0],
    ),
    hostile(
      'pem-of-another-label',
      'public-key-pem',
      'MALFORMED_KEY',
      'a certificate',
      pem('CERTIFICATE', good),
    ),
    hostile(
      'pem-not-base64',
      'public-key-pem',
      'MALFORMED_KEY',
      'text that is no base64',
      pem('PUBLIC KEY', good).replace('MII', '!!!'),
    ),
  ];
}

/** Exports of an authority that are cut, changed or put together. */
export async function hostileArchives(library, { keys }) {
  const salt = Buffer.alloc(16, 7);
  const header = ({ magic = 'SEALWRIGHT-AUTHORITY', version = 1, rounds = 1000 } = {}) => {
    const bytes = Buffer.alloc(44);
    bytes.write(magic, 'latin1');
    bytes.writeUInt32LE(version, 20);
    bytes.writeUInt32LE(rounds, 24);
    salt.copy(bytes, 28);
    return bytes;
  };
  const archive = async (lines, { ending = '\n', head = header() } = {}) => {
    const key = pbkdf2Sync(passphrase, salt, head.readUInt32LE(24), 32, 'sha256');
    const text =
      lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n') + ending;
    const encrypted = new Blob([text]).stream().pipeThrough(
      library.encryptStream(library.cipherMode('SEALWRIGHT.GCM64K'), new Uint8Array(key), {
        binding: new Uint8Array(head),
        randomBytes: (length) => new Uint8Array(length).fill(9),
      }),
    );
    return Buffer.concat([head, Buffer.from(await new Response(encrypted).arrayBuffer())]);
  };
  const key = { kind: 'key', pkcs8: keys.stranger.pkcs8.toString('base64') };
  const contentId = 'c0ffee00-1234-4567-89ab-0123456789ab';
  const content = {
    kind: 'content',
    content: {
      contentId,
      owner: 'alice@contoso.com',
      issuer: 'alice@contoso.com',
      publishedAt: '2031-02-03T04:05:00.000Z',
    },
  };
  const revocation = {
    kind: 'revocation',
    revocation: { contentId, by: 'alice@contoso.com', at: '2031-02-04T04:05:00.000Z' },
  };
  const good = await archive([key, content, revocation]);
  const changed = (at, value) => {
    const bytes = Buffer.from(good);
    bytes[at] = value ?? bytes[at] ^ 1;
    return bytes;
  };
  const refused = (name, why, bytes, code = 'MALFORMED_ARCHIVE') =>
    hostile(name, 'authority-export', code, why, bytes, { passphrase });
  const failed = 'DECRYPTION_FAILED';
  return [
    refused('export-empty', 'nothing', Buffer.alloc(0)),
    refused(
      'export-wrong-magic',
      'another magic',
      Buffer.concat([header({ magic: 'SEALWRIGHT-AUTHORITX' }), good.subarray(44)]),
    ),
    refused('export-cut-in-the-header', 'ends in the salt', good.subarray(0, 40)),
    refused(
      'export-version-2',
      'of a newer version',
      Buffer.concat([header({ version: 2 }), good.subarray(44)]),
      'UNSUPPORTED_VERSION',
    ),
    refused(
      'export-4-billion-rounds',
      'would take an hour',
      Buffer.concat([header({ rounds: 0xffff_ffff }), good.subarray(44)]),
      'LIMIT_EXCEEDED',
    ),
    refused('export-no-rounds', 'zero rounds', Buffer.concat([header({ rounds: 0 }), good.subarray(44)])),
    refused(
      'export-other-rounds',
      'the rounds were changed',
      Buffer.concat([header({ rounds: 999 }), good.subarray(44)]),
      failed,
    ),
    refused('export-salt-changed', 'one bit of the salt', changed(30), failed),
    refused('export-content-changed', 'one bit of the content', changed(good.length - 100), failed),
    refused('export-cut-at-the-header', 'no content', good.subarray(0, 44), failed),
    refused('export-cut', 'the last byte is missing', good.subarray(0, -1), failed),
    refused('export-appended', 'a byte more', Buffer.concat([good, Buffer.from([0])]), failed),
    refused('export-without-a-key', 'starts with a content', await archive([content])),
    refused('export-of-nothing', 'an empty text', await archive([], { ending: '' })),
    refused('export-key-not-base64', 'a key of other characters', await archive([{ ...key, pkcs8: '!' }])),
    refused('export-not-json', 'words', await archive([key, 'words'])),
    refused(
      'export-ends-inside-a-record',
      'no line feed at the end',
      await archive([key, content], { ending: '' }),
    ),
    refused('export-second-key', 'a key among the records', await archive([key, key])),
    refused('export-unknown-kind', 'a record of a kind nobody wrote', await archive([key, { kind: 'gift' }])),
    refused('export-content-twice', 'one content twice', await archive([key, content, content])),
    refused(
      'export-revocation-first',
      'a revocation before its content',
      await archive([key, revocation, content]),
    ),
  ];
}
