import { basename, win32 } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeFileName } from './safe-file-name.ts';

const safe = (name: string | undefined): string => safeFileName(name, 'attachment', new Map());

describe('file names from messages', () => {
  it('keeps names that are in order', () => {
    for (const name of ['report.docx', 'Übersicht 2026.pdf', '見積書.xlsx', 'a.tar.gz', 'no extension'])
      expect(safe(name)).toBe(name);
  });

  it('never leads out of the folder', () => {
    expect(safe('../../etc/passwd')).toBe('passwd');
    expect(safe('C:\\Windows\\system32\\drivers\\etc\\hosts')).toBe('hosts');
    expect(safe('..')).toBe('attachment');
    expect(safe('/')).toBe('attachment');
    expect(safe('a/b/..')).toBe('attachment');
    expect(safe('file:stream.txt')).toBe('file_stream.txt');
  });

  it('never is a device of Windows, a hidden file, or a name that ends with a dot or blank', () => {
    expect(safe('con')).toBe('_con');
    expect(safe('Aux.txt')).toBe('_Aux.txt');
    expect(safe('LPT1.report.pdf')).toBe('_LPT1.report.pdf');
    expect(safe('.bashrc')).toBe('bashrc');
    expect(safe('report.pdf. .')).toBe('report.pdf');
  });

  it('shows its real extension: marks that turn the direction of text are taken out', () => {
    expect(safe('invoice\u202efdp.exe')).toBe('invoice_fdp.exe');
    expect(safe('a\u0000b\n.txt')).toBe('a_b_.txt');
  });

  it('has a name where the message has none', () => {
    for (const name of [undefined, '', '   ', '???', '\u202e']) expect(safe(name)).toBe('attachment');
  });

  it('numbers names that are the same but for case', () => {
    const taken = new Map<string, number>();
    const names = ['a.txt', 'A.TXT', 'a (2).txt', 'a.txt'].map((name) => safeFileName(name, 'x', taken));
    expect(names).toEqual(['a.txt', 'A (2).TXT', 'a (2) (2).txt', 'a (3).txt']);
  });

  it('gives thousands of attachments of one name their numbers without trying all that are taken each time', () => {
    let looks = 0;
    class CountedMap extends Map<string, number> {
      override has(key: string): boolean {
        looks++;
        return super.has(key);
      }
    }
    const taken = new CountedMap();
    const names = Array.from({ length: 5000 }, () => safeFileName('a.txt', 'x', taken));
    expect(names.at(-1)).toBe('a (5000).txt');
    expect(looks).toBeLessThan(20_000);
  });

  it('cuts long names between characters and keeps the extension', () => {
    const name = safe(`${'漢'.repeat(300)}.docx`);
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(150);
    expect(name.endsWith('漢.docx')).toBe(true);
    expect(Buffer.byteLength(safe(`a.${'b'.repeat(300)}`))).toBeLessThanOrEqual(150);
  });

  it('is a plain name in a folder, whatever is asked for', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 40 }), { maxLength: 6 }), (names) => {
        const taken = new Map<string, number>();
        const given = names.map((name) => safeFileName(name, 'attachment', taken));
        expect(new Set(given.map((name) => name.toLowerCase())).size).toBe(names.length);
        for (const name of given) {
          expect(basename(name)).toBe(name);
          expect(win32.basename(name)).toBe(name);
          expect(name).not.toMatch(/^[.\s]|[.\s]$|[\p{Cc}\p{Cf}]/u);
          expect(Buffer.byteLength(name)).toBeGreaterThan(0);
        }
      }),
    );
  });
});
