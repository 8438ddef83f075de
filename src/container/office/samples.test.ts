import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import CFB from 'cfb';
import { describe, expect, it } from 'vitest';
import { concatBytes, memorySource } from '../../bytes/index.ts';
import { microsoftTrustAnchors, readXrmlDocuments, verifyXrmlChain } from '../../xrml/index.ts';
import { compoundFileSource, layoutCompoundFile } from '../compound-file/layout.ts';
import type { NewStorage, NewStream } from '../compound-file/new-compound-file.ts';
import { readCompoundFile } from '../compound-file/read.ts';
import { officeFormat } from './format.ts';
import { readOffice } from './read.ts';

const samples = '../shared/data/samples';
const present = existsSync(samples);
const load = (path: string): Uint8Array => new Uint8Array(readFileSync(`${samples}/${path}`));
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const doc = 'office-irm/testWORD_protected_drm.doc';
const xps = 'xps-encrypted-package/EncryptedPackageWithProperties.xps';
const docx = 'office-irm-streams-no-licence/rub-docx.';
const expected = (present ? JSON.parse(readFileSync(`${samples}/expected.json`, 'utf8')) : {}) as Record<
  string,
  {
    readonly streams: Readonly<Record<string, number>>;
    readonly primary: { readonly licenseLength: number };
    readonly license: { readonly certificates: readonly object[] };
    readonly licenseText: string;
    readonly eul: { readonly streamName: string; readonly userId: string };
    readonly plaintextSha256: string;
    readonly plaintextMembers: readonly string[];
  }
>;

const stream = (name: string, content: Uint8Array): NewStream => ({ kind: 'stream', name, content });
const storage = (name: string, ...entries: (NewStorage | NewStream)[]): NewStorage => ({
  kind: 'storage',
  name,
  entries,
});

/** The real package put back into a compound file, of which only the streams are there. */
async function realPackage(version: 3 | 4): Promise<Uint8Array> {
  const layout = layoutCompoundFile(
    {
      entries: [
        stream('EncryptedPackage', load(`${docx}EncryptedPackage.bin`)),
        stream('\x05SummaryInformation', load(`${docx}05SummaryInformation.bin`)),
        stream('\x05DocumentSummaryInformation', load(`${docx}05DocumentSummaryInformation.bin`)),
        storage(
          '\x06DataSpaces',
          stream('Version', load(`${docx}Version.bin`)),
          stream('DataSpaceMap', load(`${docx}DataSpaceMap.bin`)),
          storage(
            'DataSpaceInfo',
            stream('DRMEncryptedDataSpace', load(`${docx}DataSpaceInfo-DRMEncryptedDataSpace.bin`)),
          ),
          storage(
            'TransformInfo',
            storage(
              'DRMEncryptedTransform',
              stream('\x06Primary', load(`${docx}TransformInfo-DRMEncryptedTransform-06Primary.bin`)),
            ),
          ),
        ),
      ],
    },
    { version },
  );
  return new Uint8Array(await compoundFileSource(layout).read(0, layout.size));
}

describe.skipIf(!present)('real protected Office files (skipped without ../shared/data)', () => {
  it('the binary document is read as expected', async () => {
    const bytes = load(doc);
    const read = await readOffice(memorySource(bytes));
    const want = expected[doc];
    expect(read).toMatchObject({
      formatVersion: '1.0',
      contentStream: '\x09DRMContent',
      originalSize: 13_824,
      contentLength: (want?.streams['\\tDRMContent'] ?? 0) - 8,
      useLicenses: [],
    });
    expect(read.publishingLicense).toHaveLength(want?.primary.licenseLength ?? -1);
    expect(read.documentSummary).toHaveLength(want?.streams['\\x05DocumentSummaryInformation'] ?? -1);
    const other = CFB.find(CFB.read(bytes, { type: 'array' }), '/\x09DRMContent');
    const content = await read.content.read(0, 20_000);
    expect(sha256(content)).toBe(sha256(Uint8Array.from(other?.content ?? []).subarray(8)));
    expect(content.slice(0, 16)).toEqual(bytes.slice(read.contentOffset, read.contentOffset + 16));
    expect(read.cipherModeFor('MICROSOFT.ECB')).toBe('MICROSOFT.ECB');
  });

  it('every storage and stream of the binary document and the envelope is there in its length', async () => {
    for (const sample of [doc, xps]) {
      const file = await readCompoundFile(memorySource(load(sample)));
      for (const [path, size] of Object.entries(expected[sample]?.streams ?? {})) {
        // Control characters are escaped in the list.
        const names = path
          .replaceAll(/\\x(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
          .replaceAll('\\t', '\t')
          .split('/');
        expect(file.find(...names)).toMatchObject({ kind: 'stream', size });
      }
    }
  });

  it('every signature in the licenses holds', async () => {
    for (const bytes of [load(doc), await realPackage(3)]) {
      const { publishingLicense } = await readOffice(memorySource(bytes));
      const documents = readXrmlDocuments(publishingLicense);
      const { signatures } = verifyXrmlChain(documents, { trustAnchors: microsoftTrustAnchors });
      expect(signatures.every(({ signatureValid }) => signatureValid)).toBe(true);
    }
  });

  it.each([3, 4] as const)(
    'the streams of the package are a protected file in version %i',
    async (version) => {
      const read = await readOffice(memorySource(await realPackage(version)));
      expect(read).toMatchObject({
        contentStream: 'EncryptedPackage',
        originalSize: 13_010,
        contentLength: 13_024,
        filling: 4096,
      });
      expect(read.documentSummary).toEqual(load(`${docx}05DocumentSummaryInformation.bin`));
      expect(read.publishingLicense).toHaveLength(36_289);
    },
  );

  it('the envelope of an XPS document opens fully with its mock cipher', async () => {
    const read = await readOffice(memorySource(load(xps)));
    const want = expected[xps];
    expect(new TextDecoder().decode(read.publishingLicense)).toBe(want?.licenseText);
    expect(read.useLicenses.map(({ streamName }) => streamName)).toEqual([want?.eul.streamName]);
    // Compared as a truth value, so that a failure prints no address.
    expect(read.useLicenses[0]?.userId === want?.eul.userId).toBe(true);
    const content = (await read.content.read(0, read.contentLength ?? 0)).map((byte) => byte ^ 0xaa);
    expect(content).toHaveLength(512);
    const plaintext = content.subarray(0, read.originalSize);
    expect(sha256(plaintext)).toBe(want?.plaintextSha256);
    const names = new TextDecoder('latin1').decode(plaintext);
    for (const member of want?.plaintextMembers ?? []) expect(names).toContain(member);
  });

  it('a license that was read goes into a new file byte for byte', async () => {
    for (const bytes of [load(doc), load(xps), await realPackage(4)]) {
      const { publishingLicense, metadata, useLicenses } = await readOffice(memorySource(bytes));
      const header = officeFormat.header({
        publishingLicense,
        metadata,
        useLicenses,
        originalExtension: '',
        originalSize: 10,
        contentSize: 16,
      });
      const file = concatBytes([header.bytes, new Uint8Array(16), header.trailer ?? new Uint8Array(0)]);
      const again = await readOffice(memorySource(file));
      expect(Buffer.compare(again.publishingLicense, publishingLicense)).toBe(0);
      expect(again.useLicenses).toEqual(useLicenses);
    }
  });
});
