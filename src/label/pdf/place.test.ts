import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ByteSource, encodeUtf8, memorySource } from '../../bytes/index.ts';
import { pdfModule } from '../../container/index.ts';
import { buildPdf } from '../../container/pdf/test/build-pdf.ts';
import { SealwrightError } from '../../errors.ts';
import { containerLabels, readContainerLabels } from '../carry.ts';
import { changeLabels } from '../change-labels.ts';
import { readLabels } from '../read-labels.ts';

const { readPdf, readPdfMetadata, textString } = await pdfModule();
const id = '10000000-0000-4000-8000-000000000001';
const otherId = '10000000-0000-4000-8000-000000000002';
const siteId = '11111111-2222-3333-4444-555555555555';
const otherSite = '11111111-2222-3333-4444-666666666666';
const label = { id, siteId, name: 'Vertraulich – „A“ (1)', method: 'Privileged' } as const;

const packet = (inside: string): string =>
  `<?xpacket begin="\u00ef\u00bb\u00bf" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdfx="http://ns.adobe.com/pdfx/1.3/"><dc:format>application/pdf</dc:format>${inside}</rdf:Description></rdf:RDF></x:xmpmeta>${' '.repeat(200)}<?xpacket end="w"?>`;

interface Parts {
  readonly info?: string;
  readonly xmp?: string;
  readonly catalog?: string;
  readonly streams?: boolean;
  readonly trailer?: string;
}

function pdf({ info, xmp, catalog = '', streams = false, trailer = '' }: Parts): Uint8Array {
  const builder = buildPdf()
    .object(1, `<</Type/Catalog/Pages 2 0 R${xmp === undefined ? '' : '/Metadata 4 0 R'}${catalog}>>`)
    .object(2, '<</Type/Pages/Count 0/Kids[]>>');
  if (info !== undefined) builder.object(3, `<<${info}>>`);
  if (xmp !== undefined) builder.stream(4, '/Type/Metadata/Subtype/XML', xmp, { deflate: true });
  const last = `/Root 1 0 R${info === undefined ? '' : '/Info 3 0 R'}/ID[<0102><0304>]${trailer}`;
  return (streams ? builder.crossReferences(9, last) : builder.table(last)).end().bytes();
}

const bytesOf = async (source: ByteSource): Promise<Uint8Array> =>
  new Uint8Array(await source.read(0, source.size!));
const metadataOf = async (source: ByteSource) => readPdfMetadata(await readPdf(source));

describe('labels of a PDF', () => {
  it.each([
    ['a table', false],
    ['a stream', true],
  ])(
    'are put on behind a document whose cross-references are %s, and taken off again',
    async (_, streams) => {
      const original = pdf({
        info: '/Title(Keep me)/Trapped/False',
        xmp: packet('<dc:x>keep</dc:x>'),
        streams,
      });
      expect(await readLabels(original)).toEqual([]);
      const labelled = await changeLabels(original, { set: label });
      expect(await readLabels(labelled)).toMatchObject([{ ...label, enabled: true }]);
      const bytes = await bytesOf(labelled);
      expect(bytes.subarray(0, original.length)).toEqual(original);

      const document = await readPdf(memorySource(bytes));
      expect(document.rebuilt).toBe(false);
      const { info, properties, packet: now } = await readPdfMetadata(document);
      expect(Object.fromEntries(properties)).toMatchObject({
        Title: 'Keep me',
        [`MSIP_Label_${id}_Name`]: label.name,
        [`MSIP_Label_${id}_SiteId`]: siteId,
      });
      expect(info.entries.get('Trapped')).toEqual({ kind: 'name', text: 'False' });
      const text = new TextDecoder().decode(now);
      expect(text).toContain(`<pdfx:MSIP_Label_${id}_Name>${label.name}</pdfx:MSIP_Label_${id}_Name>`);
      expect(text).toContain('<dc:x>keep</dc:x>');
      expect(text).not.toContain('Sensitivity');

      const bare = await changeLabels(labelled, { remove: 'all' });
      expect(await readLabels(bare)).toEqual([]);
      const left = await metadataOf(bare);
      expect(left.properties).toEqual([['Title', 'Keep me']]);
      expect(new TextDecoder().decode(left.packet)).not.toContain('MSIP');
    },
  );

  it('get an Info dictionary where there is none, and no packet', async () => {
    const labelled = await changeLabels(pdf({}), { set: label });
    expect(await readLabels(labelled)).toMatchObject([label]);
    expect((await metadataOf(labelled)).packet).toBeUndefined();
  });

  it('change nothing where the document says the same already', async () => {
    const labelled = await changeLabels(pdf({ info: '', xmp: packet('') }), { set: label });
    expect(await changeLabels(labelled, { set: label })).toBe(labelled);
    expect(await changeLabels(labelled, { remove: otherId })).toBe(labelled);
  });

  it('are read from Info and packet together, where Info counts first', async () => {
    const stated = (attribute: string, value: string, of = id) =>
      `<pdfx:MSIP_Label_${of}_${attribute}>${value}</pdfx:MSIP_Label_${of}_${attribute}>`;
    const info = `/MSIP_Label_${id}_Enabled(True)/MSIP_Label_${id}_SiteId(${siteId})`;
    const third = '10000000-0000-4000-8000-000000000003';
    const xmp = packet(
      `${stated('Enabled', 'false')}${stated('Name', 'From the packet')}${stated('SiteId', siteId, otherId)}${stated('SiteId', otherSite, third)}`,
    );
    expect(await readLabels(pdf({ info, xmp }))).toMatchObject([
      { id, enabled: true, name: 'From the packet', siteId },
      { id: third, siteId: otherSite },
    ]);
  });

  it('take the place of the tenant’s former label, in any spelling of its texts', async () => {
    const utf16 = Buffer.from(textString('Öffentlich').bytes).toString('hex');
    const info = `/MSIP_Label_${otherId}_SiteId(${siteId})/MSIP_Label_${otherId}_Name<${utf16}>/Author(A)`;
    const labelled = await changeLabels(pdf({ info }), { set: label });
    expect((await readLabels(labelled)).map((each) => each.id)).toEqual([id]);
    expect((await metadataOf(labelled)).properties).toContainEqual(['Author', 'A']);
  });

  it.each([
    ['signed', pdf({ catalog: '/AcroForm<</SigFlags 3/Fields[]>>' }), 'UNSUPPORTED_FORMAT'],
    ['certified', pdf({ catalog: '/Perms<</DocMDP<<>>>>' }), 'UNSUPPORTED_FORMAT'],
    ['encrypted', pdf({ trailer: '/Encrypt<</Filter/Standard>>' }), 'UNSUPPORTED_FORMAT'],
    ['damaged', encodeUtf8('%PDF-1.7\nhello'), 'MALFORMED_CONTAINER'],
    ['without its cross-references', pdf({}).subarray(0, -40), 'MALFORMED_CONTAINER'],
    ['of a packet that cannot be read', pdf({ xmp: '<html>' }), 'MALFORMED_CONTAINER'],
  ])('are not changed in a document that is %s', async (_, bytes, code) => {
    await expect(changeLabels(bytes, { set: label })).rejects.toMatchObject({ code });
    expect(await readLabels(bytes)).toEqual([]);
  });

  it('give an answer or a typed error, whatever is changed in the document', async () => {
    const bytes = await bytesOf(await changeLabels(pdf({ info: '', xmp: packet('') }), { set: label }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        async (changes) => {
          const changed = bytes.slice();
          for (const [at, value] of changes) changed[at] = value;
          await readLabels(changed);
          try {
            const set = await changeLabels(changed, { set: { ...label, name: 'New' } });
            expect(await readLabels(set)).toContainEqual(expect.objectContaining({ id, name: 'New' }));
          } catch (error) {
            if (!(error instanceof SealwrightError)) throw error;
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('labels of a protected PDF', () => {
  it('are carried as Info texts and as a packet that say the same', async () => {
    const labels = await readLabels(await changeLabels(pdf({ info: '' }), { set: label }));
    const carried = containerLabels('pdf', { labelInfo: undefined, properties: labels, labels });
    expect(carried.labelProperties).toContainEqual([`MSIP_Label_${id}_Name`, label.name]);
    const facts = {
      format: 'pdf' as const,
      formatVersion: '2',
      publishingLicense: new Uint8Array(0),
      metadata: carried.metadata!,
      originalExtension: '.pdf',
      originalSize: undefined,
      contentOffset: 0,
      contentLength: undefined,
      cipherModeFor: (licensed: string) => licensed,
    };
    const { labelProperties } = carried;
    for (const each of [
      { ...facts, labelProperties },
      { ...facts, labelProperties: [] },
      { ...facts, labelProperties, metadata: new Uint8Array(0) },
    ])
      expect(readContainerLabels(each)).toEqual(labels);
    expect(containerLabels('pdf', { labelInfo: undefined, properties: [], labels: [] })).toEqual({});
  });
});

const sample = '../shared/data/samples/pdf/testMicrosoftIRMServices.pdf';

describe.skipIf(!existsSync(sample))('the real protected PDF (skipped without ../shared/data)', () => {
  it('states its label in the wrapper, and takes another without a key', async () => {
    const bytes = new Uint8Array(readFileSync(sample));
    const [stated, ...others] = await readLabels(bytes);
    expect(others).toEqual([]);
    expect(stated).toMatchObject({
      id: '9fbde396-1a24-4c79-8edf-9254a0f35055',
      enabled: true,
      method: 'Standard',
    });
    const changed = await changeLabels(bytes, { set: { ...label, siteId: stated!.siteId! } });
    expect((await readLabels(changed)).map((each) => each.id)).toEqual([id]);
    expect(await readLabels(await changeLabels(changed, { remove: 'all' }))).toEqual([]);
  });
});
