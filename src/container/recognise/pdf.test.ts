import { describe, expect, it } from 'vitest';
import { type ByteSource, encodeUtf8, memorySource } from '../../bytes/index.ts';
import { detectionBytes } from '../container-format.ts';
import { bytesOf, protectedBytes, sample, samplesPresent } from '../pdf/protect/protect.test-support.ts';
import { buildPdf, latin1, type PdfBuilder, withPage } from '../pdf/test/build-pdf.ts';
import { fileBytes, realPdfs } from '../pdf/test/tools.ts';
import { type WrapperContents, wrapped } from '../pdf/wrapper/write-wrapper.ts';
import { type RecognisedInput, recognise } from './recognise.ts';

/** What it is, and how many bytes were read beside the head, each as often as it was read. */
async function recognised(
  bytes: Uint8Array,
): Promise<{ readonly kind: RecognisedInput; readonly read: number }> {
  const inner = memorySource(bytes);
  let read = 0;
  const source: ByteSource = {
    size: inner.size,
    seekable: true,
    read(offset, length, options) {
      read += Math.max(0, Math.min(length, bytes.length - offset));
      return inner.read(offset, length, options);
    },
    slice: () => {
      throw new Error('what a slice reads is not counted');
    },
  };
  const { kind } = await recognise(bytes.subarray(0, detectionBytes), source);
  return { kind, read };
}

const kindOf = async (bytes: Uint8Array): Promise<RecognisedInput> => (await recognised(bytes)).kind;

const wrapperOf = async (payload: Uint8Array, contents: WrapperContents = {}): Promise<Uint8Array> =>
  bytesOf(
    wrapped(
      {
        size: payload.length,
        writeTo: async (sink) => {
          await sink.write(payload);
          return payload.length;
        },
      },
      contents,
    ),
  );

const inTable = (objects: PdfBuilder, trailer: string): Uint8Array =>
  objects.table(`/Size 9/Root 1 0 R${trailer}`).end().bytes();
const inStream = (objects: PdfBuilder, trailer: string): Uint8Array =>
  objects.crossReferences(9, `/Size 10/Root 1 0 R${trailer}`, { predictor: true }).end().bytes();

describe('a PDF that version 1 protected', () => {
  const license = '/PublishingLicense(eJwDAAAAAAE=)';
  it.each([
    ['with its version', `<</Filter/MicrosoftIRMServices/V 4/MicrosoftIRMVersion 1${license}>>`],
    ['with a version below 1', `<</Filter/MicrosoftIRMServices/V 1/MicrosoftIRMVersion 0.9${license}>>`],
    ['without a version', `<</Filter/MicrosoftIRMServices/V 1${license}>>`],
    ['with the handler in other letters', `<</Filter/MICROSOFTIrmServices/V 1${license}>>`],
    ['with the handler in escapes', `<</Filter/Microsoft#49RMServices/V 1${license}>>`],
    [
      'with much before the handler',
      `<</V 1/PublishingLicense(${'A'.repeat(80_000)})/Filter/MicrosoftIRMServices>>`,
    ],
  ])('is told %s', async (_, dictionary) => {
    for (const [references, trailer] of [
      [inTable, ''],
      [inStream, ''],
    ] as const) {
      const apart = references(
        withPage(buildPdf()).object(5, dictionary),
        `${trailer}/Encrypt 5 0 R/ID[(0)(1)]`,
      );
      expect(await kindOf(apart)).toBe('pdf');
      expect(await kindOf(references(withPage(buildPdf()), `/Encrypt${dictionary}/ID[(0)(1)]`))).toBe('pdf');
    }
  });

  it('is told where its cross-references are lost', async () => {
    const dictionary = `<</Filter/MicrosoftIRMServices/V 1${license}>>`;
    const text = Buffer.from(
      inTable(withPage(buildPdf()).object(5, dictionary), '/Encrypt 5 0 R/ID[(0)(1)]'),
    ).toString('latin1');
    expect(await kindOf(latin1(text.replace(/startxref\n\d+/, 'startxref\n3')))).toBe('pdf');
  });

  it('is not taken for one with a password, nor the other way around', async () => {
    const other = '<</Filter/Standard/V 5/R 6/Sub(MicrosoftIRMServices)>>';
    expect(await kindOf(inTable(withPage(buildPdf()).object(5, other), '/Encrypt 5 0 R/ID[(0)(1)]'))).toBe(
      'pdf-password',
    );
  });
});

describe('a PDF that is not protected', () => {
  /** Pictures as a scanner leaves them: much data, few objects. */
  const scanned = (references: typeof inTable, data: Uint8Array): Uint8Array =>
    references(
      withPage(buildPdf())
        .stream(5, '/Type/XObject/Subtype/Image/Width 1/Height 1', data)
        .stream(6, '/Type/XObject/Subtype/Image/Width 1/Height 1', data)
        .stream(7, '/Type/Metadata/Subtype/XML', '<x/>'),
      '',
    );
  const noise = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * 73 + (i >> 7)) & 0xff);

  it.each([
    ['a table', inTable],
    ['a stream', inStream],
  ] as const)(
    'is told from 24 KiB of six million bytes, with cross-references in %s',
    async (_, references) => {
      const bytes = scanned(references, noise);
      expect(bytes.length).toBeGreaterThan(6_000_000);
      const { kind, read } = await recognised(bytes);
      expect(kind).toBe('plain');
      expect(read).toBeLessThanOrEqual(24 * 1024);
    },
  );

  it('is told from its cross-references and little else where it has ten thousand objects', async () => {
    const builder = withPage(buildPdf());
    for (let number = 5; number < 10_000; number++) builder.object(number, `<</A(${'x'.repeat(200)})>>`);
    const { kind, read } = await recognised(builder.table('/Size 10000/Root 1 0 R').end().bytes());
    expect(kind).toBe('plain');
    // Each takes twenty bytes in the table.
    expect(read).toBeLessThanOrEqual(20 * 10_000 + 32 * 1024);
  });

  it('is told whatever it has attached, and whatever it writes about', async () => {
    const filespec = (name: string, rest = '') => `<</Type/Filespec/F(${name})/EF<</F 6 0 R>>${rest}>>`;
    const attached = (name: string, rest = '', catalog = '') =>
      inTable(
        buildPdf()
          .object(
            1,
            `<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(${name})5 0 R]>>>>${catalog}>>`,
          )
          .object(2, '<</Type/Pages/Kids[]/Count 0>>')
          .object(5, filespec(name, rest))
          .stream(
            6,
            '/Type/EmbeddedFile',
            'MicrosoftIRMServices /Filter/MicrosoftIRMServices /EncryptedPayload',
          ),
        '',
      );
    expect(await kindOf(attached('table.xlsx'))).toBe('plain');
    expect(await kindOf(attached('About MicrosoftIRMServices Protected PDF.pdf'))).toBe('plain');
    expect(await kindOf(attached('a.pdf', '/AFRelationship/Data', '/AF[5 0 R]/Collection<</View/H>>'))).toBe(
      'plain',
    );
    const others = '/AFRelationship/EncryptedPayload/EP<</Subtype/OtherHandler>>';
    expect(await kindOf(attached('MicrosoftIRMServices Protected PDF.pdf', others, '/AF[5 0 R]'))).toBe(
      'plain',
    );
    expect(await kindOf(attached('MicrosoftIRMServices Protected PDF.pdf'))).toBe('pdf');
  });
});

describe('a wrapper', () => {
  it('is told from its beginning and its end, however large its payload is', async () => {
    const payload = new Uint8Array(5_000_000);
    const labels = { metadata: encodeUtf8('<x/>'), labelProperties: [['MSIP_Label_x_Name', 'x']] } as const;
    for (const contents of [{}, labels]) {
      const { kind, read } = await recognised(await wrapperOf(payload, contents));
      expect(kind).toBe('pdf');
      expect(read).toBeLessThanOrEqual(32 * 1024);
    }
  });

  it('is told where it was cut anywhere in its payload or behind it', async () => {
    const payload = await protectedBytes(inTable(withPage(buildPdf()), ''));
    const bytes = await wrapperOf(payload);
    const start = Buffer.from(bytes).indexOf(payload);
    for (let length = start; length < bytes.length; length += 97)
      expect(await kindOf(bytes.subarray(0, length)), `${length} bytes`).toBe('pdf');
  });

  it('holds a payload that is told too, when it is taken out', async () => {
    expect(await kindOf(await protectedBytes(inTable(withPage(buildPdf()), '')))).toBe('pdf');
    expect(await kindOf(await protectedBytes(inStream(withPage(buildPdf()), '')))).toBe('pdf');
  });
});

describe.skipIf(!samplesPresent)('real PDFs (skipped without ../shared/data)', () => {
  it('are told from 40 KiB, protected or not', async () => {
    for (const path of realPdfs('plaintext')) {
      const { kind, read } = await recognised(fileBytes(path));
      expect(kind, path).toBe('plain');
      expect(read, path).toBeLessThanOrEqual(40 * 1024);
    }
    const { kind, read } = await recognised(sample('pdf/testMicrosoftIRMServices.pdf'));
    expect(kind).toBe('pdf');
    expect(read).toBeLessThanOrEqual(40 * 1024);
  });
});
