import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { decodeHex, memorySource } from '../../../src/bytes/index.ts';
import type { DocumentWriter, PdfValue } from '../../../src/container/index.ts';
import type { PdfDocument } from '../../../src/container/pdf/pdf-document.ts';
import { asDictionary, itemsOf } from '../../../src/container/pdf/read/dictionary.ts';
import { readPdf } from '../../../src/container/pdf/read/read-pdf.ts';
import { readProtectedPdf } from '../../../src/container/pdf/read-protected.ts';
import { keptTrailer } from '../../../src/container/pdf/rewrite/kept-trailer.ts';
import { rewritePdf } from '../../../src/container/pdf/rewrite/rewrite-pdf.ts';
import { buildPdf } from '../../../src/container/pdf/test/build-pdf.ts';
import { objectsByQpdf, objectsByUs } from '../../../src/container/pdf/test/qpdf-oracle.ts';
import { readBuilt } from '../../../src/container/pdf/test/read-built.ts';
import { sameUnits } from '../../../src/container/pdf/unit-cipher/same-units.ts';
import { readWrapper } from '../../../src/container/pdf/wrapper/read-wrapper.ts';
import { wrapped } from '../../../src/container/pdf/wrapper/write-wrapper.ts';
import { pdfValueBytes } from '../../../src/container/pdf/write-value.ts';
import { inspect } from '../../../src/index.ts';
import { decodeLicenseText, readXrmlDocuments, verifyXrmlChain } from '../../../src/xrml/index.ts';
import { expectCertificates } from '../certificate-verdicts.test-support.ts';
import { hasProgram } from '../office/programs.test-support.ts';
import { expectedOf, sample, samplesPresent } from '../office/stage.test-support.ts';
import { succeeded } from './processes.test-support.ts';
import { written } from './written.test-support.ts';

// The one protected PDF at hand that other software made. It names real people: titles and messages name fields only.

interface ExpectedPdf {
  readonly size: number;
  readonly sha256: string;
  readonly wrapperPdfVersion: string;
  readonly collectionView: string;
  readonly filespec: string;
  readonly embeddedFileName: string;
  readonly embeddedLength: number;
  readonly embeddedSha256: string;
  readonly checksumMd5: string;
  readonly innerPdfVersion: string;
  readonly encryptDict: string;
  readonly publishingLicenseLength: number;
  readonly publishingLicenseSha256: string;
  readonly labelIds: readonly string[];
  readonly license: {
    readonly encoding: string;
    readonly bom: boolean;
    readonly certificates: readonly {
      readonly bodyType: string;
      readonly issued: string;
      readonly issuerType: string;
      readonly issuerKeyBits: number;
      readonly issuerModulusSha256: string;
      readonly enablingBitsBytes: readonly number[];
      readonly appData: readonly string[];
      readonly distributionPoints: readonly string[];
      readonly contentId: string;
      readonly signature: {
        readonly algorithm: string;
        readonly digest: string;
        readonly digestMatchesBody: boolean;
        readonly rsaValid: boolean;
      };
    }[];
  };
}

const path = 'pdf/testMicrosoftIRMServices.pdf';
const hash = (name: string, bytes: Uint8Array): string => createHash(name).update(bytes).digest('hex');
const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

describe.skipIf(!samplesPresent)('the real protected PDF (skipped without ../shared/data)', () => {
  const bytes = samplesPresent ? sample(path) : new Uint8Array(0);
  const expected = samplesPresent ? expectedOf<ExpectedPdf>(path) : ({} as ExpectedPdf);
  const folder = mkdtempSync(join(tmpdir(), 'sealwright-real-pdf-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const payloadOf = async (file: Uint8Array): Promise<Uint8Array> => {
    const { source } = (await readWrapper(await readPdf(memorySource(file))))!;
    return new Uint8Array(await source.read(0, source.size!));
  };

  it('is the file that was measured', () => {
    expect(bytes).toHaveLength(expected.size);
    expect(hash('sha256', bytes)).toBe(expected.sha256);
    expect(latin1(bytes.subarray(0, 8))).toBe(expected.wrapperPdfVersion);
  });

  it('inspects as it was measured: license, verdict on its signature, where its chain ends, label', async () => {
    const { certificates } = expected.license;
    const facts = await inspect(bytes);
    expect(facts).toMatchObject({
      protected: true,
      recognisedAs: null,
      format: 'pdf',
      formatVersion: '2',
      contentLength: expected.embeddedLength,
      contentKeyBits: 256,
      contentId: certificates[0]!.contentId,
      issuedAt: `${certificates[0]!.issued}:00.000Z`,
      publishingLicenseLength: expected.publishingLicenseLength,
      publishingLicenseSha256: expected.publishingLicenseSha256,
      // A single license of a tenant: the certificates above it did not travel along.
      trustAnchor: null,
    });
    expectCertificates(facts.certificates, certificates);
    expect(facts.labels.map(({ id }) => id)).toEqual(expected.labelIds);
    expect(facts.labels[0]).toMatchObject({ enabled: true, removed: false });
  });

  it('has a license that is trusted by whoever pins its issuer, and by nobody else', async () => {
    const { publishingLicense } = await readProtectedPdf(memorySource(bytes));
    const { encoding, byteOrderMark } = decodeLicenseText(publishingLicense);
    expect({ encoding, bom: byteOrderMark }).toEqual({
      encoding: expected.license.encoding,
      bom: expected.license.bom,
    });
    const [certificate] = expected.license.certificates;
    const documents = readXrmlDocuments(publishingLicense);
    expect(verifyXrmlChain(documents)).toMatchObject({ trusted: false, trustAnchor: undefined });
    const pinned = (modulusSha256: string) =>
      verifyXrmlChain(documents, { trustAnchors: [{ name: 'pinned', modulusSha256 }] });
    expect(pinned(certificate!.issuerModulusSha256)).toMatchObject({
      trusted: true,
      trustAnchor: 'pinned',
      path: [0],
      problems: [],
    });
    expect(pinned(hash('sha256', bytes)).trusted).toBe(false);
  });

  it('has a license that is not trusted any more once a byte of it is another', async () => {
    const { publishingLicense } = await readProtectedPdf(memorySource(bytes));
    const [{ contentId, issuerModulusSha256 } = { contentId: '', issuerModulusSha256: '' }] =
      expected.license.certificates;
    const at = Buffer.from(publishingLicense).indexOf(contentId) + 1;
    expect(at).toBeGreaterThan(0);
    const changed = publishingLicense.slice();
    changed[at] = changed[at] === 0x30 ? 0x31 : 0x30;
    const verdict = verifyXrmlChain(readXrmlDocuments(changed), {
      trustAnchors: [{ name: 'pinned', modulusSha256: issuerModulusSha256 }],
    });
    expect(verdict.trusted).toBe(false);
  });

  it('has the file specification and the encryption dictionary that were measured', async () => {
    const document = await readPdf(memorySource(bytes));
    const catalog = asDictionary(await document.resolve(document.trailer.entries.get('Root')))!;
    const collection = await document.resolve(catalog.entries.get('Collection'));
    expect(await parsed(shown(collection))).toMatchObject({
      '/View': expected.collectionView,
      '/D': `u:${expected.embeddedFileName}`,
    });
    const [associated] = itemsOf(await document.resolve(catalog.entries.get('AF')));
    const specification = await parsed(shown(await document.resolve(associated)));
    expect(specification).toMatchObject(await parsed(`<<${expected.filespec.replace(',', ' ')}>>`));
    expect(specification).toMatchObject({
      '/F': `u:${expected.embeddedFileName}`,
      '/UF': `u:${expected.embeddedFileName}`,
    });
    const inner = await readPdf(memorySource(await payloadOf(bytes)));
    const encryption = asDictionary(await inner.resolve(inner.trailer.entries.get('Encrypt')))!;
    const license = encryption.entries.get('PublishingLicense');
    expect(license).toMatchObject({ kind: 'string' });
    // The license itself was measured by its length and its hash.
    const stated = shown(encryption).replace(shown(license), '(literal string)');
    expect(await parsed(stated)).toEqual(await parsed(`<<${expected.encryptDict}>>`));
  });

  it('has an inner document that is equivalent when it was read and written without change', async () => {
    const inner = await payloadOf(bytes);
    const document = await readPdf(memorySource(inner));
    expect(`%PDF-${document.version}`).toBe(expected.innerPdfVersion);
    const copy = await written(unchanged(document));
    const again = await readPdf(memorySource(copy));
    expect([again.version, again.encrypted, again.rebuilt]).toEqual([document.version, true, false]);
    expect(again.entries.map(placeOf).sort()).toEqual(document.entries.map(placeOf).sort());
    for (const key of ['Root', 'ID', 'Info', 'Encrypt'])
      expect(shown(again.trailer.entries.get(key)), key).toBe(shown(document.trailer.entries.get(key)));
    let streams = 0;
    for (const { number, inStream } of document.entries) {
      // What is in an encrypted object stream is read by nobody; the stream itself is compared.
      if (inStream !== undefined) continue;
      const [before, after] = [await document.object(number), await again.object(number)];
      expect(shown(withoutLength(after!.value)), `object ${number}`).toBe(
        shown(withoutLength(before!.value)),
      );
      expect(after!.data?.size, `stream ${number}`).toBe(before!.data?.size);
      if (before!.data === undefined) continue;
      streams++;
      const [data, same] = await Promise.all(
        [before, after].map(async (object) => new Uint8Array(await object!.data!.read(0, inner.length))),
      );
      expect(Buffer.compare(data!, same!), `stream ${number}`).toBe(0);
    }
    expect(streams).toBeGreaterThan(20);
    // What is needed to open it is the same, to the byte.
    const [license, sameLicense] = await Promise.all(
      [inner, copy].map(async (file) => (await readProtectedPdf(memorySource(file))).publishingLicense),
    );
    expect(hash('sha256', sameLicense!)).toBe(hash('sha256', license!));
  });

  it.skipIf(!hasProgram('qpdf', '--version'))(
    'has an inner document that qpdf, too, finds the same after reading and writing (skipped without qpdf)',
    async () => {
      const inner = await payloadOf(bytes);
      const copy = await written(unchanged(await readPdf(memorySource(inner))));
      // It knows the handler as little as any other reader: what says that all is encrypted is covered up.
      const [before, after] = [inner, copy].map((file, i) => {
        const uncovered = join(folder, `inner-${i}.pdf`);
        writeFileSync(uncovered, Buffer.from(latin1(file).replaceAll('/Encrypt ', '/Covered '), 'latin1'));
        return objectsByQpdf(uncovered);
      });
      expect(Object.keys(before!).length).toBeGreaterThan(50);
      expect(after).toEqual(before);
    },
  );

  it.skipIf(!hasProgram('qpdf', '--version'))(
    'says the same when qpdf saved it again, all of it compressed (skipped without qpdf)',
    async () => {
      const [from, to] = [join(folder, 'real.pdf'), join(folder, 'again.pdf')];
      writeFileSync(from, bytes);
      await succeeded([{ program: 'qpdf', options: ['--object-streams=generate', '--linearize', from, to] }]);
      const again = new Uint8Array(readFileSync(to));
      expect(hash('sha256', await payloadOf(again))).toBe(expected.embeddedSha256);
      const facts = await inspect(again);
      expect(facts.publishingLicenseSha256).toBe(expected.publishingLicenseSha256);
      expect(facts.labels.map(({ id }) => id)).toEqual(expected.labelIds);
    },
  );

  it('has a payload that a wrapper of ours carries under the same name, size and checksum', async () => {
    const inner = await payloadOf(bytes);
    const writer: DocumentWriter = {
      size: inner.length,
      writeTo: async (sink) => {
        await sink.write(inner);
        return inner.length;
      },
    };
    const found = await readWrapper(await readPdf(memorySource(await written(wrapped(writer)))));
    expect(found).toMatchObject({ version: '2', statedSize: expected.embeddedLength });
    expect(found!.checksum).toEqual(decodeHex(expected.checksumMd5));
    expect(hash('sha256', new Uint8Array(await found!.source.read(0, inner.length)))).toBe(
      expected.embeddedSha256,
    );
  });
});

/** The same document written again, still encrypted. */
const unchanged = (document: PdfDocument): DocumentWriter => ({
  size: undefined,
  writeTo: (sink) =>
    rewritePdf(
      {
        document,
        units: sameUnits,
        readableObjectStreams: false,
        trailer: new Map([
          ...keptTrailer(document),
          ['Encrypt', document.trailer.entries.get('Encrypt') ?? null],
        ]),
      },
      sink,
    ),
});

const shown = (value: PdfValue | undefined): string => latin1(pdfValueBytes(value ?? null));

/** A value from its text, in a form without order of keys. */
async function parsed(text: string): Promise<object> {
  const file = buildPdf().object(1, '<</Type/Catalog>>').object(2, text).table('/Size 3/Root 1 0 R').end();
  const { '2 0 R': object } = await objectsByUs(await readBuilt(file));
  return Object(object?.value) as object;
}

const withoutLength = (value: PdfValue): PdfValue =>
  asDictionary(value) === undefined
    ? value
    : {
        kind: 'dictionary',
        entries: new Map([...asDictionary(value)!.entries].filter(([key]) => key !== 'Length')),
      };

const placeOf = ({ number, generation, inStream }: PdfDocument['entries'][number]): string =>
  `${number} ${generation} ${inStream === undefined ? '' : `${inStream.number}/${inStream.index}`}`;
