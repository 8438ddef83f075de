import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../bytes/index.ts';
import { pfileFormat } from './format.ts';
import { serializePfileHeader, tableOffset } from './header.ts';
import { readPfile } from './read.ts';

const data = '../shared/data';
const present = existsSync(data);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

interface ExpectedHeader {
  readonly major: number;
  readonly minor: number;
  readonly redirectLength: number;
  readonly headerOffset: number;
  readonly headerSize: number;
  readonly extOffset: number;
  readonly extLength: number;
  readonly plOffset: number;
  readonly plLength: number;
  readonly contentOffset: number;
  readonly ext: string;
  readonly originalFileSize?: number | string;
  readonly metaOffset?: number;
  readonly metaLength?: number;
  readonly contentLength: number;
}

interface Expected {
  readonly header: ExpectedHeader;
  readonly publishingLicenseSha256: string;
  readonly contentSha256: string;
  readonly metadataKind?: string;
}

interface Indexed {
  readonly file: string;
  readonly sha256: string;
  readonly version: string;
  readonly cleartextLength: number;
  readonly headerTableOffset: number;
  readonly headerSize: number;
  readonly extension: string;
  readonly extensionOffset: number;
  readonly licenceOffset: number;
  readonly licenceLength: number;
  readonly originalSize: string | null;
  readonly metadataOffset: number | null;
  readonly metadataLength: number | null;
  readonly contentOffset: number;
  readonly contentLength: number;
}

function loadExpected(): readonly (readonly [string, Expected])[] {
  if (!present) return [];
  const all = JSON.parse(readFileSync(`${data}/samples/expected.json`, 'utf8')) as Record<string, Expected>;
  return Object.entries(all).filter(([name, entry]) => name.startsWith('pfile/') && entry.header);
}

const expected = loadExpected();
const indexed: readonly Indexed[] = present
  ? JSON.parse(readFileSync(`${data}/pfile-samples/index.json`, 'utf8')).files
  : [];

const bigSize = (size: number | string | undefined): bigint | undefined =>
  size === undefined ? undefined : typeof size === 'string' ? BigInt(`0x${size}`) : BigInt(size);

describe.skipIf(!present)('real PFILEs (skipped without ../shared/data)', () => {
  it.each(expected.map(([name, entry], i) => [i, name, entry] as const))(
    'sample %i agrees with the expected header, license and content',
    async (_, name, entry) => {
      const bytes = new Uint8Array(readFileSync(`${data}/samples/${name}`));
      const read = await readPfile(memorySource(bytes));
      const { header } = read;
      const want = entry.header;
      expect({
        major: header.major,
        minor: header.minor,
        redirectLength: header.notice.length,
        headerOffset: tableOffset(header),
        headerSize: header.tableSize,
        extOffset: header.extension.offset,
        extLength: header.extension.bytes.length,
        plOffset: header.license.offset,
        plLength: header.license.bytes.length,
        contentOffset: read.contentOffset,
        ext: text(read.storedExtension),
        originalFileSize: read.storedOriginalSize,
        metaOffset: header.metadata?.offset,
        metaLength: header.metadata?.bytes.length,
        contentLength: read.contentLength,
      }).toEqual({ ...want, originalFileSize: bigSize(want.originalFileSize) });
      expect(read.originalExtension).toBe(want.ext);
      expect(sha256(read.publishingLicense)).toBe(entry.publishingLicenseSha256);
      expect(sha256(await read.content.read(0, bytes.length))).toBe(entry.contentSha256);
      if (entry.metadataKind === 'zero bytes') expect(read.metadata.every((byte) => byte === 0)).toBe(true);
      if (entry.metadataKind === 'empty') expect(read.metadata).toHaveLength(0);
    },
  );

  it.each(indexed.map((entry, i) => [i, entry] as const))(
    'indexed sample %i agrees with the index',
    async (_, entry) => {
      const bytes = new Uint8Array(readFileSync(`${data}/pfile-samples/${entry.file}`));
      expect(sha256(bytes)).toBe(entry.sha256);
      const read = await readPfile(memorySource(bytes));
      const { header } = read;
      expect({
        version: read.formatVersion,
        cleartextLength: header.notice.length,
        headerTableOffset: tableOffset(header),
        headerSize: header.tableSize,
        extension: text(read.storedExtension),
        extensionOffset: header.extension.offset,
        licenceOffset: header.license.offset,
        licenceLength: header.license.bytes.length,
        originalSize: read.storedOriginalSize?.toString() ?? null,
        metadataOffset: header.metadata?.offset ?? null,
        metadataLength: header.metadata?.bytes.length ?? null,
        contentOffset: read.contentOffset,
        contentLength: read.contentLength,
      }).toEqual({
        version: entry.version,
        cleartextLength: entry.cleartextLength,
        headerTableOffset: entry.headerTableOffset,
        headerSize: entry.headerSize,
        extension: entry.extension,
        extensionOffset: entry.extensionOffset,
        licenceOffset: entry.licenceOffset,
        licenceLength: entry.licenceLength,
        originalSize: entry.originalSize,
        metadataOffset: entry.metadataOffset,
        metadataLength: entry.metadataLength,
        contentOffset: entry.contentOffset,
        contentLength: entry.contentLength,
      });
    },
  );

  const all = [
    ...expected.map(([name]) => `${data}/samples/${name}`),
    ...indexed.map((entry) => `${data}/pfile-samples/${entry.file}`),
  ];

  it.each(all.map((path, i) => [i, path] as const))(
    'sample %i is detected and gives the same bytes when put together again',
    async (_, path) => {
      const bytes = new Uint8Array(readFileSync(path));
      expect(pfileFormat.detect(bytes.subarray(0, 4096))).toBe(true);
      const { header, contentOffset } = await readPfile(memorySource(bytes));
      expect(sha256(serializePfileHeader(header))).toBe(sha256(bytes.subarray(0, contentOffset)));
    },
  );
});
