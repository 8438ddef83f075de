import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import CFB from 'cfb';
import { describe, expect, it } from 'vitest';
import type { NewStream } from '../../compound-file/new-compound-file.ts';
import type { OfficeApplication } from '../document-parts.ts';
import { placeholderSentence, placeholderStreams } from './placeholder.ts';

const office = ['/usr/bin/soffice', '/usr/local/bin/soffice'].find((path) => existsSync(path));

/** CLSID of the root, by which `cfb` and applications know whose file it is. */
const kinds = [
  ['word', 'doc', '0609020000000000c000000000000046', 'txt:Text'],
  ['excel', 'xls', '2008020000000000c000000000000046', 'csv'],
  ['powerpoint', 'ppt', '108d81649b4fcf1186ea00aa00b929e8', 'fodp'],
] as const;

/** A compound file of these streams. */
function compoundFile(streams: readonly NewStream[], classId: string): Uint8Array {
  const container = CFB.utils.cfb_new({ CLSID: classId } as never);
  for (const { name, content } of streams) CFB.utils.cfb_add(container, `/${name}`, content as Uint8Array);
  CFB.utils.cfb_del(container, '/\u0001Sh33tJ5');
  return new Uint8Array(CFB.write(container, { type: 'buffer' }) as Buffer);
}

describe('a placeholder document', () => {
  it('is the same each time', () => {
    for (const [application] of kinds)
      expect(placeholderStreams(application)).toEqual(placeholderStreams(application));
  });

  it('exists for applications whose documents have one', () => {
    const names = (application: OfficeApplication | undefined): string[] =>
      placeholderStreams(application).map(({ name }) => name);
    expect(names('word')).toEqual(['WordDocument', '1Table']);
    expect(names('excel')).toEqual(['Workbook']);
    expect(names('powerpoint')).toEqual(['PowerPoint Document', 'Current User']);
    expect(names('visio')).toEqual([]);
    expect(names(undefined)).toEqual([]);
  });

  it.skipIf(office === undefined).each(kinds)(
    'tells whoever opens a %s document without rights management what it is (skipped without LibreOffice)',
    { timeout: 120_000 },
    (application, extension, classId, target) => {
      const folder = mkdtempSync(join(tmpdir(), 'placeholder-'));
      try {
        const file = join(folder, `protected.${extension}`);
        writeFileSync(file, compoundFile(placeholderStreams(application), classId));
        execFileSync(
          office as string,
          [
            `-env:UserInstallation=file://${folder}/profile`,
            '--headless',
            '--convert-to',
            target,
            '--outdir',
            folder,
            file,
          ],
          { stdio: 'pipe' },
        );
        const output = readFileSync(join(folder, `protected.${target.replace(/:.*/, '')}`), 'utf8');
        // Of a presentation everything comes, styles too: its slides are looked at.
        const [, slides = output] = /<office:presentation>(.*)<\/office:presentation>/s.exec(output) ?? [];
        const text = slides.replace(/<[^>]*>/g, '').replace(/[\ufeff"]/g, '');
        expect(text.trim()).toBe(placeholderSentence);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );
});
