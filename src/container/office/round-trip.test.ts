import CFB from 'cfb';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  concatenatedSource,
  encodeUtf8,
  encodeUtf16le,
  memorySource,
  zeroSource,
} from '../../bytes/index.ts';
import { cipherModeNames } from '../../cipher/index.ts';
import { readCompoundFile } from '../compound-file/read.ts';
import { bindingOf } from './binding.ts';
import { cipherModeFor } from './cipher-mode-for.ts';
import type { OfficeDocument } from './document-parts.ts';
import { officeFormat } from './format.ts';
import { license, openedFile, protectedFile } from './protected-file.test-support.ts';
import { readOffice } from './read.ts';

const key = Uint8Array.from({ length: 32 }, (_, i) => i * 7 + 1);
const binary: OfficeDocument = {
  kind: 'binary',
  application: 'word',
  classId: Uint8Array.from({ length: 16 }, (_, i) => i + 1),
  compObj: Uint8Array.of(1, 2, 3),
  applicationName: 'Microsoft Office Word',
};
const bytesOf = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 0xff);
const code = (value: string) => expect.objectContaining({ code: value });
const base = { publishingLicense: license, originalExtension: '' };

describe('a protected Office file', () => {
  const shapes = cipherModeNames.flatMap((mode) =>
    ([3, 4] as const).flatMap((compoundVersion) =>
      ([undefined, binary] as const).map((document) => ({ mode, compoundVersion, document })),
    ),
  );

  it.each(shapes)(
    'gives the document back: $mode, version $compoundVersion, $document.kind',
    async (shape) => {
      // Around the blocks of the ciphers, the end of the mini stream, and whole segments.
      for (const length of [1, 16, 17, 4072, 4080, 4081, 4087, 4088, 4095, 4096, 4097, 70_000]) {
        const plaintext = bytesOf(length);
        const file = await protectedFile({ ...shape, plaintext, key });
        const opened = await openedFile(file, key, shape.mode);
        expect(Buffer.compare(opened.plaintext, plaintext)).toBe(0);
        const { container } = opened;
        expect(container.originalSize).toBe(length);
        expect(container.contentStream).toBe(shape.document ? '\x09DRMContent' : 'EncryptedPackage');
        expect(container.publishingLicense).toEqual(license);
        const at = container.contentOffset;
        expect((await container.content.read(0, 16)).slice()).toEqual(file.slice(at, at + 16));
      }
    },
  );

  it('opens however other writers fill its content', async () => {
    for (const length of [1, 16, 4080, 4090, 4096, 5000, 8192])
      for (const [mode, filledTo] of [
        ['MICROSOFT.ECB', 16],
        ['MICROSOFT.ECB', 4096],
        ['MICROSOFT.CBC4K.NOPADDING', 4096],
        ['MICROSOFT.CBC512.NOPADDING', 16],
        ['MICROSOFT.CBC512.NOPADDING', 512],
      ] as const) {
        const plaintext = bytesOf(length);
        const file = await protectedFile({ plaintext, key, mode, filledTo });
        // A license names CBC4K whether or not the content has padding of its own.
        const licensed = mode === 'MICROSOFT.CBC4K.NOPADDING' ? 'MICROSOFT.CBC4K' : mode;
        const opened = await openedFile(file, key, licensed);
        expect(Buffer.compare(opened.plaintext, plaintext)).toBe(0);
      }
  });

  it('is the same bytes for the same contents', async () => {
    const make = () =>
      protectedFile({ plaintext: bytesOf(5000), key, mode: 'MICROSOFT.CBC4K', document: binary });
    expect(Buffer.compare(await make(), await make())).toBe(0);
  });

  it('has the streams that Office writes, as another reader lists them', async () => {
    const file = await protectedFile({ plaintext: bytesOf(5000), key, mode: 'MICROSOFT.ECB' });
    const paths = CFB.read(file, { type: 'array' }).FullPaths.map((path) => path.replace(/^[^/]*\//, ''));
    expect(paths).toEqual(
      expect.arrayContaining([
        'EncryptedPackage',
        '\x06DataSpaces/Version',
        '\x06DataSpaces/DataSpaceMap',
        '\x06DataSpaces/DataSpaceInfo/DRMEncryptedDataSpace',
        '\x06DataSpaces/TransformInfo/DRMEncryptedTransform/\x06Primary',
        '\x05SummaryInformation',
        '\x05DocumentSummaryInformation',
      ]),
    );
    const old = await protectedFile({
      plaintext: bytesOf(5000),
      key,
      mode: 'MICROSOFT.ECB',
      document: binary,
    });
    const compound = await readCompoundFile(memorySource(old));
    expect(compound.root.classId).toEqual(binary.classId);
    for (const path of [
      ['\x09DRMContent'],
      ['\x06DataSpaces', 'DataSpaceInfo', '\x09DRMDataSpace'],
      ['\x06DataSpaces', 'TransformInfo', '\x09DRMTransform', '\x06Primary'],
      ['\x01CompObj'],
    ])
      expect(compound.find(...path)?.kind).toBe('stream');
  });

  it('carries labels and use licenses in the clear', async () => {
    const useLicenses = [
      {
        streamName: 'EUL-ETRHA1143ZLUDD412YTI3M5CTZ',
        userId: 'Windows:user@contoso.com',
        license: encodeUtf8('chain'),
      },
    ];
    const metadata = encodeUtf8('<labelList/>');
    const file = await protectedFile({
      plaintext: bytesOf(100),
      key,
      mode: 'SEALWRIGHT.GCM64K',
      metadata,
      labelProperties: [['MSIP_Label_10000000-0000-4000-8000-000000000001_Name', 'Secret']],
      useLicenses,
    });
    const read = await readOffice(memorySource(file));
    expect(read.metadata).toEqual(metadata);
    expect(read.useLicenses).toEqual(useLicenses);
    expect(new TextDecoder('latin1').decode(read.documentSummary)).toContain('MSIP_Label_10000000');
  });

  it('stores a license in UTF-8 without a mark, however it was given, and verifies as that', async () => {
    const text = new TextDecoder().decode(license);
    for (const given of [
      license,
      encodeUtf8(`\ufeff${text}`),
      encodeUtf16le(text),
      encodeUtf16le(`\ufeff${text}`),
    ]) {
      const file = await protectedFile({
        plaintext: bytesOf(100),
        key,
        mode: 'SEALWRIGHT.GCM64K',
        publishingLicense: given,
      });
      const { container } = await openedFile(file, key, 'SEALWRIGHT.GCM64K');
      expect(container.publishingLicense).toEqual(license);
    }
  });

  it('of any size and mode is read as it was written', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(20_000),
        fc.constantFrom(...cipherModeNames),
        fc.constantFrom(3, 4, undefined),
        fc.constantFrom(undefined, binary),
        fc.uint8Array({ maxLength: 5000 }),
        async (length, mode, compoundVersion, document, metadata) => {
          const plaintext = bytesOf(length + 1);
          const file = await protectedFile({ plaintext, key, mode, compoundVersion, document, metadata });
          const opened = await openedFile(file, key, mode);
          expect(Buffer.compare(opened.plaintext, plaintext)).toBe(0);
          expect(Buffer.compare(opened.container.metadata, metadata)).toBe(0);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('laying out an Office file', () => {
  const sizes = { originalSize: 10, contentSize: 16 };

  it('takes sizes that are known and fit, a license, and the one version there is', () => {
    for (const [contents, expected] of [
      [{ ...base }, 'INVALID_ARGUMENT'],
      [{ ...base, originalSize: 10 }, 'INVALID_ARGUMENT'],
      [{ ...base, originalSize: 17, contentSize: 16 }, 'INVALID_ARGUMENT'],
      [{ ...base, originalSize: -1, contentSize: 16 }, 'INVALID_ARGUMENT'],
      [{ ...base, ...sizes, publishingLicense: new Uint8Array(0) }, 'INVALID_ARGUMENT'],
      [{ ...base, ...sizes, publishingLicense: encodeUtf8('four') }, 'INVALID_ARGUMENT'],
      [{ ...base, ...sizes, publishingLicense: new Uint8Array(1024 * 1024 + 1) }, 'LIMIT_EXCEEDED'],
      [{ ...base, ...sizes, metadata: new Uint8Array(1024 * 1024 + 1) }, 'LIMIT_EXCEEDED'],
      [{ ...base, ...sizes, formatVersion: '3.0' }, 'UNSUPPORTED_VERSION'],
      // A source may claim any size, and the tables for it are made before a byte of it is read.
      [{ ...base, originalSize: 2 ** 43, contentSize: 2 ** 43 }, 'LIMIT_EXCEEDED'],
    ] as const)
      expect(() => officeFormat.header(contents)).toThrow(code(expected));
  });

  it('puts the size of the document in front of the content, at the end of the first bytes', () => {
    const { bytes } = officeFormat.header({ ...base, originalSize: 70_000, contentSize: 70_016 });
    expect(new DataView(bytes.buffer).getBigUint64(bytes.length - 8, true)).toBe(70_000n);
  });

  it('of a document beyond 2 GiB needs room for range locks within the content, and says where', () => {
    const contentSize = 3 * 2 ** 30;
    const header = officeFormat.header({ ...base, originalSize: contentSize, contentSize });
    expect(header.insertions).toHaveLength(1);
    const [insertion] = header.insertions ?? [];
    // The sector from 2^31 - 256 to 2^31 is kept free, [MS-CFB] 2.8.
    const start = header.bytes.length + (insertion?.contentOffset ?? 0);
    expect(start).toBeLessThanOrEqual(0x7fff_ff00);
    expect(start + (insertion?.bytes.length ?? 0)).toBeGreaterThan(0x7fff_ff00);
    expect(header.bytes.length).toBeLessThan(8 * 1024 * 1024);
  });

  it('of a document beyond 2 GiB gives its content in one piece again, without loading it', async () => {
    const contentSize = 3 * 2 ** 30;
    const header = officeFormat.header({ ...base, originalSize: contentSize, contentSize });
    const at = header.insertions?.[0]?.contentOffset ?? 0;
    const marks = Uint8Array.from({ length: 32 }, (_, i) => i + 1);
    const file = concatenatedSource([
      header.bytes,
      zeroSource(at - 16),
      marks.subarray(0, 16),
      header.insertions?.[0]?.bytes ?? new Uint8Array(0),
      marks.subarray(16),
      zeroSource(contentSize - at - 16),
      header.trailer ?? new Uint8Array(0),
    ]);
    const read = await readOffice(file);
    expect(read).toMatchObject({ contentOffset: header.bytes.length, contentLength: contentSize });
    expect((await read.content.read(at - 17, 34)).slice()).toEqual(Uint8Array.of(0, ...marks, 0));
    expect(await read.content.read(contentSize - 1, 10)).toHaveLength(1);
  });

  it('binds license and kind of document, and nothing that labels may change', () => {
    const header = (more: object) => officeFormat.header({ ...base, ...sizes, ...more }).binding;
    expect(header({ metadata: encodeUtf8('<labelList/>') })).toEqual(header({}));
    expect(header({ document: binary })).not.toEqual(header({}));
    expect(header({ publishingLicense: encodeUtf8('<XrML/>') })).not.toEqual(header({}));
    expect(bindingOf('ab', encodeUtf8('c'))).not.toEqual(bindingOf('a', encodeUtf8('bc')));
  });
});

describe('the cipher mode of an Office file', () => {
  const cbc4k = 'MICROSOFT.CBC4K';
  const unpadded = 'MICROSOFT.CBC4K.NOPADDING';

  it('is CBC4K with padding only where no other reading of the lengths is possible', () => {
    expect(cipherModeFor(cbc4k, 13_010, 13_024)).toBe(cbc4k);
    expect(cipherModeFor(cbc4k, 13_010, 16_384)).toBe(unpadded);
    expect(cipherModeFor(cbc4k, 154_112, 155_648)).toBe(unpadded);
    expect(cipherModeFor(cbc4k, 4096, 4112)).toBe(cbc4k);
    expect(cipherModeFor(cbc4k, 4096, 4096)).toBe(unpadded);
    expect(cipherModeFor(cbc4k, 4079, 4080)).toBe(cbc4k);
    for (let size = 4080; size < 4096; size++) expect(cipherModeFor(cbc4k, size, 4096)).toBe(unpadded);
    expect(cipherModeFor('microsoft.cbc4k', 13_010, 16_384)).toBe(unpadded);
  });

  it('is what the license says in every other case', () => {
    for (const mode of ['MICROSOFT.ECB', unpadded, 'MICROSOFT.CBC512.NOPADDING', 'SEALWRIGHT.GCM64K', 'MOCK'])
      expect(cipherModeFor(mode, 13_010, 16_384)).toBe(mode);
  });
});
