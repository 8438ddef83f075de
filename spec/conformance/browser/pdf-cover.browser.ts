import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { madeByAppending } from '../pdf/made-from-others.test-support.ts';
import { openedPdf, protectedPdf } from '../pdf/stage.test-support.ts';
import { telling } from '../pdf/telling.test-support.ts';
import { type OpenPage, openInChromium } from './chromium.ts';
import type * as Page from './pdf-page.ts';

describe('a protected PDF in pdf.js, in headless Chromium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sealwright-pdfjs-'));
  let opened: OpenPage<typeof Page>;
  let original: Uint8Array;
  beforeAll(async () => {
    opened = await openInChromium<typeof Page>(join(import.meta.dirname, 'pdf-page.ts'));
    original = new Uint8Array(readFileSync(join(folder, madeByAppending(folder)[0]!)));
  });
  afterAll(async () => {
    await opened?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('shows the cover page and never the content', async () => {
    const before = await opened.page.seenByPdfjs(original);
    expect(before.text).toContain(telling.word);
    const seen = await opened.page.seenByPdfjs(await protectedPdf(original));
    expect(seen).toMatchObject({ pages: 1, attachments: ['MicrosoftIRMServices Protected PDF.pdf'] });
    expect(seen.text).toContain('This document is protected');
    expect(seen.text).toContain('Dieses Dokument ist geschützt');
    expect(seen.text).not.toContain(telling.word);
    expect(seen.ink).toBeGreaterThan(5000);
    const { COVER_PICTURE } = process.env;
    if (COVER_PICTURE !== undefined) writeFileSync(COVER_PICTURE, Buffer.from(seen.picture));
  });

  it('shows what it did once it is opened', async () => {
    const before = await opened.page.seenByPdfjs(original);
    const after = await opened.page.seenByPdfjs(await openedPdf(await protectedPdf(original)));
    expect(after).toEqual(before);
  });
});
