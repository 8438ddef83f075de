import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import CFB from 'cfb';
import { describe, expect, it } from 'vitest';
import { type ByteSource, blobSource, decodeHex, memorySource, sliceSource } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import { detectionBytes } from '../container-format.ts';
import { recognise } from '../recognise/recognise.ts';
import { openedFile } from './protected-file.test-support.ts';
import { readOffice } from './read.ts';

interface Facts {
  readonly formatVersion: string;
  readonly contentStream: string;
  readonly licenseSha256: string;
  readonly labelInfoSha256: string;
  readonly useLicenses: readonly object[];
  readonly originalSize: number;
  readonly contentOffset: number;
  readonly contentLength: number;
  readonly contentSha256: string;
  readonly bindingSha256: string;
  readonly decryptedAs: string;
  readonly plaintextSha256: string;
  readonly error?: undefined;
}

interface Vector {
  readonly name: string;
  readonly file: string;
  readonly why: string;
  readonly sha256: string;
  readonly keyHex: string;
  readonly licensedCipherMode: string;
  readonly expect: Facts | { readonly error: string };
}

const folder = new URL('../../../test-vectors/office/', import.meta.url);
const { vectors } = JSON.parse(readFileSync(new URL('manifest.json', folder), 'utf8')) as {
  vectors: Vector[];
};
const load = ({ file }: Vector): Uint8Array => new Uint8Array(readFileSync(new URL(file, folder)));
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const sound = vectors.filter((vector) => vector.expect.error === undefined);

/** A source that gives the same memory for every read, and fewer bytes than a caller hopes for only at its end. */
function reusingMemory(bytes: Uint8Array): ByteSource {
  const memory = new Uint8Array(bytes.length);
  const whole: ByteSource = {
    size: bytes.length,
    seekable: true,
    read: async (offset, length) => {
      const part = bytes.subarray(offset, offset + length);
      memory.fill(0xcc).set(part);
      return memory.subarray(0, part.length);
    },
    slice: (offset, length) => sliceSource(whole, offset, length),
  };
  return whole;
}

const sources: readonly (readonly [string, (bytes: Uint8Array) => ByteSource])[] = [
  ['bytes', memorySource],
  ['a Blob', (bytes) => blobSource(new Blob([bytes.slice()]))],
  ['a source that reuses its memory', reusingMemory],
];

describe.each(vectors)('vector $name ($why)', (vector) => {
  const bytes = load(vector);

  it.each(sources)('reads as the manifest says from %s', async (_, open) => {
    expect(sha256(bytes)).toBe(vector.sha256);
    const { expect: facts } = vector;
    if (facts.error !== undefined) {
      const reading = readOffice(open(bytes)).then(({ content }) => content.read(0, bytes.length));
      await expect(reading).rejects.toMatchObject({ code: facts.error });
      return;
    }
    const read = await readOffice(open(bytes));
    const { decryptedAs, plaintextSha256, ...rest } = facts;
    expect({
      formatVersion: read.formatVersion,
      contentStream: read.contentStream,
      licenseSha256: sha256(read.publishingLicense),
      labelInfoSha256: sha256(read.metadata),
      useLicenses: read.useLicenses.map(({ streamName, userId, license }) => ({
        streamName,
        userId,
        licenseSha256: sha256(license),
      })),
      originalSize: read.originalSize,
      contentOffset: read.contentOffset,
      contentLength: read.contentLength,
      contentSha256: sha256(await read.content.read(0, bytes.length)),
      bindingSha256: sha256(read.binding),
    }).toEqual(rest);
    const opened = await openedFile(bytes, decodeHex(vector.keyHex), vector.licensedCipherMode);
    expect(opened.mode).toBe(decryptedAs);
    expect(sha256(opened.plaintext)).toBe(plaintextSha256);
  });

  it('is recognised as what it is', async () => {
    const { kind } = await recognise(bytes.subarray(0, detectionBytes), memorySource(bytes));
    const special = new Map([
      ['password', 'office-password'],
      ['half', 'damaged-compound-file'],
      ['plain', 'plain'],
      ['not-compound', 'plain'],
    ]);
    expect(kind).toBe(special.get(vector.name) ?? 'office');
  });
});

describe('the vectors', () => {
  it.each(sound)('$name is a compound file to another reader too', (vector) => {
    const { contentStream, originalSize } = vector.expect as Facts;
    const content = CFB.find(CFB.read(load(vector), { type: 'array' }), `/${contentStream}`)?.content;
    expect(Buffer.from(content ?? []).readBigUInt64LE(0)).toBe(BigInt(originalSize));
  });

  it.each(['package-ecb-v3', 'binary-cbc4k-v4'])(
    '%s, cut anywhere, gives what is whole or a typed error',
    async (name) => {
      const vector = vectors.find((one) => one.name === name) as Vector;
      const bytes = load(vector);
      for (let length = 0; length < bytes.length; length += 127)
        try {
          const { content } = await readOffice(memorySource(bytes.subarray(0, length)));
          const read = await content.read(0, bytes.length);
          // What is missing at the end of the last sector is nobody's.
          expect(sha256(read)).toBe((vector.expect as Facts).contentSha256);
        } catch (error) {
          if (!(error instanceof SealwrightError)) throw error;
          expect(['NOT_PROTECTED', 'MALFORMED_CONTAINER']).toContain(error.code);
        }
    },
  );
});
