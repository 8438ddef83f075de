import { constants, createCipheriv, createHash, createPublicKey, publicEncrypt } from 'node:crypto';
import { policyInput } from './good.mjs';

const hostile = (name, read, code, why, bytes) => ({ name, read, code, why, bytes });
const utf16 = (text) => Buffer.from(text, 'utf16le');

/** Licenses that are signed as they should be, and hold what they should not. */
export async function hostileSeals(library, { keys, stranger }, good) {
  const signed = (body) =>
    library.signXrmlBody(library.markup(body), keys.server.custodian.sign, { layout: 'server' });
  const issue = async (changes = {}) =>
    Buffer.from(await library.issuePublishingLicense({ ...good.input, ...changes })).toString('utf8');
  const text = await issue();
  const bodyOf = (license) => license.slice(license.indexOf('<BODY'), license.indexOf('</BODY>') + 7);
  const resigned = (change, license = text) => signed(change(bodyOf(license)));
  const sealedValue = /(<ENABLINGBITS type="sealed-key-v2"><VALUE encoding="base64" size=")(\d+)(">)([^<]+)/;
  const withSeal = (change) =>
    resigned((body) =>
      body.replace(sealedValue, (_, before, _size, between, base64) => {
        const bytes = change(Buffer.from(base64, 'base64'));
        return `${before}${bytes.length * 8}${between}${bytes.toString('base64')}`;
      }),
    );
  const [bound] = bodyOf(text)
    .replace(/<DISTRIBUTIONPOINT>.*?<\/DISTRIBUTIONPOINT>/g, '')
    .replace(/<ENABLINGBITS.*<\/ENABLINGBITS>/, '')
    .match(/<ISSUER>.*<\/WORK>/);
  const seal = (changes) =>
    withSeal(() => sealByHand(keys.server.pem, { key: good.contentKey, bound, ...changes }));
  const rightsData = (change) =>
    resigned((body) =>
      body.replace(
        /(<AUTHENTICATEDDATA id="Encrypted-Rights-Data">)([^<]+)/,
        (_, before, base64) => before + change(Buffer.from(base64, 'base64')).toString('base64'),
      ),
    );
  const otherRights = await issue({ contentId: '0ddba110-1234-4567-89ab-0123456789ab' });
  const opened = (name, code, why, bytes) => hostile(name, 'open-publishing-license', code, why, bytes);
  const failed = 'DECRYPTION_FAILED';
  return [
    opened(
      'key-sealed-to-someone-else',
      failed,
      'the RSA block is for another key',
      await issue({ server: stranger }),
    ),
    opened(
      'sealed-hash-changed',
      failed,
      'one bit of the hash',
      await withSeal((bytes) => {
        bytes[256 + 64] ^= 1;
        return bytes;
      }),
    ),
    opened(
      'sealed-version-changed',
      failed,
      'one bit of the first block',
      await withSeal((bytes) => {
        bytes[256] ^= 1;
        return bytes;
      }),
    ),
    opened(
      'content-key-changed',
      'MALFORMED_LICENSE',
      'a key that does not open the rights, which the hash does not cover',
      await withSeal((bytes) => {
        bytes[256 + 40] ^= 1;
        return bytes;
      }),
    ),
    opened(
      'rsa-block-changed',
      failed,
      'one bit of the RSA block',
      await withSeal((bytes) => {
        bytes[100] ^= 1;
        return bytes;
      }),
    ),
    opened(
      'sealed-key-cut',
      failed,
      'nothing behind the RSA block',
      await withSeal((bytes) => bytes.subarray(0, 256)),
    ),
    opened(
      'sealed-key-not-whole-blocks',
      failed,
      'a byte is missing',
      await withSeal((bytes) => bytes.subarray(0, -1)),
    ),
    opened(
      'sealed-key-in-another-document',
      failed,
      'the server it is bound to has another name',
      await resigned((body) => body.replaceAll('Vectors &amp; Sons', 'Vectors &amp; Daughters')),
    ),
    opened('sealed-key-version-3', failed, 'a version nobody made', await seal({ version: 3 })),
    opened('sealed-key-size-of-4-gib', failed, 'a size beyond everything', await seal({ size: 0xffff_ffff })),
    opened('sealed-key-size-of-the-hash', failed, 'a size with no room for a key', await seal({ size: 32 })),
    opened(
      'sealed-key-of-no-bytes',
      'MALFORMED_LICENSE',
      'a header without a key',
      await seal({ blobSize: 12 }),
    ),
    opened(
      'sealed-key-unknown-mode',
      'UNSUPPORTED_CIPHER_MODE',
      'marker 0xFFF1',
      await seal({ marker: 0xfff1 }),
    ),
    opened(
      'mode-contradicted',
      'UNTRUSTED_LICENSE',
      'says MICROSOFT.ECB, seals SEALWRIGHT.GCM64K',
      await resigned((body) => body.replace('SEALWRIGHT.GCM64K', 'MICROSOFT.ECB')),
    ),
    opened(
      'no-sealed-key',
      'MALFORMED_LICENSE',
      'no ENABLINGBITS',
      await resigned((body) => body.replace(/<ENABLINGBITS.*<\/ENABLINGBITS>/, '')),
    ),
    opened(
      'old-sealed-key',
      'MALFORMED_LICENSE',
      'of the type sealed-key',
      await resigned((body) => body.replace('sealed-key-v2', 'sealed-key')),
    ),
    opened(
      'rights-not-whole-blocks',
      'MALFORMED_LICENSE',
      'a byte is missing',
      await rightsData((bytes) => bytes.subarray(0, -1)),
    ),
    opened(
      'rights-of-another-key',
      'MALFORMED_LICENSE',
      'decrypt to noise',
      await rightsData((bytes) => bytes.map((byte) => byte ^ 0x5a)),
    ),
    opened(
      'rights-cut',
      'MALFORMED_LICENSE',
      'the last block is missing',
      await rightsData((bytes) => bytes.subarray(0, -64)),
    ),
    hostile(
      'rights-of-another-content',
      'acquire-use-license',
      'DECRYPTION_FAILED',
      'the key was sealed for another content',
      await resigned((body) => body.replace('0ddba110', 'c0ffee00'), otherRights),
    ),
    hostile(
      'application-data-under-a-reserved-name',
      'open-publishing-license',
      'UNTRUSTED_LICENSE',
      'a second statement of the cipher mode',
      await resigned((body) =>
        body.replace(
          '</BODY>',
          '<AUTHENTICATEDDATA id="APPSPECIFIC" name="Sealwright.CipherMode">MICROSOFT.ECB</AUTHENTICATEDDATA></BODY>',
        ),
      ),
    ),
  ];
}

/** Licenses whose signatures do not say what they seem to. */
export async function hostileSignatures(library, { keys, stranger, client, server }, good) {
  const issue = async (changes = {}) =>
    Buffer.from(await library.issuePublishingLicense({ ...good.input, ...changes })).toString('utf8');
  const refused = (name, why, bytes) => hostile(name, 'acquire-use-license', 'UNTRUSTED_LICENSE', why, bytes);
  const text = await issue();
  const online = { kind: 'server', custodian: keys.stranger.custodian };
  const offline = await issue({ signer: await good.offlineSigner() });
  const late = {
    id: 'ce47ce47-0000-4000-8000-000000000009',
    issuedAt: new Date('2030-01-01T00:00:00Z'),
    validFrom: new Date('2030-01-01T00:00:00Z'),
    validUntil: new Date('2031-02-03T04:05:00Z'),
  };
  const strangersCertificate = await library.issueClientLicensorCertificate(
    { server: stranger, custodian: keys.stranger.custodian },
    client,
    { ...late, validUntil: new Date('2040-01-01T00:00:00Z') },
  );
  const clientSigner = { kind: 'client', custodian: keys.client.custodian, account: client };
  return [
    refused(
      'another-owner',
      'the owner was exchanged after signing',
      text.replace('alice@contoso.com', 'mallory@contoso.com'),
    ),
    refused(
      'longer-validity',
      'the end was moved after signing',
      text.replace(policyInput.validUntil.slice(0, 16), '2039-12-31T23:59'),
    ),
    refused(
      'signature-changed',
      'another signature value',
      text.replace(
        /(<VALUE[^>]*>)(.)([^<]*<\/VALUE><\/SIGNATURE>)/,
        (_, a, first, c) => `${a}${first === 'A' ? 'B' : 'A'}${c}`,
      ),
    ),
    refused('signature-missing', 'no signature', text.replace(/<SIGNATURE>.*<\/SIGNATURE>/, '')),
    refused(
      'signed-by-a-stranger',
      'names the server, signed with another key',
      await issue({ signer: online }),
    ),
    refused(
      'of-another-authority',
      'sealed to and signed by another server',
      await issue({ server: stranger, signer: online }),
    ),
    refused(
      'certificate-missing',
      'signed by a client, nothing behind it',
      offline.slice(0, offline.indexOf('</XrML>') + 7),
    ),
    refused(
      'certificate-expired',
      'issued at the moment the certificate ended',
      await issue({ signer: await good.offlineSigner(late) }),
    ),
    refused(
      'certificate-of-a-stranger',
      'the client was certified by another server',
      await issue({
        signer: { ...clientSigner, certificates: [strangersCertificate, good.serverCertificate] },
      }),
    ),
    refused(
      'certificate-by-a-client',
      'a client certifies another key',
      await issue({
        signer: {
          kind: 'client',
          custodian: keys.stranger.custodian,
          account: { ...client, publicKey: stranger.publicKey },
          certificates: [
            await library.issueClientLicensorCertificate(
              { server: { ...server, publicKey: client.publicKey }, custodian: keys.client.custodian },
              { ...client, publicKey: stranger.publicKey },
              { ...late, validUntil: new Date('2040-01-01T00:00:00Z') },
            ),
            ...(await good.offlineSigner()).certificates,
          ],
        },
      }),
    ),
    hostile(
      'use-license-of-someone-else',
      'open-use-license',
      'DECRYPTION_FAILED',
      'sealed to another account',
      await library.issueUseLicense(
        { server, custodian: keys.server.custodian },
        { ...client, publicKey: stranger.publicKey },
        {
          id: late.id,
          issuedAt: late.issuedAt,
          contentId: good.input.contentId,
          owner: 'alice@contoso.com',
          rights: ['VIEW'],
          contentKey: good.contentKey,
          cipherMode: 'SEALWRIGHT.GCM64K',
          validUntil: undefined,
          onlineOnly: false,
          referrer: undefined,
        },
        good.random,
      ),
    ),
    hostile(
      'use-license-without-rights',
      'open-use-license',
      'MALFORMED_LICENSE',
      'no right, so no key',
      good.useLicense.replace(/<RIGHTSLIST>.*<\/RIGHTSLIST>/, '<RIGHTSLIST />'),
    ),
  ];
}

/** A sealed key written from spec/licenses.md alone, with whatever is wrong with it. */
export function sealByHand(
  pem,
  { key, bound, version = 2, size, blobSize = 12 + key.length, marker = 0xfff0 },
) {
  const header = Buffer.alloc(12);
  header.writeUInt16LE(blobSize, 0);
  header.writeUInt16LE(marker, 2);
  header.writeUInt16LE(key.length * 8, 4);
  header.writeUInt16LE(16, 6);
  header.writeUInt32LE(1, 8);
  const hash = createHash('sha256').update(utf16(bound)).digest();
  const front = Buffer.alloc(16);
  front.writeUInt32LE(version, 0);
  front.writeUInt32LE(size ?? header.length + key.length + hash.length, 4);
  const payload = Buffer.concat([front, header, key, hash]);
  const filled = Buffer.concat([payload, Buffer.alloc((16 - (payload.length % 16)) % 16)]);
  const sessionKey = createHash('sha256').update('session').digest();
  const sessionHeader = Buffer.from('2c00ffff0001100001100000', 'hex');
  const rsa = publicEncrypt(
    { key: createPublicKey(pem), padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
    Buffer.concat([sessionHeader, sessionKey]),
  );
  const cipher = createCipheriv('aes-256-ecb', sessionKey, null).setAutoPadding(false);
  return Buffer.concat([rsa, cipher.update(filled), cipher.final()]);
}
