import { zlibSync } from 'fflate';
import { memorySource } from '../../../src/bytes/index.ts';
import { detectionBytes, recognise } from '../../../src/container/index.ts';
import { readPdfMetadata } from '../../../src/container/pdf/metadata/document-metadata.ts';
import type { PdfDocument, PdfObject, PdfValue } from '../../../src/container/pdf/pdf-document.ts';
import { cursorOver } from '../../../src/container/pdf/read/cursor.ts';
import { parseValue } from '../../../src/container/pdf/read/parse-value.ts';
import { readPdf } from '../../../src/container/pdf/read/read-pdf.ts';
import { buildPdf, type PdfBuilder, withPage } from '../../../src/container/pdf/test/build-pdf.ts';
import { pdfValueBytes } from '../../../src/container/pdf/write-value.ts';
import { SealwrightError } from '../../../src/errors.ts';
import { checkLabels } from '../label-round-trip.ts';
import { opened, openedLength, protectedAndOpened, protectedFile, protectedLength } from '../protection.ts';
import { mustBeSamePdf } from '../same-pdf.ts';
import { filesIn, folders } from '../samples.ts';
import { reshapePdf } from '../shapes/pdf-shape.ts';
import { type FuzzTarget, fileRefusals, must } from '../target.ts';

const name = 'a.pdf';
const modes = ['MICROSOFT.CBC4K', 'MICROSOFT.CBC512.NOPADDING', 'MICROSOFT.ECB'] as const;

/** PDFs: where objects are, each of them and its data; protected, opened, and what they are then. */
export async function pdfTarget(): Promise<FuzzTarget> {
  const real = folders.realPdfs.flatMap((folder) => filesIn(folder, /\.pdf$/));
  const own = generated();
  return {
    refusals: fileRefusals,
    habits: {
      reshape: reshapePdf,
      tokens: [
        ...['obj', 'endobj', 'stream\n', 'endstream', 'xref\n', 'trailer', 'startxref', '<<', '>>', '[', ']'],
        ...[
          '(',
          ')',
          '<',
          '>',
          '%',
          '\\',
          '1 0 R',
          '5 0 R',
          '9 0 R',
          '/Prev 15',
          '/XRefStm 15',
          '/Length 9 0 R',
        ],
        ...['/Type/ObjStm', '/Type/XRef', '/W[1 2 1]', '/Index[0 99999999]', '/Size 8388607', '/N 9999'],
        ...['/First 4', '/Extends 5 0 R', '/Filter/FlateDecode', '/Encrypt 5 0 R', '/Root 1 0 R', '\r', '\n'],
        ...['/DecodeParms<</Predictor 15/Columns 4>>', '1 0 obj', '5 0 obj', '0000000015 00000 n \n'],
      ],
      nests: [
        ['[', ']'],
        ['<</A', '>>'],
        ['(', ')'],
        ['1 0 obj<</A', '>>'],
      ],
    },
    // Small files are changed where it matters more often than large ones.
    samples: [
      ...own,
      ...own.slice(0, 6),
      ...own.slice(7),
      ...real,
      ...(await protectedSamples([...own, ...real])),
      ...labelled(),
    ],
    async check(input, thorough) {
      const source = memorySource(input);
      const { kind } = await recognise(input.subarray(0, detectionBytes), source);
      const document = await readPdf(source);
      const word = await checkObjects(document, input.length, thorough);
      await readPdfMetadata(document);
      if (kind === 'pdf') return `${word}, ${await checkProtected(input, thorough)}`;
      return `${word}, ${await checkPlain(input, document, thorough)}`;
    },
  };
}

/** Opens a protected document; what was opened is a document, and can be protected again. */
async function checkProtected(input: Uint8Array, thorough: boolean): Promise<string> {
  if (!thorough) {
    await openedLength(input, name);
    return 'opened';
  }
  const bytes = await opened(input, name);
  must(!(await readPdf(memorySource(bytes))).encrypted, 'what was opened is encrypted');
  return 'opened';
}

/** Protects a document that is not encrypted, opens it again, and compares. */
async function checkPlain(input: Uint8Array, document: PdfDocument, thorough: boolean): Promise<string> {
  const wanted = {
    name,
    format: 'pdf',
    cipherMode: modes[input.length % modes.length] as (typeof modes)[number],
    settings: { pdf: { wrapper: thorough && input.length % 2 === 0 } },
  } as const;
  if (!thorough) {
    await protectedLength(input, wanted);
    return 'protected';
  }
  await checkLabels(input);
  const again = await readPdf(memorySource(await protectedAndOpened(input, wanted)));
  must(!again.rebuilt, 'what was written has damaged cross-references');
  await mustBeSamePdf(document, again);
  return 'protected';
}

/** Reads all objects: each in every way if that is asked for. */
async function checkObjects(document: PdfDocument, size: number, thorough: boolean): Promise<string> {
  let word = document.rebuilt ? 'rebuilt' : 'read';
  let before = -1;
  for (const { number, offset, inStream } of document.entries) {
    must((offset === undefined) !== (inStream === undefined), 'an object is at two places or at none');
    must((offset ?? before) >= before, 'the objects are not in the order of the file');
    before = offset ?? before;
    if (!(await objectIsSound(document, number, size, thorough))) word = 'read in part';
  }
  await document.resolve(document.trailer.entries.get('Root'));
  if (document.encrypted) await (await document.decrypting(({ data }) => data)).object(1);
  return word;
}

/** Reads one object in every way; `false` if it is refused. */
async function objectIsSound(
  document: PdfDocument,
  number: number,
  size: number,
  thorough: boolean,
): Promise<boolean> {
  let object: PdfObject | undefined;
  try {
    object = await document.object(number);
  } catch (error) {
    if (error instanceof SealwrightError) return false;
    throw error;
  }
  if (object === undefined) return true;
  must(object.number === number, 'another object was read than the one asked for');
  if (thorough) {
    const written = pdfValueBytes(object.value);
    const again: PdfValue = parseValue(cursorOver(written, 0, true));
    must(Buffer.compare(pdfValueBytes(again), written) === 0, 'a value changes when it is written');
  }
  if (object.data === undefined) return true;
  const length = object.data.size ?? -1;
  must(length >= 0 && length <= size, 'a stream is larger than the file');
  must((await object.data.read(0, length)).length === length, 'a stream ends beyond the file');
  try {
    await document.decoded(object, 64 * 1024);
  } catch (error) {
    if (!(error instanceof SealwrightError)) throw error;
  }
  return true;
}

/** Documents protected with the key of the harness, with a cover page and without one. */
async function protectedSamples(documents: readonly Uint8Array[]): Promise<Uint8Array[]> {
  const files: Uint8Array[] = [];
  for (const [i, document] of documents.entries())
    for (const wrapper of i < 3 ? [true, false, false] : [false])
      try {
        files.push(
          await protectedFile(document, {
            name,
            format: 'pdf',
            cipherMode: modes[files.length % modes.length],
            settings: { pdf: { wrapper } },
          }),
        );
      } catch (error) {
        if (!(error instanceof SealwrightError)) throw error;
      }
  return files.filter(({ length }) => length < 60_000);
}

/** Documents with what protection looks at: labels, forms, signatures, attachments, a linearisation dictionary. */
function labelled(): Uint8Array[] {
  const info = '<</Title(a)/MSIP_Label_074e257c-5848-4582-9a6f-34a182080e71_Enabled(True)>>';
  const packet =
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:pdfx="http://ns.adobe.com/pdfx/1.3/"><pdfx:MSIP_Label_074e257c-5848-4582-9a6f-34a182080e71_Enabled>True</pdfx:MSIP_Label_074e257c-5848-4582-9a6f-34a182080e71_Enabled></rdf:Description></rdf:RDF></x:xmpmeta>';
  const catalog =
    '<</Type/Catalog/Pages 2 0 R/Metadata 6 0 R/AcroForm 7 0 R/Names<</EmbeddedFiles<</Kids[9 0 R]>>>>/AF[11 0 R]>>';
  return [
    buildPdf()
      .object(12, '<</Linearized 1/L 2000/H[15 30]/O 3/E 900/N 1/T 1500>>')
      .object(1, catalog)
      .object(2, '<</Type/Pages/Kids[3 0 R]/Count 1>>')
      .object(3, '<</Type/Page/Parent 2 0 R/Contents[4 0 R]/Annots[8 0 R]>>')
      .stream(4, '', 'BT ET', { deflate: true })
      .object(5, info)
      .stream(6, '/Type/Metadata/Subtype/XML', packet)
      .object(7, '<</Fields[8 0 R]/SigFlags 0/XFA[(a)10 0 R]>>')
      .object(8, '<</FT/Sig/T(s)/Kids[13 0 R]>>')
      .object(9, '<</Names[(a)11 0 R]/Limits[(a)(a)]>>')
      .stream(10, '/Type/EmbeddedFile/Filter[/Crypt/FlateDecode]/DecodeParms[<</Name/Identity>>null]', 'x')
      .object(11, '<</Type/Filespec/F(a)/UF(a)/AFRelationship/Data/EF<</F 10 0 R>>>>')
      .object(13, '<</Type/Sig/ByteRange[0 1 2 3]/Contents<00112233>>>')
      .table('/Root 1 0 R/Info 5 0 R/Size 14/ID[<0011><0011>]/Custom<</A(b)>>')
      .end()
      .bytes(),
  ];
}

/** One of each kind of PDF, and a few that were made to harm. */
function generated(): Uint8Array[] {
  const text = 'BT /F1 12 Tf (Hello) Tj ET\n'.repeat(8);
  const page = (): PdfBuilder => withPage(buildPdf(), text);
  const catalog = '<</Type/Catalog/Pages 2 0 R/Version/2.0>>';
  const objects = [
    [1, catalog],
    [2, '<</Type/Pages/Kids[3 0 R]/Count 1>>'],
    [3, '<</Type/Page/Parent 2 0 R/Contents 4 0 R/T(a \\(string\\) \\101)/U<feff0041>>>'],
  ] as const;
  const inStreams = (): PdfBuilder =>
    buildPdf()
      .objectStream(5, objects.slice(0, 2))
      .objectStream(6, objects.slice(2), { entries: '/Extends 5 0 R' })
      .stream(4, '', text, { deflate: true });
  const updated = page()
    .table('/Root 1 0 R/Size 5')
    .end()
    .object(5, '(one)')
    .table('/Root 1 0 R/Size 6')
    .end();
  updated
    .free(5)
    .objectStream(7, [[6, '[1 2.5 null true]']])
    .crossReferences(8, '/Root 1 0 R/Size 9')
    .end();
  const hybrid = page().objectStream(6, [[5, '(hidden)']]);
  const at = hybrid.length;
  hybrid
    .stream(7, '/Type/XRef/W[1 1 1]/Index[5 1]/Size 8', Uint8Array.of(2, 6, 0))
    .free(5)
    .free(7);
  const bomb = zlibSync(new Uint8Array(1024 * 1024), { level: 9 });
  const bombs = page();
  for (let number = 10; number < 14; number++) {
    bombs.stream(number, '/Type/ObjStm/N 1/First 4/Filter/FlateDecode', bomb);
    bombs.pending.set(number + 10, { stream: number, index: 0 });
  }
  const circles = page()
    .object(5, '6 0 R')
    .object(6, '5 0 R')
    .stream(7, '/Filter 5 0 R', text, { length: '7 0 R' });
  const junk = withPage(buildPdf(`${'junk '.repeat(30)}%PDF-1.4\r\n`));
  return [
    page().table('/Root 1 0 R/Size 5').end(),
    inStreams().crossReferences(9, '/Root 1 0 R/Size 10', { predictor: true }).end(),
    inStreams().crossReferences(9, '/Root 1 0 R/Size 10/Encrypt<</Filter/MicrosoftIRMServices>>').end(),
    inStreams().end(3),
    updated,
    hybrid.table(`/Root 1 0 R/Size 8/XRefStm ${at}`).end(),
    bombs.crossReferences(9, '/Root 1 0 R/Size 99').end(),
    circles.table('/Root 1 0 R/Size 8', { prev: 15 }).end(),
    junk.table('/Root 1 0 R/Size 5').end(),
    page()
      .stream(5, '', page().table('/Root 1 0 R').end().bytes(), { length: '3' })
      .raw('trailer<</Root 1 0 R>>'),
  ].map((builder) => builder.bytes());
}
