import { constants, createDecipheriv, createHash, createPrivateKey, privateDecrypt } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createAuthority, createMemoryStore, readArchive } from '../../src/authority/index.ts';
import { encodeHex } from '../../src/bytes/index.ts';
import { SealwrightError } from '../../src/errors.ts';
import {
  custodianFromPkcs8,
  openPublishingLicense,
  openUseLicense,
  readPublishingLicense,
  readTemplateDocument,
} from '../../src/license/index.ts';
import { decodePem, decodeSpki, decryptPkcs8 } from '../../src/license/key-encoding/index.ts';
import {
  readXrmlDocuments,
  readXrmlFacts,
  verifyXrmlChain,
  type XrmlDocument,
} from '../../src/xrml/index.ts';

interface Vector {
  readonly name: string;
  readonly file: string;
  readonly why: string;
  readonly sha256: string;
}
interface GoodVector extends Vector {
  readonly kind: string;
  // biome-ignore lint/suspicious/noExplicitAny: each kind of vector states other facts
  readonly expect: any;
}
interface HostileVector extends Vector {
  readonly read: string;
  readonly code: string;
  readonly passphrase?: string;
}

const folder = new URL('../../test-vectors/', import.meta.url);
const read = (path: string): Uint8Array => new Uint8Array(readFileSync(new URL(path, folder)));
const text = (path: string): string => readFileSync(new URL(path, folder), 'utf8');
const manifest = <V>(name: string): readonly V[] =>
  (JSON.parse(text(`${name}/manifest.json`)) as { vectors: V[] }).vectors;

const pkcs8Of = (key: string) => decodePem('PRIVATE KEY', text(`licenses/keys/${key}.pem`));
const custodians = {
  server: await custodianFromPkcs8(pkcs8Of('test-only-server')),
  account: await custodianFromPkcs8(pkcs8Of('test-only-account')),
};
const keySha256 = (modulus: Uint8Array) => createHash('sha256').update(modulus).digest('hex');
const anchorOf = (modulusSha256: string) => [{ name: modulusSha256, modulusSha256 }];
const orNull = <T>(value: T | undefined): T | null => value ?? null;
const iso = (date: Date | undefined) => date?.toISOString() ?? null;
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** Everything that a publishing license must give, as its vector writes it. */
async function readPublishing(bytes: Uint8Array, expected: { stated: { trustAnchor: string } }) {
  const license = readPublishingLicense(bytes);
  const opened = await openPublishingLicense(license, custodians.server);
  return {
    stated: {
      contentId: orNull(license.contentId),
      owner: orNull(license.owner),
      issuer: orNull(license.facts.issuer?.object?.name),
      templateId: orNull(license.templateId),
      issuedAt: iso(license.issuedAt),
      validFrom: iso(license.validFrom),
      validUntil: iso(license.validUntil),
      referrer: orNull(license.referrer),
      cipherMode: orNull(license.cipherMode),
      signedApplicationData: license.signedApplicationData,
      documents: license.documents.length,
      trustAnchor: orNull(
        verifyXrmlChain(license.documents, { trustAnchors: anchorOf(expected.stated.trustAnchor) })
          .trustAnchor,
      ),
    },
    openWith: 'test-only-server',
    contentKeyHex: encodeHex(opened.contentKey),
    cipherMode: opened.cipherMode,
    rights: opened.rights,
  };
}

async function readUse(bytes: Uint8Array, expected: { trustAnchor: string }) {
  const documents = readXrmlDocuments(bytes);
  const opened = await openUseLicense(documents[0] as XrmlDocument, custodians.account);
  const { contentKey, validUntil, ...rest } = opened;
  return {
    ...rest,
    openWith: 'test-only-account',
    contentKeyHex: encodeHex(contentKey),
    validUntil: iso(validUntil),
    trustAnchor: orNull(
      verifyXrmlChain(documents, { trustAnchors: anchorOf(expected.trustAnchor) }).trustAnchor,
    ),
  };
}

function readCertificate(bytes: Uint8Array, expected: { trustAnchor: string }) {
  const documents = readXrmlDocuments(bytes);
  const facts = readXrmlFacts(documents[0] as XrmlDocument);
  const verdict = verifyXrmlChain(documents, { trustAnchors: anchorOf(expected.trustAnchor) });
  return {
    type: facts.descriptor?.type,
    issuer: facts.issuer?.object?.name,
    principal: facts.principals[0]?.object?.name,
    keyBits: verdict.signatures[0]?.keyBits,
    trustAnchor: orNull(verdict.trustAnchor),
  };
}

const readers: Record<string, (bytes: Uint8Array, expected: GoodVector['expect']) => unknown> = {
  'publishing-license': readPublishing,
  'use-license': readUse,
  certificate: readCertificate,
  template: (bytes) => readTemplateDocument(readXrmlDocuments(bytes)[0] as XrmlDocument),
  'public-key': (bytes) => ({
    keySha256: keySha256(decodeSpki(decodePem('PUBLIC KEY', new TextDecoder().decode(bytes))).modulus),
  }),
  'encrypted-private-key': async (bytes, { passphrase, privateKey }) => {
    const pem = decodePem('ENCRYPTED PRIVATE KEY', new TextDecoder().decode(bytes));
    expect(await decryptPkcs8(pem, passphrase)).toEqual(pkcs8Of(privateKey));
    return { passphrase, privateKey };
  },
};

describe('test-vectors/licenses', () => {
  const vectors = manifest<GoodVector>('licenses');

  it.each(vectors)('reads $name: $why', async ({ file, kind, expect: expected, sha256 }) => {
    const bytes = read(`licenses/${file}`);
    expect(keySha256(bytes)).toBe(sha256);
    const found = asJson(await readers[kind]?.(bytes, expected));
    expect(found).toMatchObject(expected);
  });

  it('seals keys as spec/licenses.md says, read by a second implementation', () => {
    const opened = vectors
      .filter(({ kind }) => ['publishing-license', 'use-license'].includes(kind))
      .map(({ file, kind, expect: expected }) => {
        const license = text(`licenses/${file}`);
        const elements = kind === 'use-license' ? ['ISSUER'] : ['ISSUER', 'ISSUEDPRINCIPALS', 'WORK'];
        const key = kind === 'use-license' ? 'test-only-account' : 'test-only-server';
        const markers = [...license.matchAll(/<ENABLINGBITS .*?<VALUE[^>]*>([^<]+)/g)]
          // A client's certificate behind the license carries a key for somebody else.
          .slice(0, kind === 'use-license' ? undefined : 1)
          .map((match) => unsealByHand(match[1] as string, key, boundText(license, ...elements)));
        for (const sealed of markers) expect(sealed.key).toBe(expected.contentKeyHex);
        return markers.map(({ marker }) => marker);
      });
    expect(opened).toEqual([['fff0'], ['fff0'], ['fff0'], ['fffd'], ['fff0', 'fff0']]);
  });

  it('seals a private key in PKCS#8 to the account', () => {
    const certificate = text('licenses/client-licensor-certificate.xml');
    const value = /<ENABLINGBITS .*?<VALUE[^>]*>([^<]+)/.exec(certificate)?.[1] as string;
    const { key, marker } = unsealByHand(value, 'test-only-account', boundText(certificate, 'ISSUER'));
    expect(marker).toBe('ffff');
    expect(key).toBe(encodeHex(pkcs8Of('test-only-client')));
  });
});

const boundText = (license: string, ...elements: string[]): string =>
  elements
    .map((element) => new RegExp(`<${element}>.*?</${element}>`).exec(license)?.[0] ?? '')
    .join('')
    .replace(/<ENABLINGBITS.*?<\/ENABLINGBITS>/, '');

/** Opens a sealed key with node:crypto alone; shares no code with src/. */
function unsealByHand(base64: string, keyName: string, bound: string): { key: string; marker: string } {
  const bytes = Buffer.from(base64, 'base64');
  const privateKey = createPrivateKey(text(`licenses/keys/${keyName}.pem`));
  const session = privateDecrypt(
    { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
    bytes.subarray(0, 256),
  );
  expect(session.subarray(0, 12).toString('hex')).toBe('2c00ffff0001100001100000');
  const cipher = createDecipheriv('aes-256-ecb', session.subarray(12), null).setAutoPadding(false);
  const payload = Buffer.concat([cipher.update(bytes.subarray(256)), cipher.final()]);
  expect(payload.readUInt32LE(0)).toBe(2);
  const end = 16 + payload.readUInt32LE(4);
  expect(payload.subarray(8, 16).every((byte) => byte === 0)).toBe(true);
  expect(payload.subarray(end).every((byte) => byte === 0)).toBe(true);
  const hash = createHash('sha256').update(Buffer.from(bound, 'utf16le')).digest();
  expect(payload.subarray(end - 32, end).equals(hash)).toBe(true);
  const size = payload.readUInt16LE(16);
  expect(16 + size + 32).toBe(end);
  return {
    key: payload.subarray(28, 16 + size).toString('hex'),
    marker: payload.readUInt16LE(18).toString(16),
  };
}

describe('test-vectors/hostile', () => {
  const attempts: Record<string, (bytes: Uint8Array, vector: HostileVector) => unknown> = {
    'publishing-license': (bytes) => readPublishingLicense(bytes),
    'open-publishing-license': (bytes) =>
      openPublishingLicense(readPublishingLicense(bytes), custodians.server),
    'open-use-license': (bytes) =>
      openUseLicense(readXrmlDocuments(bytes)[0] as XrmlDocument, custodians.account),
    'acquire-use-license': async (bytes) => {
      const authority = await createAuthority({ store: createMemoryStore(), custodian: custodians.server });
      return authority.as('mallory@contoso.com').acquireUseLicense(bytes);
    },
    'public-key-der': (bytes) => decodeSpki(bytes),
    'public-key-pem': (bytes) => decodeSpki(decodePem('PUBLIC KEY', new TextDecoder().decode(bytes))),
    'encrypted-private-key-der': (bytes, { passphrase }) => decryptPkcs8(bytes, passphrase ?? ''),
    'authority-export': async (bytes, { passphrase }) => {
      const { records } = await readArchive(
        new Blob([bytes as Uint8Array<ArrayBuffer>]).stream(),
        passphrase ?? '',
      );
      await createMemoryStore().importRecords(records);
    },
  };

  it.each(manifest<HostileVector>('hostile'))('refuses $name with $code: $why', async (vector) => {
    const bytes = read(`hostile/${vector.file}`);
    expect(keySha256(bytes)).toBe(vector.sha256);
    const started = process.cpuUsage();
    const error = await Promise.resolve()
      .then(() => attempts[vector.read]?.(bytes, vector))
      .then(
        () => 'accepted',
        (reason: unknown) => reason,
      );
    expect(error).toBeInstanceOf(SealwrightError);
    expect((error as SealwrightError).code).toBe(vector.code);
    // Refusing costs little: the dearest takes a thousand rounds of PBKDF2.
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(10_000);
  });
});

describe('test-vectors/manifest.json', () => {
  const { folders } = JSON.parse(text('manifest.json')) as {
    folders: readonly { folder: string; files: readonly { file: string; sha256: string }[] }[];
  };

  it.each(folders)(
    'lists every file of $folder as it is (if not: node tools/make-vector-manifest.mjs)',
    ({ folder: name, files }) => {
      const there = readdirSync(new URL(`${name}/`, folder), { recursive: true, withFileTypes: true }).filter(
        (entry) => entry.isFile(),
      );
      expect(files).toHaveLength(there.length);
      for (const { file, sha256 } of files)
        expect(`${file} ${keySha256(read(file))}`).toBe(`${file} ${sha256}`);
    },
  );
});
