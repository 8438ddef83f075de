import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type ByteSource, memorySource, sliceSource, streamSource } from '../../bytes/index.ts';
import type { DocumentContents, PartCipher } from '../document-format.ts';
import { pdfFormat } from './format.ts';
import {
  bytesOf,
  cipherOf,
  license,
  memorySink,
  objectsOf,
  plaintextPdfs,
  qpdfPresent,
  runOn,
  sample,
  samplesPresent,
} from './protect/protect.test-support.ts';
import { asDictionary } from './read/dictionary.ts';
import { readPdf } from './read/read-pdf.ts';
import { buildPdf, withPage } from './test/build-pdf.ts';

const small = (): Uint8Array =>
  withPage(buildPdf(), 'BT (text) Tj ET').table('/Size 5/Root 1 0 R').end().bytes();

async function protect(
  bytes: Uint8Array | ByteSource,
  contents: Partial<DocumentContents> = {},
  cipher: PartCipher = cipherOf(),
): Promise<Uint8Array> {
  const source = bytes instanceof Uint8Array ? memorySource(bytes) : bytes;
  const head = new Uint8Array(await source.read(0, 4096));
  const document = await pdfFormat.examine({ head, source, name: 'a.pdf' });
  if (document === undefined) throw new Error('The document was not taken.');
  return bytesOf(pdfFormat.protect(document, source, { publishingLicense: license, ...contents }, cipher));
}

async function open(bytes: Uint8Array | ByteSource, cipher: PartCipher = cipherOf()): Promise<Uint8Array> {
  const source = bytes instanceof Uint8Array ? memorySource(bytes) : bytes;
  return bytesOf(await (await pdfFormat.read(source)).open(cipher));
}

/** A source that waits for every read and gives all of them in one buffer. */
function slow(bytes: Uint8Array): ByteSource {
  let buffer = new Uint8Array(0);
  const source: ByteSource = {
    size: bytes.length,
    seekable: true,
    async read(offset, length) {
      await undefined;
      buffer.fill(0xee);
      buffer = bytes.slice(offset, offset + length);
      return buffer;
    },
    slice: (offset, length) => sliceSource(source, offset, length),
  };
  return source;
}

describe('the format pdf', () => {
  it.each(['MICROSOFT.CBC4K', 'MICROSOFT.CBC512.NOPADDING', 'MICROSOFT.ECB'] as const)(
    'protects under %s and opens again, with a wrapper and without',
    async (mode) => {
      for (const wrapper of [true, false]) {
        const bytes = await protect(small(), { settings: { pdf: { wrapper } } }, cipherOf(mode));
        expect(Buffer.from(bytes).includes('(text)')).toBe(false);
        const opened = await open(bytes, cipherOf(mode));
        expect(Buffer.from(opened).includes('BT (text) Tj ET')).toBe(true);
      }
    },
  );

  it('tells what is in the clear', async () => {
    const bytes = await protect(small());
    const found = await pdfFormat.read(memorySource(bytes));
    expect(found).toMatchObject({
      format: 'pdf',
      formatVersion: '2',
      originalExtension: '.pdf',
      originalSize: undefined,
    });
    expect(found.publishingLicense).toEqual(license);
    const { contentOffset, contentLength = 0 } = found;
    const payload = bytes.subarray(contentOffset, contentOffset + contentLength);
    expect(Buffer.from(payload).toString('latin1', 0, 8)).toBe('%PDF-1.7');
    expect(Buffer.from(payload).toString('latin1').trimEnd().endsWith('%%EOF')).toBe(true);
    expect(found.cipherModeFor('MICROSOFT.CBC4K')).toBe('MICROSOFT.CBC4K');
  });

  it('stores licenses as UTF-8 with a byte-order mark, however they came', async () => {
    const text = new TextDecoder().decode(license);
    const wide = new Uint8Array(Buffer.from(text, 'utf16le'));
    for (const given of [license.subarray(3), wide]) {
      const found = await pdfFormat.read(memorySource(await protect(small(), { publishingLicense: given })));
      expect(found.publishingLicense).toEqual(license);
    }
  });

  it('gives the label metadata of the wrapper', async () => {
    const metadata = new TextEncoder().encode('<x:xmpmeta>label</x:xmpmeta>');
    const found = await pdfFormat.read(memorySource(await protect(small(), { metadata })));
    expect(Buffer.from(found.metadata).includes('label')).toBe(true);
    expect(
      (await pdfFormat.read(memorySource(await protect(small(), { settings: { pdf: { wrapper: false } } }))))
        .metadata,
    ).toHaveLength(0);
  });

  it('is the same from a source that overwrites what it gave', async () => {
    const bytes = await protect(small());
    expect(await protect(slow(small()))).toEqual(bytes);
    expect(await open(slow(bytes))).toEqual(await open(bytes));
  });

  it('tells of progress up to the end', async () => {
    const source = memorySource(small());
    const document = await pdfFormat.examine({ head: small(), source, name: undefined });
    const calls: (readonly [number, number | undefined])[] = [];
    await pdfFormat
      .protect(document ?? {}, source, { publishingLicense: license }, cipherOf())
      .writeTo(memorySink(), { onProgress: (done, total) => calls.push([done, total]) });
    const done = calls.map(([bytes]) => bytes);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(calls.at(-1)).toEqual([source.size, source.size]);
  });

  it('stops when it is told to', async () => {
    const source = memorySource(small());
    const document = await pdfFormat.examine({ head: small(), source, name: undefined });
    const writer = pdfFormat.protect(document ?? {}, source, { publishingLicense: license }, cipherOf());
    await expect(
      writer.writeTo(memorySink(), { signal: AbortSignal.abort(new Error('stop')) }),
    ).rejects.toThrow('stop');
  });
});

describe('what the format pdf refuses', () => {
  it('another key', async () => {
    await expect(open(await protect(small()), cipherOf('MICROSOFT.CBC4K', 9))).rejects.toMatchObject({
      code: 'DECRYPTION_FAILED',
    });
  });

  it('another version to write, an empty license, something else than examine found', async () => {
    await expect(protect(small(), { formatVersion: '1' })).rejects.toMatchObject({
      code: 'UNSUPPORTED_VERSION',
    });
    await expect(protect(small(), { publishingLicense: new Uint8Array(0) })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    expect(() =>
      pdfFormat.protect({}, memorySource(small()), { publishingLicense: license }, cipherOf()),
    ).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });

  it('documents that are not protected, and streams', async () => {
    await expect(pdfFormat.read(memorySource(small()))).rejects.toMatchObject({ code: 'NOT_PROTECTED' });
    await expect(
      pdfFormat.read(streamSource(new Blob([small() as Uint8Array<ArrayBuffer>]).stream())),
    ).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  it('a file that was cut, wherever it was', async () => {
    const bytes = await protect(small(), { settings: { pdf: { wrapper: false } } });
    const whole = Buffer.from(await open(bytes)).toString('latin1');
    for (let length = 0; length < bytes.length; length += 7) {
      const outcome = await open(bytes.subarray(0, length)).then(
        (opened) => Buffer.from(opened).toString('latin1'),
        (error: { code?: string }) => error.code,
      );
      // Cross-references that are lost are found anew; what is encrypted is never taken for plain.
      expect([
        whole,
        'DECRYPTION_FAILED',
        'MALFORMED_CONTAINER',
        'NOT_PROTECTED',
        'LIMIT_EXCEEDED',
      ]).toContain(outcome);
    }
  });
});

describe.skipIf(!samplesPresent)('the real protected PDF', () => {
  const name = 'pdf/testMicrosoftIRMServices.pdf';
  const expected = samplesPresent
    ? (
        JSON.parse(Buffer.from(sample('expected.json')).toString()) as Record<string, Record<string, unknown>>
      )[name]
    : undefined;

  it('has its license and its version', async () => {
    const found = await pdfFormat.read(memorySource(sample(name)));
    expect(found.formatVersion).toBe('2');
    expect(found.publishingLicense).toHaveLength(expected?.publishingLicenseLength as number);
    expect(createHash('sha256').update(found.publishingLicense).digest('hex')).toBe(
      expected?.publishingLicenseSha256,
    );
    expect(found.contentLength).toBe(expected?.embeddedLength);
    expect(Buffer.from(found.metadata).toString()).toContain(
      String((expected?.labelIds as string[] | undefined)?.[0]),
    );
  });

  it('does not open with a key that is not its own', async () => {
    await expect(open(sample(name))).rejects.toMatchObject({ code: 'DECRYPTION_FAILED' });
  });
});

describe.skipIf(!samplesPresent || !qpdfPresent)('real PDFs', () => {
  it.each(plaintextPdfs)('%s passes the checks of qpdf in its wrapper', async (name) => {
    const bytes = await protect(sample(`plaintext/${name}`));
    expect(runOn(bytes, 'qpdf', ['--check', '@'])).toContain('No syntax or stream encoding errors found');
    expect(objectsOf(await open(bytes))).toEqual(objectsOf(sample(`plaintext/${name}`)));
    const catalog = async (pdf: Uint8Array) => {
      const document = await readPdf(memorySource(pdf));
      return asDictionary(await document.resolve(document.trailer.entries.get('Root')));
    };
    expect((await catalog(bytes))?.entries.has('Collection')).toBe(true);
  });
});
