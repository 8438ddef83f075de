import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, encodeUtf8, maxima, memorySource, streamSource } from '../../bytes/index.ts';
import { pfileFormat } from './format.ts';
import { unknownSize } from './header.ts';

const publishingLicense = encodeUtf8('<XrML/>');
const content = new Uint8Array(32).fill(7);
const contents = fc.record({
  publishingLicense: fc.uint8Array({ minLength: 1, maxLength: 400 }),
  originalExtension: fc.constantFrom('', '.txt', '.TIFF', '.документ'),
  metadata: fc.option(fc.uint8Array({ maxLength: 200 }), { nil: undefined }),
  originalSize: fc.option(fc.nat(Number.MAX_SAFE_INTEGER), { nil: undefined }),
  formatVersion: fc.constantFrom(undefined, '3.0', '2.1'),
});

describe('writing a PFILE', () => {
  it('gives a file that reads back as what was written', async () => {
    await fc.assert(
      fc.asyncProperty(contents, async (given) => {
        const { bytes, binding } = pfileFormat.header(given);
        const read = await pfileFormat.read(memorySource(concatBytes([bytes, content])));
        expect(read.formatVersion).toBe(given.formatVersion ?? '3.0');
        expect(read.publishingLicense).toEqual(given.publishingLicense);
        expect(read.metadata).toEqual(given.metadata ?? new Uint8Array(0));
        expect(read.originalExtension).toBe(given.originalExtension);
        expect(read.originalSize).toBe(given.originalSize === 0 ? undefined : given.originalSize);
        expect(read.contentOffset).toBe(bytes.length);
        expect(await read.content.read(0, 100)).toEqual(content);
        expect(read.binding).toEqual(binding);
        expect(read.header.tableSize).toBe(40);
        expect(read.header.gaps).toEqual([]);
      }),
    );
  });

  it('gives the same bytes for the same contents', () => {
    const given = { publishingLicense, originalExtension: '.txt', originalSize: 5 };
    expect(pfileFormat.header(given).bytes).toEqual(pfileFormat.header({ ...given }).bytes);
  });

  it('says that the size is unknown until it is written, and binds everything but the size', async () => {
    await fc.assert(
      fc.asyncProperty(contents, fc.nat(Number.MAX_SAFE_INTEGER), async (given, size) => {
        const unsized = pfileFormat.header({ ...given, originalSize: undefined });
        const sized = pfileFormat.header({ ...given, originalSize: size });
        const field = unsized.originalSizeField;
        expect(unsized.binding).toEqual(unsized.bytes);
        expect(sized.binding).toEqual(unsized.bytes);
        unsized.bytes.set(field?.encode(size) ?? [], field?.offset);
        expect(unsized.bytes).toEqual(sized.bytes);
      }),
    );
    const read = await pfileFormat.read(
      memorySource(
        concatBytes([pfileFormat.header({ publishingLicense, originalExtension: '' }).bytes, content]),
      ),
    );
    expect(read.storedOriginalSize).toBe(unknownSize);
  });

  it('changes the binding with any byte of the header but those of the size', async () => {
    const { bytes, binding, originalSizeField } = pfileFormat.header({
      publishingLicense,
      originalExtension: '.txt',
    });
    const at = originalSizeField?.offset ?? 0;
    for (let i = 0; i < bytes.length; i++) {
      const changed = concatBytes([bytes, content]);
      changed[i] = (changed[i] as number) ^ 1;
      // A single bit there could claim a size beyond any file, which is refused; zero is always read.
      if (i >= at && i < at + 8) changed.fill(0, at, at + 8);
      const read = await pfileFormat.read(memorySource(changed)).catch(() => undefined);
      if (read === undefined) continue;
      expect(Buffer.compare(read.binding, binding) === 0, `byte ${i}`).toBe(i >= at && i < at + 8);
    }
  });

  it('puts a notice that is plain ASCII with CRLF in front', () => {
    const { bytes } = pfileFormat.header({ publishingLicense, originalExtension: '' });
    const length = new DataView(bytes.buffer).getUint32(14, true);
    const text = String.fromCharCode(...bytes.subarray(18, 18 + length));
    expect(text).toMatch(/^(?:[\x20-\x7e]|\r\n)*$/);
    expect(text).toContain('application that supports protected files');
  });

  it.each([
    ['an unknown version', { formatVersion: '2.0' }, 'UNSUPPORTED_VERSION'],
    ['an extension that is a path', { originalExtension: '/../x' }, 'INVALID_ARGUMENT'],
    ['an extension without dot', { originalExtension: 'txt' }, 'INVALID_ARGUMENT'],
    ['no license', { publishingLicense: new Uint8Array(0) }, 'INVALID_ARGUMENT'],
    ['a negative size', { originalSize: -1 }, 'INVALID_ARGUMENT'],
    ['a fractional size', { originalSize: 1.5 }, 'INVALID_ARGUMENT'],
    [
      'a license over the limit',
      { publishingLicense: new Uint8Array(maxima.licenseBytes + 1) },
      'LIMIT_EXCEEDED',
    ],
    ['metadata over the limit', { metadata: new Uint8Array(maxima.metadataBytes + 1) }, 'LIMIT_EXCEEDED'],
  ])('refuses %s', (_, wrong, code) => {
    const given = { publishingLicense, originalExtension: '.txt', ...wrong };
    expect(() => pfileFormat.header(given)).toThrow(expect.objectContaining({ code }));
  });
});

describe('reading a PFILE', () => {
  it('takes no more from a stream than the head, and learns the length of the content at its end', async () => {
    const { bytes } = pfileFormat.header({ publishingLicense, originalExtension: '.txt' });
    let given = 0;
    const file = concatBytes([bytes, content]);
    const stream = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          if (given === file.length) return controller.close();
          controller.enqueue(file.slice(given, ++given));
        },
      },
      { highWaterMark: 0 },
    );
    const read = await pfileFormat.read(streamSource(stream, { lookBack: 0 }));
    expect(given).toBe(bytes.length);
    expect(read.contentLength).toBeUndefined();
    expect(await read.content.read(0, 100)).toEqual(content);
    expect(read.contentLength).toBe(content.length);
  });

  it('says of a file that is cut anywhere before its content that it is cut', async () => {
    const { bytes } = pfileFormat.header({ publishingLicense, originalExtension: '.txt' });
    for (let length = 7; length <= bytes.length; length++)
      await expect(pfileFormat.read(memorySource(bytes.subarray(0, length)))).rejects.toMatchObject({
        code: 'MALFORMED_CONTAINER',
        message: expect.stringContaining(`is cut: it ends at byte ${length},`),
      });
    for (let length = 0; length < 7; length++)
      await expect(pfileFormat.read(memorySource(bytes.subarray(0, length)))).rejects.toMatchObject({
        code: 'NOT_PROTECTED',
      });
  });

  it('does not keep memory of the source that may change', async () => {
    const { bytes } = pfileFormat.header({ publishingLicense, originalExtension: '.txt' });
    const file = concatBytes([bytes, content]);
    const read = await pfileFormat.read(memorySource(file));
    file.fill(0);
    expect(read.publishingLicense).toEqual(publishingLicense);
    expect(read.binding).toHaveLength(bytes.length);
  });

  it('stops when aborted', async () => {
    const source = streamSource(new ReadableStream({}));
    const reading = pfileFormat.read(source, { signal: AbortSignal.timeout(5) });
    await expect(reading).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('overrides ECB up to version 2 and no other mode', async () => {
    const modes = ['MICROSOFT.ECB', 'MICROSOFT.CBC4K', 'MICROSOFT.CBC512.NOPADDING', 'SEALWRIGHT.GCM64K'];
    for (const [formatVersion, ecb] of [
      ['2.1', 'MICROSOFT.CBC4K'],
      ['3.0', 'MICROSOFT.ECB'],
    ] as const) {
      const { bytes } = pfileFormat.header({ publishingLicense, originalExtension: '', formatVersion });
      const read = await pfileFormat.read(memorySource(concatBytes([bytes, content])));
      expect(modes.map(read.cipherModeFor)).toEqual([ecb, ...modes.slice(1)]);
    }
  });
});
