import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, encodeUtf8, maxima, memorySource } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import type { DocumentWriter } from '../../document-format.ts';
import { asDictionary, asName, itemsOf } from '../read/dictionary.ts';
import { readPdf } from '../read/read-pdf.ts';
import { readWrapper } from './read-wrapper.ts';
import { type WrapperContents, wrapped } from './write-wrapper.ts';

const payload = encodeUtf8('%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\nendstream endobj\nstartxref\n7\n%%EOF');

const writerOf = (bytes: Uint8Array, size: number | undefined = bytes.length): DocumentWriter => ({
  size,
  async writeTo(sink) {
    for (let at = 0; at < bytes.length; at += 1000) await sink.write(bytes.subarray(at, at + 1000));
    return bytes.length;
  },
});

async function wrapperOf(bytes: Uint8Array, contents?: WrapperContents, size?: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const writer = wrapped(writerOf(bytes, size), contents);
  const written = await writer.writeTo({ write: (part) => void parts.push(part.slice()) });
  const result = concatBytes(parts);
  expect(written).toBe(result.length);
  if (writer.size !== undefined) expect(writer.size).toBe(result.length);
  return result;
}

const read = async (bytes: Uint8Array) => readWrapper(await readPdf(memorySource(bytes)));
const all = async (found: Awaited<ReturnType<typeof read>>): Promise<Uint8Array> =>
  new Uint8Array(await found!.source.read(0, found!.source.size!));

describe('a wrapper that is written', () => {
  it('gives its payload back from where it stands in the file, with its size and checksum', async () => {
    const bytes = await wrapperOf(payload);
    const found = await read(bytes);
    expect(await all(found)).toEqual(payload);
    expect(found).toMatchObject({ version: '2', statedSize: payload.length });
    expect(Buffer.from(found!.checksum!).toString('hex')).toBe(
      createHash('md5').update(payload).digest('hex'),
    );
    expect(found!.source.origin?.offset).toBe(Buffer.from(bytes).indexOf(payload));
  });

  it('has the structure that Microsoft’s have: catalog, file specification, embedded file', async () => {
    const document = await readPdf(memorySource(await wrapperOf(payload)));
    expect([document.version, document.encrypted, document.rebuilt]).toEqual(['2.0', false, false]);
    const text = new TextDecoder('latin1').decode(await wrapperOf(payload));
    const name = '(MicrosoftIRMServices Protected PDF.pdf)';
    expect(text).toMatch(/^%PDF-2\.0\n/);
    for (const part of [
      `/AF [2 0 R]/Collection <</D ${name}/View /H>>/Names <</EmbeddedFiles <</Names [${name} 2 0 R]>>>>`,
      `/Type /Filespec/F ${name}/UF ${name}/Desc (This embedded file is encrypted using MicrosoftIRMServices filter)`,
      '/AFRelationship /EncryptedPayload/EP <</Type /EncryptedPayload/Subtype /MicrosoftIRMServices/Version 2>>',
      '/Type /EmbeddedFile/Subtype /application#2Fpdf',
    ])
      expect(text).toContain(part);
  });

  it('is the same file each time, and needs to know no size beforehand', async () => {
    const bytes = await wrapperOf(payload);
    expect(await wrapperOf(payload)).toEqual(bytes);
    const parts: Uint8Array[] = [];
    const writer = wrapped({ ...writerOf(payload), size: undefined });
    expect(writer.size).toBeUndefined();
    await writer.writeTo({ write: (part) => void parts.push(part.slice()) });
    expect(concatBytes(parts)).toEqual(bytes);
  });

  it('states labels where no key is needed to read them', async () => {
    const id = 'MSIP_Label_10000000-0000-4000-8000-000000000001_';
    const labelProperties = [
      [`${id}Name`, 'Geheim (1) \\ ünïcode'],
      [`${id}Enabled`, 'true'],
    ] as const;
    const metadata = encodeUtf8('<?xpacket?>');
    const found = await read(await wrapperOf(payload, { metadata, labelProperties }));
    expect(found!.labelProperties).toEqual(labelProperties);
    expect(found!.metadata).toEqual(metadata);
    expect(await read(await wrapperOf(payload))).toMatchObject({
      labelProperties: [],
      metadata: new Uint8Array(0),
    });
  });

  it('holds any bytes, of any length', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (bytes) => {
        expect(await all(await read(await wrapperOf(bytes)))).toEqual(bytes);
      }),
      { numRuns: 50 },
    );
  });
});

/** A wrapper as somebody else may write it; objects without `obj` around them. */
function file(objects: readonly string[], trailer = ''): Uint8Array {
  let text = '%PDF-2.0\n';
  const offsets = objects.map((body, i) => {
    const offset = text.length;
    text += `${i + 1} 0 obj\n${body}\nendobj\n`;
    return offset;
  });
  const start = text.length;
  const lines = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${lines}trailer\n<</Size ${objects.length + 1}/Root 1 0 R${trailer}>>\nstartxref\n${start}\n%%EOF\n`;
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const stream = (data: Uint8Array, entries = ''): string =>
  `<<${entries}/Length ${data.length}>>stream\n${latin1(data)}\nendstream`;
const specification = (rest: string): string => `<</Type/Filespec/F(x)/EF<</F 3 0 R>>${rest}>>`;
const ours = '/AFRelationship/EncryptedPayload/EP<</Subtype/MicrosoftIRMServices/Version 2>>';
const byRelation = '<</Type/Catalog/AF[2 0 R]>>';

describe('a wrapper that another program wrote', () => {
  it.each([
    ['a number', '2', '2'],
    ['a name', '/2', '2'],
    ['a string', '(2)', '2'],
    ['missing', 'null', undefined],
  ])('may state its version as %s', async (_, written, version) => {
    const rest = `/AFRelationship/EncryptedPayload/EP<</Subtype/MicrosoftIRMServices/Version ${written}>>`;
    const found = await read(file([byRelation, specification(rest), stream(payload)]));
    expect(found).toMatchObject({ version, statedSize: undefined, checksum: undefined });
    expect(await all(found)).toEqual(payload);
  });

  it('may compress its payload', async () => {
    const data = deflateSync(payload);
    for (const filter of ['/Filter/FlateDecode', '/Filter[/FlateDecode]'])
      expect(await all(await read(file([byRelation, specification(ours), stream(data, filter)])))).toEqual(
        payload,
      );
  });

  it('may have it among other files, and name the handler in other letters', async () => {
    const other = '<</Type/Filespec/F(y)/AFRelationship/Data>>';
    const rest = '/AFRelationship/EncryptedPayload/EP<</Subtype/microsoftirmservices>>';
    const objects = ['<</Type/Catalog/AF[4 0 R 2 0 R]>>', specification(rest), stream(payload), other];
    expect(await all(await read(file(objects)))).toEqual(payload);
  });

  it('may have it only under its well-known name, deep in the tree of names', async () => {
    const name = '(MicrosoftIRMServices Protected PDF.pdf)';
    const utf16 = `<${Buffer.from(`\ufeff${name.slice(1, -1)}`, 'utf16le')
      .swap16()
      .toString('hex')}>`;
    for (const key of [name, utf16]) {
      const catalog = '<</Type/Catalog/Names<</EmbeddedFiles<</Kids[4 0 R 5 0 R 4 0 R]>>>>>>';
      const objects = [
        catalog,
        specification(''),
        stream(payload),
        '<</Names[(a)null]/Kids[4 0 R]>>',
        `<</Names[(b)null${key}2 0 R]>>`,
      ];
      expect(await all(await read(file(objects)))).toEqual(payload);
    }
  });

  it.each([
    ['without embedded files', ['<</Type/Catalog>>']],
    [
      'with another encrypted payload',
      [byRelation, specification('/AFRelationship/EncryptedPayload/EP<</Subtype/Other>>'), stream(payload)],
    ],
    ['with an attachment', [byRelation, specification('/AFRelationship/Data'), stream(payload)]],
  ])('is none %s', async (_, objects) => {
    expect(await read(file(objects))).toBeUndefined();
  });

  it.each([
    ['there is no payload', [byRelation, specification(ours), '<<>>'], 'MALFORMED_CONTAINER'],
    [
      'the payload is in another file',
      [byRelation, specification(ours), stream(payload, '/F(secret.pdf)')],
      'UNSUPPORTED_FORMAT',
    ],
    [
      'it is packed in another way',
      [byRelation, specification(ours), stream(payload, '/Filter/LZWDecode')],
      'UNSUPPORTED_FORMAT',
    ],
    [
      'it cannot be unpacked',
      [byRelation, specification(ours), stream(payload, '/Filter/FlateDecode')],
      'MALFORMED_CONTAINER',
    ],
  ])('is refused where %s', async (_, objects, code) => {
    await expect(read(file(objects))).rejects.toMatchObject({ code });
  });

  it('is read once where its names lead back into themselves', async () => {
    const catalog = '<</Type/Catalog/Names<</EmbeddedFiles 2 0 R>>>>';
    expect(await read(file([catalog, '<</Kids[2 0 R 2 0 R 2 0 R]>>']))).toBeUndefined();
  });

  it('gives its payload or a typed error, whatever is changed in it', async () => {
    const bytes = await wrapperOf(payload);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        async (changes) => {
          const changed = bytes.slice();
          for (const [at, value] of changes) changed[at] = value;
          try {
            const found = await read(changed);
            if (found !== undefined) expect(found.source.size).toBeLessThanOrEqual(maxima.collectedBytes);
          } catch (error) {
            if (!(error instanceof SealwrightError)) throw error;
          }
        },
      ),
      { numRuns: 80 },
    );
  });
});

const sample = '../shared/data/samples/pdf/testMicrosoftIRMServices.pdf';
const facts = '../shared/data/samples/expected.json';

describe.skipIf(!existsSync(facts))('the real protected PDF (skipped without ../shared/data)', () => {
  const expected = existsSync(facts)
    ? JSON.parse(readFileSync(facts, 'utf8'))['pdf/testMicrosoftIRMServices.pdf']
    : {};

  it('is a wrapper whose payload has the size and the hashes that were measured', async () => {
    const found = await read(new Uint8Array(readFileSync(sample)));
    const inner = await all(found);
    expect(inner).toHaveLength(expected.embeddedLength);
    expect(createHash('sha256').update(inner).digest('hex')).toBe(expected.embeddedSha256);
    expect(createHash('md5').update(inner).digest('hex')).toBe(expected.checksumMd5);
    expect(Buffer.from(found!.checksum!).toString('hex')).toBe(expected.checksumMd5);
    expect(found).toMatchObject({ version: '2', statedSize: expected.embeddedLength });
    expect(latin1(inner.subarray(0, 8))).toBe(expected.innerPdfVersion);
    expect(found!.labelProperties.filter(([name]) => name.includes(expected.labelIds[0]))).toHaveLength(5);
  });

  it('says of its payload what a wrapper of ours says', async () => {
    const describe = async (bytes: Uint8Array) => {
      const document = await readPdf(memorySource(bytes));
      const resolve = document.resolve;
      const catalog = asDictionary(await resolve(document.trailer.entries.get('Root')))!;
      const [associated] = itemsOf(await resolve(catalog.entries.get('AF')));
      const specification = asDictionary(await resolve(associated))!;
      const embedded = asDictionary(await resolve(specification.entries.get('EF')))!.entries.get('F');
      const stream = asDictionary(await resolve(embedded))!;
      return {
        version: document.version,
        collection: await resolve(catalog.entries.get('Collection')),
        keys: [...specification.entries.keys()].sort(),
        texts: ['F', 'UF', 'Desc', 'AFRelationship', 'EP'].map((key) => specification.entries.get(key)),
        stream: ['Type', 'Subtype'].map((key) => asName(stream.entries.get(key))),
        parameters: [...asDictionary(await resolve(stream.entries.get('Params')))!.entries.keys()].sort(),
      };
    };
    expect(await describe(await wrapperOf(payload))).toEqual(
      await describe(new Uint8Array(readFileSync(sample))),
    );
  });
});
