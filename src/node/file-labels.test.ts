import {
  chmodSync,
  copyFileSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changeFileLabels, readFileLabels } from './file-labels.ts';

const workbook = fileURLToPath(new URL('../../examples/documents/budget.xlsx', import.meta.url));
const set = {
  id: '10000000-0000-4000-8000-000000000001',
  siteId: '11111111-2222-3333-4444-555555555555',
  name: 'Confidential',
  setDate: new Date('2026-01-02T03:04:05Z'),
};

let folder: string;
let file: string;
const names = (): string[] => readdirSync(folder).sort();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealwright-labels-'));
  file = join(folder, 'budget.xlsx');
  copyFileSync(workbook, file);
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('Labelling a file', () => {
  it('changes the file itself, and nothing of its content', async () => {
    const done = await changeFileLabels(file, { set });
    expect(done).toMatchObject({ path: file, changed: true, otherNames: 0, bytesOut: statSync(file).size });
    expect(await readFileLabels(file)).toMatchObject([{ id: set.id, name: 'Confidential', enabled: true }]);
    expect(names()).toEqual(['budget.xlsx']);
    const [before, after] = [unzipSync(readFileSync(workbook)), unzipSync(readFileSync(file))];
    expect(after['xl/worksheets/sheet1.xml']).toEqual(before['xl/worksheets/sheet1.xml']);
  });

  it('keeps permissions, and says with the time that the file was changed', async () => {
    chmodSync(file, 0o640);
    utimesSync(file, 1_000_000_000, 1_000_000_000);
    await changeFileLabels(file, { set });
    const { mode, mtimeMs } = statSync(file);
    expect(mode & 0o777).toBe(0o640);
    expect(mtimeMs).toBeGreaterThan(1_600_000_000_000);
  });

  it('touches nothing if the file has exactly this label', async () => {
    await changeFileLabels(file, { set });
    const before = statSync(file);
    expect(await changeFileLabels(file, { set })).toMatchObject({ changed: false, bytesIn: before.size });
    expect(statSync(file)).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
    expect(await changeFileLabels(file, { remove: '20000000-0000-4000-8000-000000000002' })).toMatchObject({
      changed: false,
    });
  });

  it('takes the label off again', async () => {
    await changeFileLabels(file, { set });
    expect(await changeFileLabels(file, { remove: 'all' })).toMatchObject({ changed: true });
    expect((await readFileLabels(file)).filter(({ removed }) => !removed)).toEqual([]);
  });

  it('makes a labelled copy in another folder or at a path, also where nothing had to be changed', async () => {
    const out = join(folder, 'new', 'folder');
    expect(await changeFileLabels(file, { set }, { out })).toMatchObject({ path: join(out, 'budget.xlsx') });
    expect(await readFileLabels(join(out, 'budget.xlsx'))).toHaveLength(1);
    expect(readFileSync(file).equals(readFileSync(workbook))).toBe(true);
    utimesSync(file, 1_000_000_000, 1_000_000_000);
    const to = join(folder, 'copy.xlsx');
    expect(await changeFileLabels(file, { remove: 'all' }, { to })).toMatchObject({
      changed: false,
      path: to,
    });
    expect(readFileSync(to).equals(readFileSync(workbook))).toBe(true);
    expect(Math.round(statSync(to).mtimeMs)).toBe(1_000_000_000_000);
  });

  it('replaces a copy only when told to', async () => {
    const to = join(folder, 'taken.xlsx');
    writeFileSync(to, 'precious');
    await expect(changeFileLabels(file, { set }, { to })).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    expect(readFileSync(to, 'utf8')).toBe('precious');
    await changeFileLabels(file, { set }, { to, overwrite: true });
    expect(await readFileLabels(to)).toHaveLength(1);
  });

  it('says how many other names lead to the file as it was', async () => {
    linkSync(file, join(folder, 'second.xlsx'));
    expect(await changeFileLabels(file, { set })).toMatchObject({ otherNames: 1 });
    expect(await readFileLabels(join(folder, 'second.xlsx'))).toEqual([]);
  });

  it('refuses a symbolic link, which is followed where a copy is made', async () => {
    symlinkSync('budget.xlsx', join(folder, 'link.xlsx'));
    const link = join(folder, 'link.xlsx');
    await expect(changeFileLabels(link, { set })).rejects.toMatchObject({ code: 'NOT_A_FILE' });
    await changeFileLabels(link, { set }, { out: join(folder, 'out') });
    expect(readdirSync(join(folder, 'out'))).toEqual(['link.xlsx']);
  });

  it('leaves a file that takes no labels as it is', async () => {
    const text = join(folder, 'notes.txt');
    writeFileSync(text, 'notes');
    await expect(changeFileLabels(text, { set })).rejects.toMatchObject({ code: 'UNSUPPORTED_FORMAT' });
    expect(readFileSync(text, 'utf8')).toBe('notes');
    expect(await readFileLabels(text)).toEqual([]);
    expect(names()).toEqual(['budget.xlsx', 'notes.txt']);
  });

  it('leaves no trace when it is aborted', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(changeFileLabels(file, { set }, { signal })).rejects.toThrow('enough');
    expect(readFileSync(file).equals(readFileSync(workbook))).toBe(true);
    expect(names()).toEqual(['budget.xlsx']);
  });
});
