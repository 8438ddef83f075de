import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type ByteSource, blobSource, memorySource, streamSource } from '../../bytes/index.ts';
import { serializePfileHeader, tableOffset } from './header.ts';
import { readPfile } from './read.ts';
import { detectPfile } from './signature.ts';

interface Vector {
  readonly name: string;
  readonly file: string;
  readonly why: string;
  readonly sha256: string;
  readonly expect:
    | { readonly error: string }
    | (Readonly<Record<string, unknown>> & { readonly error?: undefined });
}

const folder = new URL('../../../test-vectors/pfile/', import.meta.url);
const { vectors } = JSON.parse(readFileSync(new URL('manifest.json', folder), 'utf8')) as {
  vectors: Vector[];
};
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function byteByByte(bytes: Uint8Array): ByteSource {
  let at = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at === bytes.length) controller.close();
      else controller.enqueue(bytes.slice(at, ++at));
    },
  });
  return streamSource(stream, { lookBack: 0 });
}

/** A source that gives the same memory for every read, as a source over a file may do. */
function reusingMemory(bytes: Uint8Array): ByteSource {
  const memory = new Uint8Array(1 << 17);
  const open = (from: number): ByteSource => ({
    size: bytes.length - from,
    seekable: true,
    read: (offset, length) => {
      const part = bytes.subarray(from + offset, from + offset + length);
      memory.fill(0xcc).set(part);
      return memory.subarray(0, part.length);
    },
    slice: (offset) => open(from + offset),
  });
  return open(0);
}

const sources: readonly (readonly [string, (bytes: Uint8Array) => ByteSource])[] = [
  ['bytes', memorySource],
  ['a Blob', (bytes) => blobSource(new Blob([bytes.slice()]))],
  ['a stream of single bytes without look-back', byteByByte],
  ['a source that reuses its memory', reusingMemory],
];

describe.each(vectors)('vector $name ($why)', (vector) => {
  const bytes = new Uint8Array(readFileSync(new URL(vector.file, folder)));

  it.each(sources)('reads as the manifest says from %s', async (_, open) => {
    expect(sha256(bytes)).toBe(vector.sha256);
    const source = open(bytes);
    if (vector.expect.error !== undefined) {
      const failure = readPfile(source).then(async ({ content }) => {
        // Only a stream can end at the content without its size being known beforehand.
        if ((await content.read(0, 1)).length === 0) throw { code: 'MALFORMED_CONTAINER' };
      });
      await expect(failure).rejects.toMatchObject({ code: vector.expect.error });
      return;
    }
    const read = await readPfile(source);
    const content = (await read.content.read(0, bytes.length)).slice();
    expect({
      formatVersion: read.formatVersion,
      noticeLength: read.header.notice.length,
      tableOffset: tableOffset(read.header),
      tableSize: read.header.tableSize,
      storedExtension: Buffer.from(read.storedExtension).toString('hex'),
      originalExtension: read.originalExtension ?? null,
      licenseOffset: read.header.license.offset,
      licenseSha256: sha256(read.publishingLicense),
      storedOriginalSize: read.storedOriginalSize?.toString() ?? null,
      originalSize: read.originalSize ?? null,
      metadataSha256: sha256(read.metadata),
      contentOffset: read.contentOffset,
      contentLength: read.contentLength,
      contentSha256: sha256(content),
      ecbIsReadAs: read.cipherModeFor('microsoft.ecb').toUpperCase(),
    }).toEqual(vector.expect);
    expect(serializePfileHeader(read.header)).toEqual(bytes.subarray(0, read.contentOffset));
  });

  it('is told apart from other files by its head', () => {
    expect(detectPfile(bytes)).toBe(vector.expect.error !== 'NOT_PROTECTED');
  });
});
