import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../../bytes/index.ts';
import { asDictionary } from '../read/dictionary.ts';
import { readPdf } from '../read/read-pdf.ts';
import { buildPdf, latin1, type PdfBuilder } from '../test/build-pdf.ts';
import { openedBytes, protectedBytes } from './protect.test-support.ts';

/** Marks in every place where a document holds text. */
const secrets = {
  content: 'SECRET-IN-PAGE-CONTENT',
  packed: 'SECRET-IN-OBJECT-STREAM',
  title: 'SECRET-IN-INFO',
  metadata: 'SECRET-IN-XMP',
  annotation: 'SECRET-IN-ANNOTATION',
  attachment: 'SECRET-IN-ATTACHMENT',
  fileName: 'SECRET-FILE-NAME',
  pageLabel: 'SECRET-PAGE-LABEL',
  nested: 'SECRET-DEEP-IN-ARRAYS',
  trailer: 'SECRET-IN-TRAILER',
  plainIdentity: 'SECRET-UNDER-IDENTITY-FILTER',
  short: 'SECRET-NAME-TREE',
} as const;

/** What old versions hold is not even encrypted: it is left behind. */
const old = ['OLD-PAGE-CONTENT', 'OLD-ANNOTATION', 'OLD-IN-OBJECT-STREAM'] as const;

function body(builder: PdfBuilder): PdfBuilder {
  const { stream } = builder;
  const add: typeof stream = (...args) => builder.stream(...args);
  builder
    .object(
      1,
      `<</Type/Catalog/Pages 2 0 R/Metadata 5 0 R/Names<</EmbeddedFiles<</Names[(${secrets.short}) 7 0 R]>>>>/PageLabels<</Nums[0<</P(${secrets.pageLabel})>>]>>>>`,
    )
    .object(2, '<</Type/Pages/Kids[3 0 R]/Count 1>>')
    .object(
      3,
      '<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Resources<<>>/Contents 4 0 R/Annots[6 0 R]>>',
    );
  add(4, '', `BT (${old[0]}) Tj ET`);
  add(5, '/Type/Metadata/Subtype/XML', `<x>${secrets.metadata}</x>`);
  builder.object(6, `<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents(${old[1]})>>`);
  builder.object(
    7,
    `<</Type/Filespec/F(${secrets.fileName})/UF<${Buffer.from(secrets.fileName).toString('hex')}>/EF<</F 8 0 R>>>>`,
  );
  add(8, '/Type/EmbeddedFile', secrets.attachment);
  builder.object(9, `[[[[(${secrets.nested})]]] 12 0 R 0012.50 -.5 true null /Name#20with#20space]`);
  add(10, '/Filter[/Crypt]/DecodeParms[<</Name/Identity>>]', secrets.plainIdentity);
  return builder;
}

const updated = (builder: PdfBuilder): PdfBuilder =>
  builder
    .stream(4, '', `BT (${secrets.content}) Tj ET`)
    .object(6, `<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents(${secrets.annotation})>>`);

const inTable = (): Uint8Array => {
  const builder = body(buildPdf('%PDF-1.4\n'))
    .table(`/Size 12/Root 1 0 R/Info<</Title(${secrets.trailer})>>/ID[(0123456789abcdef)(0123456789abcdef)]`)
    .end();
  return updated(builder)
    .table(`/Size 12/Root 1 0 R/Info<</Title(${secrets.trailer})>>/ID[(0123456789abcdef)(0123456789abcdef)]`)
    .end()
    .bytes();
};

const inStreams = (): Uint8Array => {
  const builder = body(buildPdf()).object(11, `<</Title(${secrets.title})>>`);
  builder.objectStream(12, [
    [13, `(${secrets.packed})`],
    [14, '<</A 1>>'],
  ]);
  builder.objectStream(15, [
    [16, `(${old[2]})`],
    [17, `(${secrets.nested}-17)`],
  ]);
  builder.crossReferences(18, '/Size 19/Root 1 0 R/Info 11 0 R').end();
  return updated(builder)
    .object(16, '(new)')
    .crossReferences(19, '/Size 20/Root 1 0 R/Info 11 0 R')
    .end()
    .bytes();
};

const forms = (text: string): string[] => {
  const hexadecimal = Buffer.from(text).toString('hex');
  return [text, hexadecimal, hexadecimal.toUpperCase(), deflateSync(text).subarray(2, 12).toString('latin1')];
};

describe.each([
  ['cross-reference tables', inTable],
  ['object streams', inStreams],
] as const)('a payload of a document with %s', (_, build) => {
  it('shows none of its texts', async () => {
    const original = Buffer.from(build()).toString('latin1');
    const payload = Buffer.from(await protectedBytes(build())).toString('latin1');
    for (const text of Object.values(secrets))
      for (const form of forms(text)) expect(payload).not.toContain(form);
    for (const text of old) expect(payload).not.toContain(text);
    // The search would find them where they are.
    expect(original).toContain(secrets.annotation);
    expect(original).toContain(old[0]);
    expect(payload).toContain('/PublishingLicense');
  });

  it('gives them back, and nothing of old versions', async () => {
    const opened = Buffer.from(await openedBytes(await protectedBytes(build()))).toString('latin1');
    for (const text of [
      secrets.content,
      secrets.metadata,
      secrets.annotation,
      secrets.attachment,
      secrets.plainIdentity,
    ])
      expect(opened).toContain(text);
    for (const text of old) expect(opened).not.toContain(text);
    expect(opened).not.toContain('/Encrypt');
    expect(opened).not.toContain('/Crypt');
    expect(opened).not.toContain('/Prev');
  });

  it('leaves numbers, names and the order of keys as they stand', async () => {
    const opened = Buffer.from(await openedBytes(await protectedBytes(build()))).toString('latin1');
    expect(opened).toContain('0012.50 -.5 true null /Name#20with#20space]');
    expect(opened).toMatch(/\/Type ?\/Page ?\/Parent 2 0 R ?\/MediaBox/);
  });
});

describe('a payload', () => {
  it('keeps object streams whose objects are all live, and dissolves the others', async () => {
    const payload = await readPdf(memorySource(await protectedBytes(inStreams())));
    const place = (number: number) => payload.entries.find((entry) => entry.number === number);
    expect(place(13)?.inStream).toEqual({ number: 12, index: 0 });
    expect(place(17)?.offset).toBeGreaterThan(0);
    expect(place(15)).toBeUndefined();
    const opened = await readPdf(memorySource(await openedBytes(await protectedBytes(inStreams()))));
    expect((await opened.object(13))?.value).toMatchObject({ bytes: latin1(secrets.packed) });
    expect((await opened.object(17))?.value).toMatchObject({ bytes: latin1(`${secrets.nested}-17`) });
    expect((await opened.object(16))?.value).toMatchObject({ bytes: latin1('new') });
  });

  it('has its catalog outside of object streams', async () => {
    const builder = buildPdf();
    builder.objectStream(5, [
      [1, '<</Type/Catalog/Pages 2 0 R/Lang(en)>>'],
      [2, '<</Type/Pages/Kids[]/Count 0>>'],
    ]);
    const bytes = builder.crossReferences(6, '/Size 7/Root 1 0 R').end().bytes();
    const payload = await readPdf(memorySource(await protectedBytes(bytes)));
    expect(payload.entries.find(({ number }) => number === 1)?.offset).toBeGreaterThan(0);
    expect(payload.entries.find(({ number }) => number === 2)?.inStream).toEqual({ number: 5, index: 1 });
    const opened = await readPdf(memorySource(await openedBytes(await protectedBytes(bytes))));
    const catalog = asDictionary(await opened.resolve(opened.trailer.entries.get('Root')));
    expect(catalog?.entries.get('Lang')).toMatchObject({ bytes: latin1('en') });
    expect(asDictionary((await opened.object(2))?.value)?.entries.get('Count')).toBeDefined();
  });

  it('has exact lengths, also where they stood in other objects', async () => {
    const builder = buildPdf('%PDF-1.4\n');
    builder
      .object(1, '<</Type/Catalog/Pages 2 0 R>>')
      .object(2, '<</Type/Pages/Kids[3 0 R]/Count 1>>')
      .object(3, '<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>')
      .stream(4, '/First 1', 'BT ET', { length: '5 0 R' })
      .object(5, '5')
      .table('/Size 6/Root 1 0 R')
      .end();
    const payload = await readPdf(memorySource(await protectedBytes(builder.bytes())));
    const object = await payload.object(4);
    expect([...(asDictionary(object?.value)?.entries ?? [])]).toEqual([
      ['First', { kind: 'number', text: '1' }],
      ['Length', { kind: 'number', text: '16' }],
    ]);
    expect(object?.data?.size).toBe(16);
    const opened = await readPdf(memorySource(await openedBytes(await protectedBytes(builder.bytes()))));
    expect((await opened.object(4))?.data?.size).toBe(5);
  });

  it('has an identifier of its own where the document had none', async () => {
    const payload = await readPdf(memorySource(await protectedBytes(inStreams())));
    expect(payload.trailer.entries.get('ID')).toMatchObject({
      kind: 'array',
      items: [{ kind: 'string' }, { kind: 'string' }],
    });
  });

  it('keeps the version of the document', async () => {
    expect(Buffer.from(await protectedBytes(inTable())).toString('latin1', 0, 8)).toBe('%PDF-1.4');
    expect(Buffer.from(await protectedBytes(inStreams())).toString('latin1', 0, 8)).toBe('%PDF-1.7');
  });
});
