import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { protect } from '../../../src/index.ts';
import { checkCompoundFile } from '../compound-file/check-compound-file.ts';
import { compoundFileOf, type Streams, streamsOf } from './compound.test-support.ts';
import { newPackage, noise } from './made-documents.test-support.ts';
import {
  listWithCfb,
  listWithOlefile,
  listWithSevenZip,
  present,
  type StreamList,
  typeByFile,
  written,
} from './other-readers.test-support.ts';
import {
  expectedOf,
  memoryAuthority,
  ordinaryDocuments,
  policy,
  realPackage,
  sample,
  samplesPresent,
} from './stage.test-support.ts';

const folder = mkdtempSync(join(tmpdir(), 'sealwright-others-'));
afterAll(() => rmSync(folder, { recursive: true }));
const service = (await memoryAuthority()).as('alice@contoso.com');

const transform = '\x06DataSpaces/TransformInfo';

/** What each protected package of Office holds, with sizes where the format fixes them. */
const packageStreams = (license: number, content: number): StreamList => ({
  '\x06DataSpaces/Version': 76,
  '\x06DataSpaces/DataSpaceMap': 104,
  '\x06DataSpaces/DataSpaceInfo/DRMEncryptedDataSpace': 56,
  [`${transform}/DRMEncryptedTransform/\x06Primary`]: 176 + Math.ceil(license / 4) * 4,
  EncryptedPackage: 8 + content,
});

/** The same of the older binary formats. */
const binaryStreams = (license: number, content: number): StreamList => ({
  '\x06DataSpaces/Version': 76,
  '\x06DataSpaces/DataSpaceMap': 80,
  '\x06DataSpaces/DataSpaceInfo/\x09DRMDataSpace': 40,
  [`${transform}/\x09DRMTransform/\x06Primary`]: 176 + Math.ceil(license / 4) * 4,
  '\x09DRMContent': 8 + content,
});

/** Streams that may be there beside them: property sets, labels, and the placeholder of a binary document. */
const alsoAllowed = [
  '\x05SummaryInformation',
  '\x05DocumentSummaryInformation',
  '\x01CompObj',
  `${transform}/LabelInfo`,
];
const placeholders: Readonly<Record<string, readonly string[]>> = {
  '.doc': ['WordDocument', '1Table', '0Table'],
  '.xls': ['Workbook'],
  '.ppt': ['PowerPoint Document', 'Current User', 'Pictures'],
};

/** Documents of PowerPoint 97-2003 have none: nobody knows what Office writes there. */
const hasPlaceholder: ReadonlySet<string> = new Set(['.doc', '.xls']);

const readers = {
  '7-Zip': { present: present.sevenZip, list: (path: string) => listWithSevenZip(path) },
  olefile: { present: present.olefile, list: (path: string) => listWithOlefile(path) },
  cfb: { present: true, list: (_: string, bytes: Uint8Array) => listWithCfb(bytes) },
};

/** Licenses are stored as UTF-8 without a byte order mark, whatever the service gave. */
const storedLength = (license: Uint8Array): number => license.length - (license[0] === 0xef ? 3 : 0);

async function protectedFile(name: string, plaintext: Uint8Array) {
  const file = await protect(plaintext, { service, policy, name, cipherMode: 'MICROSOFT.CBC4K' });
  return { bytes: await file.bytes(), license: storedLength(file.publishingLicense) };
}

/** Lengths of MICROSOFT.CBC4K (spec/cipher-modes.md): padding fills the last block, and is never absent. */
const encryptedLength = (length: number): number => Math.floor(length / 16) * 16 + 16;

function checkStreams(found: StreamList, expected: StreamList, extension: string, reader: string): void {
  for (const [path, size] of Object.entries(expected)) expect(found[path], `${reader}: ${path}`).toBe(size);
  const allowed = new Set([...Object.keys(expected), ...alsoAllowed, ...(placeholders[extension] ?? [])]);
  const others = Object.keys(found).filter((path) => !allowed.has(path));
  expect(others, `${reader}: streams that no real file has`).toEqual([]);
  const [document] = hasPlaceholder.has(extension) ? (placeholders[extension] ?? []) : [];
  if (document !== undefined) expect(Object.keys(found), reader).toContain(document);
}

describe.each(Object.entries(readers))('%s', (reader, { present: there, list }) => {
  it.skipIf(!there || !samplesPresent)('agrees with what was measured of a real file', () => {
    const bytes = sample('office-irm/testWORD_protected_drm.doc');
    const found = list(written(join(folder, 'real.doc'), bytes), bytes);
    const { streams } = expectedOf<{ streams: StreamList }>('office-irm/testWORD_protected_drm.doc');
    expect(Object.values(found).toSorted()).toEqual(Object.values(streams).toSorted());
  });

  it.skipIf(!there)(
    'finds in protected packages, small and large, the streams that real ones have',
    async () => {
      // Behind 7 MB the tables of a compound file need a table of their own.
      for (const length of [0, 100, 5000, 300_000, 9_000_000]) {
        const plaintext = newPackage('.docx', length === 0 ? {} : { 'word/media/noise.bin': noise(length) });
        const { bytes, license } = await protectedFile('a.docx', plaintext);
        const found = list(written(join(folder, 'a.docx'), bytes), bytes);
        checkStreams(found, packageStreams(license, encryptedLength(plaintext.length)), '.docx', reader);
      }
    },
  );

  it.skipIf(!there || !samplesPresent)(
    'finds in each protected document the streams that real ones have',
    async () => {
      for (const name of ordinaryDocuments('office')) {
        const plaintext = sample(`plaintext/${name}`);
        const { bytes, license } = await protectedFile(name, plaintext);
        const found = list(written(join(folder, `of-${name}`), bytes), bytes);
        const streams = placeholders[extname(name)] === undefined ? packageStreams : binaryStreams;
        checkStreams(found, streams(license, encryptedLength(plaintext.length)), extname(name), reader);
      }
    },
  );

  it.skipIf(!there)('lists files of both sector sizes', async () => {
    const streams: Streams = {
      small: noise(100),
      'a storage/large': noise(70_000),
      'a storage/deeper/exactly': noise(4096),
      'a storage/deeper/almost': noise(4095),
    };
    const sizes = Object.fromEntries(Object.entries(streams).map(([path, { length }]) => [path, length]));
    for (const version of [3, 4] as const) {
      const bytes = await compoundFileOf(streams, version);
      expect(list(written(join(folder, `v${version}.bin`), bytes), bytes), `version ${version}`).toEqual(
        sizes,
      );
    }
  });
});

describe('the strict checker', () => {
  it('finds nothing wrong in protected packages of any size', async () => {
    for (const length of [0, 100, 5000, 300_000, 9_000_000]) {
      const plaintext = newPackage('.pptx', length === 0 ? {} : { 'ppt/media/noise.bin': noise(length) });
      const { bytes } = await protectedFile('a.pptx', plaintext);
      expect((await checkCompoundFile(bytes)).problems, `${length} bytes`).toEqual([]);
    }
  });

  it.skipIf(!samplesPresent)('finds nothing wrong in any protected document', async () => {
    for (const name of ordinaryDocuments('office')) {
      const { bytes } = await protectedFile(name, sample(`plaintext/${name}`));
      expect((await checkCompoundFile(bytes)).problems, name).toEqual([]);
    }
  });
});

/** What `file` calls compound files of Office; which of the names depends on the program stated as their author. */
const officeType = /^application\/(?:vnd\.ms-(?:office|word|excel|powerpoint)|msword|encrypted)$/;

describe.skipIf(!present.file)('file (skipped where it is not installed)', () => {
  it('takes a protected package for a document of Office', async () => {
    const { bytes } = await protectedFile('a.xlsx', newPackage('.xlsx'));
    expect(typeByFile(written(join(folder, 'a.xlsx'), bytes))).toMatch(officeType);
  });

  it.skipIf(!samplesPresent)(
    'takes the streams of a package that Office protected for the same',
    async () => {
      const bytes = await compoundFileOf(realPackage());
      expect(typeByFile(written(join(folder, 'a.docx'), bytes))).toMatch(officeType);
    },
  );

  it.skipIf(!samplesPresent)('takes a protected document of Word for one of Word', async () => {
    const real = typeByFile(
      written(join(folder, 'file.doc'), sample('office-irm/testWORD_protected_drm.doc')),
    );
    const { bytes } = await protectedFile('testWORD.doc', sample('plaintext/testWORD.doc'));
    expect(typeByFile(written(join(folder, 'file.doc'), bytes))).toBe(real);
  });
});

describe.skipIf(!samplesPresent)('beside Office (skipped without ../shared/data)', () => {
  it('writes the small streams byte for byte as Office does', async () => {
    const { bytes } = await protectedFile('a.docx', newPackage('.docx'));
    const [streams, real] = [await streamsOf(bytes), realPackage()];
    for (const path of [
      '\x06DataSpaces/Version',
      '\x06DataSpaces/DataSpaceMap',
      '\x06DataSpaces/DataSpaceInfo/DRMEncryptedDataSpace',
    ])
      expect(streams[path], path).toEqual(real[path]);
    // Up to the length of the license.
    const primary = `${transform}/DRMEncryptedTransform/\x06Primary`;
    expect(streams[primary]?.subarray(0, 172)).toEqual(real[primary]?.subarray(0, 172));
  });
});
