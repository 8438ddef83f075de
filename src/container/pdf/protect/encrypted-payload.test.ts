import { describe, expect, it } from 'vitest';
import { memorySource } from '../../../bytes/index.ts';
import { readPdf } from '../read/read-pdf.ts';
import { rewritten } from '../rewrite/rewritten.ts';
import {
  bytesOf,
  objectsOf,
  openedBytes,
  plaintextPdfs,
  protectedBytes,
  qpdfPresent,
  runOn,
  sample,
  samplesPresent,
} from './protect.test-support.ts';

describe.skipIf(!samplesPresent || !qpdfPresent)('real PDFs', () => {
  it.each(plaintextPdfs)('%s comes back with every object as it was', async (name) => {
    const original = sample(`plaintext/${name}`);
    const opened = await openedBytes(await protectedBytes(original));
    expect(runOn(opened, 'qpdf', ['--check', '@'])).toContain('No syntax or stream encoding errors found');
    expect(objectsOf(opened)).toEqual(objectsOf(original));
  });

  it.each(plaintextPdfs)('%s written again unchanged is equivalent', async (name) => {
    const original = sample(`plaintext/${name}`);
    const again = await bytesOf(rewritten(await readPdf(memorySource(original))));
    expect(runOn(again, 'qpdf', ['--check', '@'])).toContain('No syntax or stream encoding errors found');
    expect(objectsOf(again)).toEqual(objectsOf(original));
  });
});
