import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeHex, memorySource } from '../../src/bytes/index.ts';
import { pfileFormat } from '../../src/container/index.ts';
import { inspect, open } from '../../src/index.ts';
import { type ExpectedCertificate, expectCertificates } from './certificate-verdicts.test-support.ts';
import { standInService } from './stand-in-service.test-support.ts';

// Real files name real people: titles and messages here name files and fields only.
const data = '../shared/data';
const present = existsSync(`${data}/samples/expected.json`);

interface ExpectedFile {
  readonly header?: {
    readonly major: number;
    readonly minor: number;
    readonly ext: string;
    readonly plLength: number;
    readonly contentOffset: number;
    readonly contentLength: number;
    readonly originalFileSize?: number | string;
  };
  readonly publishingLicenseSha256: string;
  readonly metadataLabelIds?: readonly string[];
  readonly license: { readonly certificates: readonly ExpectedCertificate[] };
}

interface IndexedFile {
  readonly file: string;
  readonly version: string;
  readonly extension: string;
  readonly originalSize: string | null;
  readonly licenceOffset: number;
  readonly licenceLength: number;
  readonly contentOffset: number;
  readonly contentLength: number;
  readonly contentKey: string | null;
  readonly cipherMode: string;
  readonly plaintextLength: number;
  readonly plaintextSha256: string;
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(`${data}/${path}`, 'utf8'));
const readBytes = (path: string): Uint8Array => new Uint8Array(readFileSync(`${data}/${path}`));
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const expected = present
  ? Object.entries(readJson('samples/expected.json') as Record<string, ExpectedFile>).filter(
      ([name, { header }]) => name.startsWith('pfile/') && header !== undefined,
    )
  : [];
const unprotected = ['samples/pfile/windowsAdminTest.txt', 'samples/pfile/windowsJohnTest.txt'];
const indexed = present
  ? (readJson('pfile-samples/index.json') as { files: readonly IndexedFile[] }).files
  : [];

/** 0 and all ones both say "not known" (spec/pfile.md, section 1.5). */
const knownSize = (stated: number | string | null | undefined): number | null => {
  if (stated === undefined || stated === null) return null;
  const size = BigInt(typeof stated === 'string' && /[A-F]/.test(stated) ? `0x${stated}` : stated);
  return size === 0n || size === 0xffff_ffff_ffff_ffffn ? null : Number(size);
};

/** Bytes of the sealed keys seen: a 1024-bit block and 64 or 80 bytes, or a 2048-bit block and 80 or 96. */
const keyBitsOf = ({ enablingBitsBytes: [sealed = 0] = [] }: ExpectedCertificate): number | null =>
  ({ 192: 128, 208: 256, 336: 128, 352: 256 })[sealed] ?? null;

const rootName = 'Microsoft DRM Production Root';

describe.skipIf(!present)('inspect of real PFILEs (skipped without ../shared/data)', () => {
  it.each(expected)('tells of %s what was measured, field by field', async (name, { header, ...file }) => {
    const facts = await inspect(readBytes(`samples/${name}`));
    const certificates = file.license.certificates;
    const [leaf] = certificates as [ExpectedCertificate];
    const complete = certificates.at(-1)?.issuerName === rootName;
    expect(facts).toMatchObject({
      protected: true,
      recognisedAs: null,
      format: 'pfile',
      formatVersion: `${header?.major}.${header?.minor}`,
      originalExtension: header?.ext,
      originalSize: knownSize(header?.originalFileSize),
      contentOffset: header?.contentOffset,
      contentLength: header?.contentLength,
      cipherMode: null,
      contentKeyBits: keyBitsOf(leaf),
      publishingLicenseSha256: file.publishingLicenseSha256,
      publishingLicenseLength: header?.plLength,
      contentId: leaf.contentId,
      issuedAt: `${leaf.issued}:00.000Z`,
      trustAnchor: complete ? rootName : null,
    });
    expect([128, 256]).toContain(facts.contentKeyBits);
    expect(facts.licensingUrls.length).toBeGreaterThan(0);
    expectCertificates(facts.certificates, certificates);
    for (const [i, { issuerName }] of certificates.entries())
      if (issuerName !== undefined)
        expect(facts.certificates[i]?.issuer === issuerName, `issuer ${i}`).toBe(true);
    expect(facts.labels.map(({ id }) => id).toSorted()).toEqual((file.metadataLabelIds ?? []).toSorted());
  });

  it.each(indexed)('tells of $file what the index says', async (entry) => {
    const bytes = readBytes(`pfile-samples/${entry.file}`);
    const facts = await inspect(bytes);
    const license = bytes.subarray(entry.licenceOffset, entry.licenceOffset + entry.licenceLength);
    expect(facts).toMatchObject({
      protected: true,
      format: 'pfile',
      formatVersion: entry.version,
      originalExtension: entry.extension,
      originalSize: knownSize(entry.originalSize),
      contentOffset: entry.contentOffset,
      contentLength: entry.contentLength,
      publishingLicenseSha256: sha256(license),
      publishingLicenseLength: entry.licenceLength,
      labels: [],
    });
    for (const certificate of facts.certificates)
      expect(certificate).toMatchObject({ digestValid: true, signatureValid: true });
    expect(facts.trustAnchor).toBe(facts.certificates.length === 8 ? rootName : null);
  });

  it('names the root for every chain that reaches it, and nothing for a single license of a tenant', async () => {
    const anchors = await Promise.all(
      expected.map(async ([name]) => (await inspect(readBytes(`samples/${name}`))).trustAnchor),
    );
    const complete = expected.filter(([, { license }]) => license.certificates.length === 8);
    expect(anchors.filter((anchor) => anchor === rootName)).toHaveLength(complete.length);
    expect(anchors.filter((anchor) => anchor === null)).toHaveLength(expected.length - complete.length);
    expect(complete.length).toBeGreaterThan(0);
  });

  it('finds what lies beside them unprotected', async () => {
    for (const path of unprotected)
      expect(await inspect(readBytes(path))).toMatchObject({ protected: false });
  });
});

const references = indexed.filter(({ contentKey }) => contentKey !== null);

describe.skipIf(!present)('open of PFILEs whose key is known (skipped without ../shared/data)', () => {
  it.each(references)('gives the plaintext of $file, whole, streamed and at random', async (entry) => {
    const bytes = readBytes(`pfile-samples/${entry.file}`);
    const service = standInService(entry.cipherMode, decodeHex(entry.contentKey ?? ''));
    const opened = await open(bytes, { service, name: entry.file });
    expect(opened).toMatchObject({ cipherMode: entry.cipherMode, authenticated: false });
    const plaintext = await opened.bytes();
    expect(plaintext).toHaveLength(entry.plaintextLength);
    expect(sha256(plaintext)).toBe(entry.plaintextSha256);
    const streamed = await open(new Blob([bytes as Uint8Array<ArrayBuffer>]).stream(), { service });
    expect(sha256(await streamed.bytes())).toBe(entry.plaintextSha256);
    const parts: Uint8Array[] = [];
    for (let at = 0; at < entry.plaintextLength; at += 1000) parts.push(await opened.read(at, 1000));
    expect(sha256(new Uint8Array(Buffer.concat(parts)))).toBe(entry.plaintextSha256);
  });

  it('reads a version 2 file as CBC4K although its license says ECB, as its writers did', async () => {
    const old = references.filter(({ version }) => version.startsWith('2.'));
    expect(old.length).toBeGreaterThan(0);
    for (const entry of old) {
      const service = standInService('MICROSOFT.ECB', decodeHex(entry.contentKey ?? ''));
      const opened = await open(readBytes(`pfile-samples/${entry.file}`), { service });
      expect(opened.cipherMode).toBe('MICROSOFT.CBC4K');
      expect(sha256(await opened.bytes())).toBe(entry.plaintextSha256);
    }
    const { cipherModeFor } = await pfileFormat.read(
      memorySource(readBytes('pfile-samples/ref-ecb-k16-4096.pfile')),
    );
    expect(cipherModeFor('MICROSOFT.ECB')).toBe('MICROSOFT.ECB');
  });
});
