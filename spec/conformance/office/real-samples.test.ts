import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../../src/bytes/index.ts';
import { readCompoundFile } from '../../../src/container/compound-file/read.ts';
import { officeFormat } from '../../../src/container/index.ts';
import { inspect, open } from '../../../src/index.ts';
import { readLabels } from '../../../src/label/index.ts';
import { type ExpectedCertificate, expectCertificates } from '../certificate-verdicts.test-support.ts';
import { standInService } from '../stand-in-service.test-support.ts';
import { compoundFileOf, pathsOf, streamsOf } from './compound.test-support.ts';
import { xorMode } from './mock-cipher.test-support.ts';
import { expectedOf, realPackage, sample, samples, samplesPresent } from './stage.test-support.ts';

interface ExpectedOffice {
  readonly size: number;
  readonly streams: Readonly<Record<string, number>>;
  readonly primary: { readonly licenseLength: number; readonly licenseOffset: number };
  readonly license: { readonly certificates: readonly ExpectedCertificate[] };
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Names in `expected.json` are written with escapes. */
const named = (streams: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(streams).map(([path, size]) => [
      path
        .replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
        .replaceAll('\\t', '\t'),
      size,
    ]),
  );

const transform = '\x06DataSpaces/TransformInfo';

const compoundSamples = [
  'office-irm/testWORD_protected_drm.doc',
  'xps-encrypted-package/EncryptedPackageWithProperties.xps',
  'negatives/testWORD_protected_passtika.docx',
  'negatives/testEXCEL_protected_passtika.xlsx',
  'negatives/testWORD_protected_passtika.doc',
  'negatives/testEXCEL_protected_passtika.xls',
  'negatives/protect.xlsx',
];

describe.skipIf(!samplesPresent)('real compound files (skipped without ../shared/data)', () => {
  it.each(compoundSamples)('lists and reads every stream of %s', async (path) => {
    const { root } = await readCompoundFile(memorySource(sample(path)));
    const stated = Object.fromEntries(pathsOf(root).map(([name, { size }]) => [name, size]));
    expect(stated).toEqual(named(expectedOf<ExpectedOffice>(path).streams));
    for (const [name, bytes] of Object.entries(await streamsOf(sample(path))))
      expect(bytes.length, 'bytes read').toBe(stated[name]);
  });

  it.each(compoundSamples.filter((path) => path.startsWith('negatives/')))(
    'tells of %s that it has a password, and is not rights-managed',
    async (path) => {
      expect(await inspect(sample(path))).toMatchObject({
        protected: false,
        recognisedAs: 'office-password',
      });
      await expect(open(sample(path), { service: standInService('MICROSOFT.ECB') })).rejects.toMatchObject({
        code: 'UNSUPPORTED_FORMAT',
      });
    },
  );
});

describe.skipIf(!samplesPresent)('the document that Word protected (skipped without ../shared/data)', () => {
  const path = 'office-irm/testWORD_protected_drm.doc';

  it('reads as it was measured: license, content, size', async () => {
    const expected = expectedOf<ExpectedOffice>(path);
    const bytes = sample(path);
    const container = await officeFormat.read(memorySource(bytes));
    const streams = await streamsOf(bytes);
    const content = streams['\x09DRMContent'] as Uint8Array;
    const primary = streams[`${transform}/\x09DRMTransform/\x06Primary`] as Uint8Array;
    const { licenseLength, licenseOffset } = expected.primary;
    expect(container).toMatchObject({
      format: 'office',
      contentStream: '\x09DRMContent',
      contentLength: content.length - 8,
      originalSize: Number(new DataView(content.buffer, content.byteOffset).getBigUint64(0, true)),
      useLicenses: [],
    });
    expect(sha256(container.publishingLicense)).toBe(
      sha256(primary.subarray(licenseOffset, licenseOffset + licenseLength)),
    );
    expect(sha256(await container.content.read(0, content.length))).toBe(sha256(content.subarray(8)));
    expect(sha256(bytes.subarray(container.contentOffset, container.contentOffset + 16))).toBe(
      sha256(content.subarray(8, 24)),
    );
  });

  it('inspects as it was measured: each certificate of its chain, up to the root', async () => {
    const { certificates } = expectedOf<ExpectedOffice>(path).license;
    const facts = await inspect(sample(path));
    expect(facts).toMatchObject({
      protected: true,
      recognisedAs: null,
      format: 'office',
      publishingLicenseLength: expectedOf<ExpectedOffice>(path).primary.licenseLength,
      contentId: certificates[0]?.contentId,
      contentKeyBits: 128,
      trustAnchor: 'Microsoft DRM Production Root',
    });
    expectCertificates(facts.certificates, certificates);
  });
});

describe.skipIf(!samplesPresent)(
  'the streams of a document that Office protected (skipped without ../shared/data)',
  () => {
    it('keeps its license and reads as it was measured', async () => {
      const file = await compoundFileOf(realPackage());
      const container = await officeFormat.read(memorySource(file));
      const primary = realPackage()[`${transform}/DRMEncryptedTransform/\x06Primary`] as Uint8Array;
      const expected = expectedOf<ExpectedOffice>(
        'office-irm-streams-no-licence/rub-docx.TransformInfo-DRMEncryptedTransform-06Primary.bin',
      );
      const content = expectedOf<{ plaintextLength: number; ciphertextLength: number }>(
        'office-irm-streams-no-licence/rub-docx.EncryptedPackage.bin',
      );
      const { licenseOffset, licenseLength } = expected.primary;
      expect(container).toMatchObject({
        contentStream: 'EncryptedPackage',
        originalSize: content.plaintextLength,
        contentLength: content.ciphertextLength,
      });
      expect(sha256(container.publishingLicense)).toBe(
        sha256(primary.subarray(licenseOffset, licenseOffset + licenseLength)),
      );
      const facts = await inspect(file);
      expect(facts.trustAnchor).toBe('Microsoft DRM Production Root');
      expectCertificates(facts.certificates, expected.license.certificates);
    });
  },
);

describe.skipIf(!samplesPresent)(
  'an envelope made by another platform (skipped without ../shared/data)',
  () => {
    const path = 'xps-encrypted-package/EncryptedPackageWithProperties.xps';

    it('opens completely with its cipher plugged in', async () => {
      const expected = expectedOf<{ plaintextSha256: string; plaintextMembers: readonly string[] }>(path);
      const options = { service: standInService('MOCK.XOR'), cipherModes: [xorMode], name: 'a.xps' };
      const opened = await open(sample(path), options);
      const plaintext = await opened.bytes();
      expect(sha256(plaintext)).toBe(expected.plaintextSha256);
      expect(Object.keys(unzipSync(plaintext)).toSorted()).toEqual(expected.plaintextMembers.toSorted());
      expect(sha256(await opened.read(0, 458))).toBe(expected.plaintextSha256);
      expect(opened.name).toBe('a.xps');
    });

    it('gives the use license that was kept in it', async () => {
      const { eul } = expectedOf<{
        eul: { streamName: string; userId: string; licenseText: string };
      }>(path);
      const { useLicenses, publishingLicense, originalSize } = await officeFormat.read(
        memorySource(sample(path)),
      );
      expect(originalSize).toBe(458);
      expect(new TextDecoder().decode(publishingLicense)).toBe(
        expectedOf<{ licenseText: string }>(path).licenseText,
      );
      expect(useLicenses).toHaveLength(1);
      expect(useLicenses[0]?.streamName).toBe(eul.streamName);
      expect(useLicenses[0]?.userId === eul.userId, 'the user').toBe(true);
      expect(new TextDecoder().decode(useLicenses[0]?.license)).toBe(eul.licenseText);
    });
  },
);

interface ExpectedLabels {
  readonly labelInfo?: readonly {
    readonly id: string;
    readonly enabled: string;
    readonly method: string;
    readonly siteId: string;
    readonly contentBits?: string;
  }[];
  readonly customPropertyNames?: readonly string[];
  readonly labelIdsInXmp?: readonly string[];
}

const labelSamples = samplesPresent ? readdirSync(`${samples}/labels`).toSorted() : [];
const bare = (guid: string): string => guid.replace(/[{}]/g, '');

describe.skipIf(!samplesPresent)('labels of real files (skipped without ../shared/data)', () => {
  it.each(labelSamples)('reads the labels of %s as they were measured', async (name) => {
    const {
      labelInfo = [],
      customPropertyNames = [],
      labelIdsInXmp = [],
    } = expectedOf<ExpectedLabels>(`labels/${name}`);
    const labels = await readLabels(memorySource(sample(`labels/${name}`)));
    for (const stated of labelInfo)
      expect(labels.find(({ id }) => id === bare(stated.id))).toMatchObject({
        enabled: stated.enabled === '1',
        removed: false,
        method: stated.method,
        siteId: bare(stated.siteId),
        contentBits: stated.contentBits === undefined ? undefined : Number(stated.contentBits),
      });
    const inProperties = customPropertyNames.flatMap(
      (each) => /^MSIP_Label_([0-9a-f-]{36})_/.exec(each)?.[1] ?? [],
    );
    const expectedIds = new Set([...labelInfo.map(({ id }) => bare(id)), ...inProperties, ...labelIdsInXmp]);
    expect(new Set(labels.map(({ id }) => id))).toEqual(expectedIds);
    const facts = await inspect(sample(`labels/${name}`));
    expect(facts.protected).toBe(false);
    expect(new Set(facts.labels.map(({ id }) => id))).toEqual(expectedIds);
  });
});
