import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wrapped } from '../../../src/container/pdf/wrapper/write-wrapper.ts';
import { type MadePdf, makePdfs } from '../pdf/made-pdfs.test-support.ts';
import { openedPdf, protectedPdf } from '../pdf/stage.test-support.ts';
import { telling } from '../pdf/telling.test-support.ts';
import { written } from '../pdf/written.test-support.ts';
import { type OpenPage, openInChromium } from './chromium.ts';
import type * as Page from './pdf-page.ts';

const nothing = { size: 0, writeTo: async () => 0 };
const attached = 'MicrosoftIRMServices Protected PDF.pdf';

describe('PDFs of many origins in pdf.js, in headless Chromium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sealwright-pdfjs-'));
  let opened: OpenPage<typeof Page>;
  let pdfs: readonly MadePdf[];
  /** What is read in the documents as they are. */
  let before: readonly Page.ReadPdf[];
  beforeAll(async () => {
    [opened, pdfs] = await Promise.all([
      openInChromium<typeof Page>(join(import.meta.dirname, 'pdf-page.ts')),
      makePdfs(folder),
    ]);
    before = await read(pdfs.map(({ bytes }) => bytes));
  });
  afterAll(async () => {
    await opened?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** In as many calls as keep each of them small. */
  async function read(files: readonly Uint8Array[]): Promise<readonly Page.ReadPdf[]> {
    const all: Page.ReadPdf[] = [];
    for (let at = 0; at < files.length; at += 8)
      all.push(...(await opened.page.readByPdfjs(files.slice(at, at + 8))));
    return all;
  }

  it('show a cover page that can be read', async () => {
    const seen = await opened.page.seenByPdfjs(await written(wrapped(nothing)));
    expect(seen).toMatchObject({ pages: 1, attachments: [attached] });
    expect(seen.text).toContain('This document is protected');
    expect(seen.text).toContain('Dieses Dokument ist geschützt');
    expect(seen.ink).toBeGreaterThan(10_000);
    const { COVER_PICTURE } = process.env;
    if (COVER_PICTURE !== undefined) writeFileSync(COVER_PICTURE, Buffer.from(seen.picture, 'base64'));
  });

  it('show nothing else while they are protected, and after opening what they did before', async () => {
    const sealed: Uint8Array[] = [];
    const plain: Uint8Array[] = [];
    for (const { bytes } of pdfs) {
      sealed.push(await protectedPdf(bytes));
      plain.push(await openedPdf(sealed.at(-1)!));
    }
    const [cover] = await read([await written(wrapped(nothing))]);
    const [between, after] = [await read(sealed), await read(plain)];
    expect(pdfs.length).toBeGreaterThan(5);
    pdfs.forEach(({ name, tells }, i) => {
      if (tells) expect(before[i]!.text, name).toContain(telling.word);
      expect(between[i], name).toEqual(cover);
      expect(after[i], name).toEqual(before[i]);
    });
    expect(cover!.text).not.toContain(telling.word);
  });

  it('look the same in a picture after opening', async () => {
    const { bytes } = pdfs.find(({ name }) => name === 'appended.pdf')!;
    const seen = await opened.page.seenByPdfjs(bytes);
    expect(seen.ink).toBeGreaterThan(500);
    expect(await opened.page.seenByPdfjs(await openedPdf(await protectedPdf(bytes)))).toEqual(seen);
  });

  it('are shown page by page as they were where they are the cover of another', async () => {
    const covers: Uint8Array[] = [];
    for (const { bytes } of pdfs)
      covers.push(await written(wrapped(nothing, { cover: { document: bytes } })));
    const between = await read(covers);
    pdfs.forEach(({ name }, i) => {
      const { pages, text } = before[i]!;
      expect(between[i], name).toEqual({ pages, text, attachments: [attached] });
    });
  });
});
