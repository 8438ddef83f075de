import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, encodeUtf8, memorySource } from '../../../../bytes/index.ts';
import type { PdfDictionary, PdfDocument } from '../../pdf-document.ts';
import { asCount, asDictionary, itemsOf } from '../../read/dictionary.ts';
import { readPdf } from '../../read/read-pdf.ts';
import type { PdfCover } from '../../settings.ts';
import { buildPdf } from '../../test/build-pdf.ts';
import { wrapped } from '../write-wrapper.ts';
import { coverLanguages, coverText } from './cover-texts.ts';
import { widthOf, winAnsi } from './helvetica.ts';
import { layoutCover, margin, papers } from './layout.ts';
import { setBalanced, setParagraph } from './set-text.ts';

async function documentWith(cover: PdfCover): Promise<PdfDocument> {
  const parts: Uint8Array[] = [];
  const payload = { size: 1, writeTo: async () => 0 };
  await wrapped(payload, { cover }).writeTo({ write: (part) => void parts.push(part.slice()) });
  return readPdf(memorySource(concatBytes(parts)));
}

async function pagesOf(document: PdfDocument): Promise<readonly PdfDictionary[]> {
  const catalog = asDictionary(await document.resolve(document.trailer.entries.get('Root')))!;
  const pages = asDictionary(await document.resolve(catalog.entries.get('Pages')))!;
  const kids = itemsOf(await document.resolve(pages.entries.get('Kids')));
  expect(asCount(pages.entries.get('Count'))).toBe(kids.length);
  return Promise.all(kids.map(async (kid) => asDictionary(await document.resolve(kid))!));
}

/** What a page draws. */
async function drawnOn(document: PdfDocument, page: PdfDictionary): Promise<string> {
  const contents = page.entries.get('Contents');
  if (typeof contents !== 'object' || contents?.kind !== 'reference') return '';
  return Buffer.from(await document.decoded((await document.object(contents.number))!, 100_000)).toString(
    'latin1',
  );
}

/** The text that a page shows, as it stands in WinAnsiEncoding. */
const textOf = (drawing: string): string =>
  [...drawing.matchAll(/\(((?:[^\\)]|\\.)*)\) Tj/g)]
    .map(([, text]) =>
      text!.replace(/\\(?:([0-7]{3})|(.))/g, (_, digits, character) =>
        digits === undefined ? character : String.fromCharCode(Number.parseInt(digits, 8)),
      ),
    )
    .join('');

const paragraphs = (text: {
  readonly title: string;
  readonly paragraphs: readonly string[];
}): readonly string[] => [text.title, ...text.paragraphs];

describe('the cover page', () => {
  it('is one page in every language, English first', async () => {
    const document = await documentWith({});
    const [page, ...others] = await pagesOf(document);
    expect(others).toEqual([]);
    const text = textOf(await drawnOn(document, page!));
    let last = -1;
    for (const language of coverLanguages)
      for (const paragraph of paragraphs(coverText(language)!)) {
        const at = text.indexOf(Buffer.from(winAnsi(paragraph)!).toString('latin1'), last + 1);
        expect(at, `${language}: ${paragraph}`).toBeGreaterThan(last);
        last = at;
      }
  });

  it('sets the languages it is told to, the first one large, and says which they are', async () => {
    const document = await documentWith({ languages: ['fr', 'de'], paper: 'letter' });
    const [page] = await pagesOf(document);
    const drawing = await drawnOn(document, page!);
    const text = textOf(drawing);
    expect(text.startsWith('Ce document est prot\xe9g\xe9')).toBe(true);
    expect(text).toContain('Dieses Dokument ist gesch\xfctzt');
    expect(text).not.toContain('This document');
    expect(drawing.indexOf('28 Tf')).toBeLessThan(drawing.indexOf('14 Tf'));
    expect(drawing.indexOf('28 Tf')).toBeGreaterThan(-1);
    const catalog = asDictionary(await document.resolve(document.trailer.entries.get('Root')))!;
    expect(catalog.entries.get('Lang')).toEqual({ kind: 'string', bytes: encodeUtf8('fr') });
  });

  it.each(['a4', 'letter'] as const)('is one page of %s whatever language comes first', (paper) => {
    for (const first of coverLanguages) {
      const languages = [first, ...coverLanguages.filter((other) => other !== first)];
      const sheets = layoutCover(
        languages.map((language) => coverText(language)!),
        paper,
      );
      expect(sheets, first).toHaveLength(1);
      for (const { y, leading, lines } of sheets[0]!.paragraphs)
        expect(y - leading * (lines.length - 1), first).toBeGreaterThan(46);
    }
  });

  it('has a title of its own for every language', () => {
    const titles = coverLanguages.map((language) => coverText(language)!.title);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it('adds less than nine thousand bytes to a document', async () => {
    const parts: Uint8Array[] = [];
    await wrapped({ size: 0, writeTo: async () => 0 }).writeTo({
      write: (part) => void parts.push(part.slice()),
    });
    expect(concatBytes(parts).length).toBeLessThan(9000);
  });

  it('sets brackets and backslashes of a text as they are', async () => {
    const texts = [{ language: 'en', title: 'a) (b \\ c\\051', paragraphs: [] }];
    const document = await documentWith({ texts });
    const [page] = await pagesOf(document);
    expect(textOf(await drawnOn(document, page!))).toBe(texts[0]!.title);
  });

  it('leaves no word alone on a last line where it can, and takes no more lines for that', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{1,9}$/), { minLength: 2, maxLength: 60 }),
        fc.integer({ min: 120, max: 500 }),
        (words, width) => {
          const style = { face: 'regular', size: 10, leading: 12 } as const;
          const codes = winAnsi(words.join(' '))!;
          const [plain, balanced] = [setParagraph(codes, width, style), setBalanced(codes, width, style)];
          expect(balanced.lines.length).toBe(plain.lines.length);
          expect(balanced.lines.map((line) => Buffer.from(line).toString('latin1').trim()).join(' ')).toBe(
            words.join(' '),
          );
          const last = ({ lines }: typeof plain): number => widthOf(lines.at(-1)!, 'regular', 10);
          expect(last(balanced)).toBeGreaterThanOrEqual(last(plain));
        },
      ),
    );
  });

  it('says what a caller wants it to say', async () => {
    const texts = [{ language: 'sv', title: 'Skyddat – “©”', paragraphs: ['Fråga   avsändaren\n om €.'] }];
    const document = await documentWith({ texts });
    const [page] = await pagesOf(document);
    const text = textOf(await drawnOn(document, page!));
    expect(text).toBe('Skyddat \x96 \x93\xa9\x94Fr\xe5ga avs\xe4ndaren om \x80.');
  });

  it('keeps every line within the margins, and goes on to further pages where there is much to say', () => {
    const words = fc.string({ unit: fc.constantFrom('m', 'i', 'W', ' ', 'é'), maxLength: 400 });
    const text = fc.record({
      language: fc.constant('en'),
      title: words,
      paragraphs: fc.array(words, { maxLength: 6 }),
    });
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 1, maxLength: 12 }),
        fc.constantFrom('a4', 'letter'),
        (texts, paper) => {
          const { width, height } = papers[paper];
          for (const { paragraphs } of layoutCover(texts, paper))
            for (const { x, y, lines, face, size } of paragraphs)
              for (const line of lines) {
                expect(x).toBeGreaterThanOrEqual(margin);
                expect(x + widthOf(line, face, size)).toBeLessThanOrEqual(width - margin + 0.01);
                expect(y).toBeLessThan(height);
              }
        },
      ),
      { numRuns: 60 },
    );
    const long = Array.from({ length: 40 }, () => coverText('en')!);
    const sheets = layoutCover(long, 'a4');
    expect(sheets.length).toBeGreaterThan(1);
    expect(sheets.flatMap(({ paragraphs }) => paragraphs)).toHaveLength(40 * 4);
    for (const { paragraphs } of sheets)
      for (const { y, lines, leading } of paragraphs)
        expect(y - leading * (lines.length - 1)).toBeGreaterThan(40);
  });

  it('loses no word where lines are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{1,30}$/), { minLength: 1 }),
        fc.integer({ min: 5, max: 300 }),
        (words, width) => {
          const codes = winAnsi(words.join(' '))!;
          const { lines } = setParagraph(codes, width, { face: 'regular', size: 10, leading: 12 });
          const joined = lines
            .map((line) => Buffer.from(line).toString('latin1'))
            .join('')
            .replaceAll(' ', '');
          expect(joined).toBe(words.join(''));
        },
      ),
    );
  });

  it.each<[string, PdfCover]>([
    ['a language there is no text in', { languages: ['en', 'tlh' as 'en'] }],
    ['a language that is a name of JavaScript', { languages: ['constructor' as 'en'] }],
    ['no language', { languages: [] }],
    ['no text', { texts: [] }],
    [
      'characters that not every reader can show',
      { texts: [{ language: 'ja', title: '保護', paragraphs: [] }] },
    ],
    ['an unknown paper', { paper: 'toString' as 'a4' }],
  ])('is refused for %s before anything is written', (_, cover) => {
    expect(() => wrapped({ size: 1, writeTo: async () => 0 }, { cover })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });
});

const own = (
  objects: (builder: ReturnType<typeof buildPdf>) => unknown,
  trailer = '/Root 1 0 R',
): Uint8Array => {
  const builder = buildPdf();
  objects(builder);
  return builder.table(trailer).end().bytes();
};

describe('a cover page of one’s own', () => {
  const twoPages = own((pdf) =>
    pdf
      .object(1, '<</Type/Catalog/Pages 2 0 R/Outlines 9 0 R/OpenAction 9 0 R>>')
      .object(
        2,
        '<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]/MediaBox[0 0 200 100]/Rotate 90/Resources<</Font<</F 6 0 R>>>>>>',
      )
      .object(
        3,
        '<</Type/Page/Parent 2 0 R/Contents 5 0 R/Annots[<</Subtype/Link/P 3 0 R/Dest[4 0 R/Fit]>>]>>',
      )
      .object(4, '<</Type/Page/Parent 2 0 R/MediaBox[0 0 50 50]/Contents 5 0 R>>')
      .stream(5, '', 'BT /F 9 Tf (Our cover) Tj ET')
      .object(6, '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>')
      .object(9, '<</Title(left behind)>>'),
  );

  it('has the pages of the document with what they take from above, and nothing else of it', async () => {
    const document = await documentWith({ document: twoPages });
    const pages = await pagesOf(document);
    expect(pages).toHaveLength(2);
    const boxes = pages.map(({ entries }) => itemsOf(entries.get('MediaBox')).map(asCount));
    expect(boxes).toEqual([
      [0, 0, 200, 100],
      [0, 0, 50, 50],
    ]);
    for (const page of pages) {
      expect(asCount(page.entries.get('Rotate'))).toBe(90);
      expect(await drawnOn(document, page)).toContain('(Our cover)');
      const resources = asDictionary(page.entries.get('Resources'))!;
      const font = asDictionary(resources.entries.get('Font'))!.entries.get('F');
      expect(asDictionary(await document.resolve(font))!.entries.has('BaseFont')).toBe(true);
    }
    const catalog = asDictionary(await document.resolve(document.trailer.entries.get('Root')))!;
    for (const key of ['Outlines', 'OpenAction']) expect(catalog.entries.has(key)).toBe(false);
    for (const { number } of document.entries)
      expect(JSON.stringify((await document.object(number))!.value)).not.toContain('Title');
  });

  it.each([
    ['no PDF', encodeUtf8('hello')],
    ['nothing', new Uint8Array(0)],
    [
      'encrypted',
      own((pdf) => pdf.object(1, '<</Type/Catalog>>'), '/Root 1 0 R/Encrypt<</Filter/Standard>>'),
    ],
    [
      'without pages that can be found',
      own((pdf) =>
        pdf.object(1, '<</Type/Catalog/Pages 2 0 R>>').object(2, '<</Type/Pages/Kids[2 0 R 2 0 R]>>'),
      ),
    ],
    ['larger than a cover may be', new Uint8Array(16 * 1024 * 1024 + 1)],
  ])('is refused before anything is written if it is %s', async (_, document) => {
    const write = () => {
      throw new Error('was written');
    };
    const writer = wrapped({ size: 1, writeTo: async () => 0 }, { cover: { document } });
    await expect(writer.writeTo({ write })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('makes no endless file of objects that lead into each other', async () => {
    const document = own((pdf) =>
      pdf
        .object(1, '<</Type/Catalog/Pages 2 0 R>>')
        .object(2, '<</Type/Pages/Kids[3 0 R 2 0 R 3 0 R]/MediaBox[0 0 9 9]>>')
        .object(3, '<</Type/Page/Parent 2 0 R/Resources 4 0 R/X 1 0 R>>')
        .object(4, '<</A 5 0 R/B 4 0 R>>')
        .object(5, '[4 0 R 3 0 R 2 0 R]'),
    );
    expect(await pagesOf(await documentWith({ document }))).toHaveLength(1);
  });
});
