import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { memorySource } from '../../../src/bytes/index.ts';
import type { PdfValue } from '../../../src/container/index.ts';
import { recognise } from '../../../src/container/index.ts';
import { readPdf } from '../../../src/container/pdf/read/read-pdf.ts';
import { makePdfs, missingPrograms } from './made-pdfs.test-support.ts';
import {
  checkedByQpdf,
  embeddedByPoppler,
  picturesByPoppler,
  present,
  textByMupdf,
  textByPoppler,
} from './other-readers.test-support.ts';
import { openedPdf, protectedPdf } from './stage.test-support.ts';
import { spellings, telling } from './telling.test-support.ts';

const folder = mkdtempSync(join(tmpdir(), 'sealwright-pdf-'));
afterAll(() => rmSync(folder, { recursive: true }));

const pdfs = makePdfs(folder);
const coverTitle = 'This document is protected';

const saved = (name: string, bytes: Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};

describe('PDFs of many origins', () => {
  it(`are enough of them${missingPrograms.length > 0 ? `; none was made by ${missingPrograms.join(', ')}, which are missing` : ''}`, () => {
    expect(pdfs.length).toBeGreaterThanOrEqual(missingPrograms.length > 0 ? 5 : 40);
  });

  it.each(pdfs.map(({ name, bytes }) => [name, bytes] as const))(
    '%s looks the same after protection and opening, and shows nothing in between',
    async (name, bytes) => {
      const original = saved(`original-${name}`, bytes);
      const sealed = await protectedPdf(bytes);
      const wrapper = saved(`protected-${name}`, sealed);
      const plain = await openedPdf(sealed);
      const opened = saved(`opened-${name}`, plain);

      expect((await recognise(sealed.subarray(0, 4096), memorySource(sealed))).kind).toMatch(/^pdf/);
      await expectNothingOf(bytes, sealed);
      await expectSameObjects(bytes, plain);

      const [checks, pictures, texts] = await Promise.all([
        present.qpdf ? Promise.all([wrapper, opened].map(checkedByQpdf)) : undefined,
        present.poppler ? Promise.all([original, opened].map(picturesByPoppler)) : undefined,
        present.poppler ? Promise.all([original, wrapper].map(textByPoppler)) : undefined,
      ]);
      if (checks !== undefined) {
        expect(checks[0]).toBe('well');
        // What qpdf has to say of the original it may say again.
        if (checks[1] !== 'well') expect(await checkedByQpdf(original)).not.toBe('well');
      }
      if (pictures !== undefined) {
        const [before, after] = pictures as [Buffer, Buffer];
        expect(before.length).toBeGreaterThan(0);
        expect(before.equals(after)).toBe(true);
      }
      if (texts !== undefined) {
        const [before, between] = texts as [string, string];
        if (!/^(?:picture|test)/.test(name)) expect(before).toContain(telling.word);
        expect(between).toContain(coverTitle);
        expect(between).not.toContain(telling.word);
      }
    },
  );

  it.skipIf(!present.mupdf || !present.poppler)(
    'show the cover page alone in MuPDF and poppler, with the payload attached (skipped without them)',
    async () => {
      for (const { name } of pdfs.slice(0, 3)) {
        const wrapper = join(folder, `protected-${name}`);
        const shown = await textByMupdf(wrapper);
        expect(shown).toContain(coverTitle);
        expect(shown).not.toContain(telling.word);
        expect(await embeddedByPoppler(wrapper)).toEqual(['MicrosoftIRMServices Protected PDF.pdf']);
      }
    },
  );
});

/** Of no string and of no stream of the document is anything left, and none of the telling texts. */
async function expectNothingOf(bytes: Uint8Array, sealed: Uint8Array): Promise<void> {
  const haystack = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.length);
  for (const [what, needle] of spellings()) expect(haystack.indexOf(needle), what).toBe(-1);
  const document = await readPdf(memorySource(bytes));
  // The identifier of a file is not encrypted, and old cross-references repeat it.
  const ids = new Set(stringsOf(document.trailer.entries.get('ID') ?? null).map(hexOf));
  for (const { number } of document.entries) {
    const object = await document.object(number);
    if (object === undefined) continue;
    const data = object.data && new Uint8Array(await object.data.read(0, 96));
    if (data !== undefined && data.length >= 32)
      expect(haystack.indexOf(data), `the stream ${number}`).toBe(-1);
    for (const string of stringsOf(object.value)) {
      if (string.length < 12 || ids.has(hexOf(string))) continue;
      expect(haystack.indexOf(string), `a string of ${number}`).toBe(-1);
      expect(haystack.indexOf(hexOf(string)), `a string of ${number}`).toBe(-1);
    }
  }
}

function stringsOf(value: PdfValue): readonly Uint8Array[] {
  if (typeof value !== 'object' || value === null) return [];
  if (value.kind === 'string') return [value.bytes];
  if (value.kind === 'array') return value.items.flatMap(stringsOf);
  return value.kind === 'dictionary' ? [...value.entries.values()].flatMap(stringsOf) : [];
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Every object is what it was, links, forms, attachments, page labels and metadata among them. */
async function expectSameObjects(bytes: Uint8Array, opened: Uint8Array): Promise<void> {
  const [before, after] = await Promise.all([bytes, opened].map((each) => readPdf(memorySource(each))));
  for (const { number } of before!.entries) {
    const object = await before!.object(number);
    if (object === undefined || isStructure(object.value)) continue;
    const same = await after!.object(number);
    expect(withoutLength(same?.value ?? null), `object ${number}`).toEqual(withoutLength(object.value));
    const [data, sameData] = await Promise.all(
      [object, same].map(async (each) => each?.data && new Uint8Array(await each.data.read(0, bytes.length))),
    );
    expect(data === undefined ? sameData : Buffer.compare(data, sameData!), `stream ${number}`).toBe(
      data === undefined ? undefined : 0,
    );
  }
}

/** Lengths may be stated in an object of their own, or not. */
const withoutLength = (value: PdfValue): unknown =>
  typeof value === 'object' && value?.kind === 'dictionary'
    ? [...value.entries].filter(([key]) => key !== 'Length')
    : value;

/** Objects that belong to the file and not to the document: they may be laid out anew. */
function isStructure(value: PdfValue): boolean {
  if (typeof value !== 'object' || value?.kind !== 'dictionary') return false;
  const type = value.entries.get('Type');
  const name = typeof type === 'object' && type?.kind === 'name' ? type.text : '';
  // The hints of a linearized file have no type, but a number where others have a name.
  const hints = value.entries.get('S');
  const isHints = name === '' && typeof hints === 'object' && hints?.kind === 'number';
  return name === 'ObjStm' || name === 'XRef' || value.entries.has('Linearized') || isHints;
}
