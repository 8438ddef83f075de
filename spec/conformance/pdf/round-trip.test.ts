import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type ByteSink, memorySource } from '../../../src/bytes/index.ts';
import { recognise } from '../../../src/container/index.ts';
import { wrapped } from '../../../src/container/pdf/wrapper/write-wrapper.ts';
import { leaks } from './leaks.test-support.ts';
import { makePdfs, missingPrograms } from './made-pdfs.test-support.ts';
import { picturesOfAll, present, seenByOthers, textByMupdf } from './other-readers.test-support.ts';
import { differences } from './same-objects.test-support.ts';
import { openedPdf, protectedPdf } from './stage.test-support.ts';
import { telling } from './telling.test-support.ts';
import { written } from './written.test-support.ts';

const folder = mkdtempSync(join(tmpdir(), 'sealwright-pdf-'));
afterAll(() => rmSync(folder, { recursive: true }));

const saved = (name: string, bytes: Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};

const nothing = { size: 0, writeTo: async () => 0 };
const empty = new Uint8Array(0);

const pdfs = await makePdfs(folder);

/** What others see of the documents; they look while the documents are protected and opened. */
const before = seenByOthers(
  pdfs.map(({ name, bytes }) => saved(`original-${name}`, bytes)),
  ['pictures'],
);

const trips: { readonly sealed: Uint8Array; readonly plain: Uint8Array; readonly failure?: unknown }[] = [];
for (const { bytes } of pdfs) {
  try {
    const sealed = await protectedPdf(bytes);
    trips.push({ sealed, plain: await openedPdf(sealed) });
  } catch (failure) {
    trips.push({ sealed: empty, plain: empty, failure });
  }
}
const wrappers = trips.map(({ sealed }, i) => saved(`protected-${pdfs[i]!.name}`, sealed));
const opened = trips.map(({ plain }, i) => saved(`opened-${pdfs[i]!.name}`, plain));

/** A wrapper of nothing: what readers show of it is the cover page, and all that they may show of any other. */
const cover = saved('cover.pdf', await written(wrapped(nothing)));

/** Documents that are covers too, and the wrappers with them. */
const covering = pdfs.flatMap((pdf, i) =>
  /^(?:latex-(?:links|form)|cairo-(?:gradient|pages|tagged)|ghostscript-1\.7|writer|qpdf-(?:linearized|rotated)|mutool-merged|picture-jpeg|appended|says-everything)\.pdf$/.test(
    pdf.name,
  )
    ? [[pdf.name, i, pdf.bytes] as const]
    : [],
);
const covers: string[] = [];
for (const [name, , document] of covering)
  covers.push(saved(`cover-${name}`, await written(wrapped(nothing, { cover: { document } }))));

const shown = [cover, ...wrappers];
const [
  originals,
  [coverSeen, ...between],
  [coverPicture, ...pictures],
  [coverText, ...texts],
  after,
  coversSeen,
] = await Promise.all([
  before,
  seenByOthers(shown, ['check', 'text']),
  present.poppler ? picturesOfAll(shown, join(folder, 'united.pdf')) : [],
  present.mupdf ? Promise.all([textByMupdf([cover]), textByMupdf(wrappers)]) : [],
  seenByOthers(opened, ['check', 'pictures']),
  seenByOthers(covers, ['check', 'pictures']),
]);

describe('PDFs of many origins', () => {
  it(`are enough of them${missingPrograms.length > 0 ? `; none was made by ${missingPrograms.join(', ')}, which are missing` : ''}`, () => {
    expect(pdfs.length).toBeGreaterThanOrEqual(missingPrograms.length > 0 ? 7 : 40);
  });

  it('say what is searched for, and it is found where nothing is encrypted', async () => {
    const { bytes } = pdfs.find(({ name }) => name === 'says-everything.pdf')!;
    const writer = {
      size: bytes.length,
      writeTo: async (sink: ByteSink) => {
        await sink.write(bytes);
        return bytes.length;
      },
    };
    const found = await leaks(bytes, await written(wrapped(writer)));
    for (const what of [...Object.keys(telling), '<?xpacket', 'stream 4', 'a string of'])
      expect(
        found.some((leak) => leak.startsWith(what)),
        what,
      ).toBe(true);
    for (const how of [
      'UTF-8',
      'UTF-16BE',
      'PDFDocEncoding',
      'hexadecimal UTF-16BE',
      'octal escapes',
      'an address',
    ])
      expect(
        found.some((leak) => leak.includes(` in ${how}`)),
        how,
      ).toBe(true);
  });

  it.each(pdfs.map((pdf, i) => [pdf.name, pdf, i] as const))(
    '%s looks the same after protection and opening, and shows nothing in between',
    async (_, { bytes }, i) => {
      const { sealed, plain, failure } = trips[i]!;
      if (failure !== undefined) throw failure;
      expect((await recognise(sealed.subarray(0, 4096), memorySource(sealed))).kind).toBe('pdf');
      expect(await leaks(bytes, sealed)).toEqual([]);
      expect(await differences(bytes, plain)).toEqual([]);

      const [was, seen, is] = [originals[i]!, between[i]!, after[i]!];
      if (present.qpdf) expect(seen.check).toBe('well');
      // What qpdf has to say of the original it may say again.
      if (present.qpdf && is.check !== 'well') {
        const [same] = await seenByOthers([join(folder, `original-${pdfs[i]!.name}`)], ['check']);
        expect(same?.check).not.toBe('well');
      }
      if (!present.poppler) return;
      expect(seen.text).toBe(coverSeen!.text);
      // Not by an expectation of equality, which takes long over pictures.
      expect(pictures[i]!.equals(coverPicture!)).toBe(true);
      expect(was.pictures!.length).toBeGreaterThan(0);
      expect(was.pictures!.equals(is.pictures!)).toBe(true);
    },
  );

  it.skipIf(!present.poppler || !present.mupdf)(
    'show a cover page that can be read, with the payload attached (skipped without poppler and MuPDF)',
    async () => {
      for (const text of [coverSeen?.text, coverText]) {
        expect(text).toContain('This document is protected');
        expect(text).toContain('Dieses Dokument ist geschützt');
        for (const said of Object.values(telling)) expect(text).not.toContain(said);
      }
      // All of them alike, and each of one page.
      expect(texts).toEqual([coverText!.repeat(wrappers.length)]);
      expect(pictures).toHaveLength(wrappers.length);
      // A page of A4 in 36 dots to the inch, with enough of it dark.
      const header = 'P5\n298 421\n255\n';
      expect(coverPicture!.subarray(0, header.length).toString()).toBe(header);
      expect(coverPicture!.filter((shade) => shade < 128).length).toBeGreaterThan(1000);
      const attached = await seenByOthers(wrappers.slice(0, 3), ['embedded']);
      for (const { embedded } of attached)
        expect(embedded).toEqual(['MicrosoftIRMServices Protected PDF.pdf']);
    },
  );
});

describe.skipIf(!present.poppler || !present.qpdf)(
  'a PDF of one’s own as the cover (skipped without poppler and qpdf)',
  () => {
    it.each(covering.map(([name, document], i) => [name, document, i] as const))(
      '%s is shown page by page as it was',
      (_, document, i) => {
        expect(coversSeen[i]!.check).toBe('well');
        expect(coversSeen[i]!.pictures!.equals(originals[document]!.pictures!)).toBe(true);
      },
    );
  },
);
