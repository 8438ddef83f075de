import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { typeCommand } from '../testing/type-command.ts';
import { asAlice, asBob, bobMayRead, makeWorkplace, type Workplace } from '../testing/workplace.ts';

const workbook = readFileSync(
  fileURLToPath(new URL('../../../examples/documents/budget.xlsx', import.meta.url)),
);
const picture = readFileSync(
  fileURLToPath(new URL('../../../examples/documents/floor-plan.png', import.meta.url)),
);
const id = '10000000-0000-4000-8000-000000000001';
const site = '11111111-2222-3333-4444-555555555555';
const label = ['--id', id, '--site', site, '--name', 'Confidential'];

describe('sealwright label', () => {
  let place: Workplace;
  beforeAll(async () => {
    place = await makeWorkplace();
  });
  afterAll(() => place.remove());

  const get = async (file: string): Promise<Record<string, unknown>[]> => {
    const [line = {}] = (await typeCommand(['label', 'get', file, '--json'])).json();
    return line.labels as Record<string, unknown>[];
  };

  it('puts a label on a file, without any key or authority, and says which', async () => {
    const file = place.write('report.xlsx', workbook);
    const done = await typeCommand(['label', 'set', file, ...label]);
    expect(done).toMatchObject({ exitCode: 0, stderr: '' });
    expect(done.stdout).toMatch(/^Labelled .*report\.xlsx {2}Confidential\n$/);
    const shown = await typeCommand(['label', 'get', file]);
    expect(shown).toMatchObject({ exitCode: 0, stderr: '' });
    expect(shown.stdout).toContain('report.xlsx  Confidential\n');
    expect(shown.stdout).toContain(`id            ${id}`);
    expect(shown.stdout).toContain(`tenant        ${site}`);
  });

  it('says every documented fact with --json', async () => {
    const file = place.write('facts.xlsx', workbook);
    const options = ['--method', 'privileged', '--content-bits', '8', '--property', 'Department=Finance'];
    const set = await typeCommand([
      ...['label', 'set', file, ...label, ...options],
      ...['--date', '2026-01-02T03:04:05Z', '--json'],
    ]);
    const [done = {}] = set.json();
    expect(Object.keys(done)).toEqual(['file', 'output', 'changed', 'bytesIn', 'bytesOut', 'otherNames']);
    expect(done).toMatchObject({
      file,
      output: file,
      changed: true,
      bytesIn: workbook.length,
      otherNames: 0,
    });
    const [found = {}] = await get(file);
    expect(Object.keys(found)).toEqual([
      'id',
      'name',
      'enabled',
      'removed',
      'siteId',
      'parentId',
      'owner',
      'setDate',
      'method',
      'contentBits',
      'application',
      'extended',
    ]);
    expect(found).toMatchObject({
      id,
      name: 'Confidential',
      enabled: true,
      removed: false,
      siteId: site,
      setDate: '2026-01-02T03:04:05Z',
      method: 'Privileged',
      contentBits: 8,
      extended: { Department: 'Finance' },
    });
  });

  it('leaves a file alone that has exactly this label', async () => {
    const file = place.write('twice.xlsx', workbook);
    await typeCommand(['label', 'set', file, ...label]);
    const before = statSync(file);
    const again = await typeCommand(['label', 'set', file, ...label]);
    expect(again).toMatchObject({ exitCode: 0, stderr: '' });
    expect(again.stdout).toMatch(/^Unchanged .*twice\.xlsx: it has exactly this label already\n$/);
    expect(statSync(file)).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
  });

  it('takes labels off, and says plainly when there is none', async () => {
    const file = place.write('off.png', picture);
    const none = await typeCommand(['label', 'get', file]);
    expect(none).toMatchObject({ exitCode: 0, stderr: '' });
    expect(none.stdout).toMatch(/off\.png {2}no label\n$/);
    await typeCommand(['label', 'set', file, ...label]);
    expect(await get(file)).toHaveLength(1);
    const other = await typeCommand(['label', 'remove', file, '--id', site]);
    expect(other.stdout).toContain('it does not have this label');
    const done = await typeCommand(['label', 'remove', file]);
    expect(done.stdout).toMatch(/^Unlabelled .*off\.png\n$/);
    expect((await get(file)).filter(({ removed }) => removed !== true)).toEqual([]);
    expect((await typeCommand(['label', 'remove', file])).stdout).toContain('it has no label');
  });

  it('makes labelled copies with --out, and replaces none without --overwrite', async () => {
    const file = place.write('copied.xlsx', workbook);
    const command = ['label', 'set', file, ...label, '--out', place.path('labelled')];
    const done = await typeCommand(command);
    expect(done.stdout).toMatch(/^Labelled .*copied\.xlsx -> .*labelled.copied\.xlsx {2}Confidential\n$/);
    expect(await get(file)).toEqual([]);
    expect(await get(place.path('labelled/copied.xlsx'))).toHaveLength(1);
    expect(await typeCommand(command)).toMatchObject({ exitCode: 6, stdout: '' });
    expect(await typeCommand([...command, '--overwrite'])).toMatchObject({ exitCode: 0 });
  });

  it('works through a folder, and passes over files that take no labels', async () => {
    mkdirSync(place.path('tree/below'), { recursive: true });
    place.write('tree/a.xlsx', workbook);
    place.write('tree/b.txt', 'text');
    place.write('tree/below/c.png', picture);
    const done = await typeCommand(['label', 'set', '-r', place.path('tree'), ...label]);
    expect(done.exitCode).toBe(0);
    expect(done.stderr).toContain('2 files done, 1 file skipped.');
    const found = (await typeCommand(['label', 'get', '-r', place.path('tree'), '--json'])).json();
    expect(found.map((line) => (line.labels as unknown[]).length)).toEqual([1, 0, 1]);
  });

  it('labels a protected file without opening it', async () => {
    const file = place.write('sealed.txt', 'Third quarter: up.');
    await place.type(['protect', file, ...asAlice, ...bobMayRead, '--interop', 'microsoft']);
    const sealed = place.path('sealed.ptxt');
    expect(await typeCommand(['label', 'set', sealed, ...label])).toMatchObject({ exitCode: 0 });
    expect(await get(sealed)).toMatchObject([{ id, name: 'Confidential' }]);
    const inspected = (await typeCommand(['inspect', sealed, '--json'])).json();
    expect(inspected).toMatchObject([{ protected: true, labels: [{ id, name: 'Confidential' }] }]);
    const opened = await place.type(['open', sealed, ...asBob, '--out', place.path('opened')]);
    expect(opened).toMatchObject({ exitCode: 0 });
    expect(place.read('opened/sealed.txt').toString()).toBe('Third quarter: up.');
  });

  it('does not break the seal of a PFILE in a mode that detects changes, and says so', async () => {
    const file = place.write('bound.txt', 'Third quarter: up.');
    await place.type(['protect', file, ...asAlice, ...bobMayRead]);
    const before = place.read('bound.ptxt');
    const done = await typeCommand(['label', 'set', place.path('bound.ptxt'), ...label]);
    expect(done).toMatchObject({ exitCode: 4, stdout: '' });
    expect(done.stderr).toMatch(/^error: .+\n$/);
    expect(place.read('bound.ptxt').equals(before)).toBe(true);
  });

  it.each([
    ['no label', ['--site', site], /Which label\? Add --id/],
    ['no tenant', ['--id', id], /Whose label is it\? Add --site/],
    ['a label that is no GUID', ['--id', 'Confidential', '--site', site], /--id takes the GUID of a label/],
    ['a tenant that is no GUID', ['--id', id, '--site', 'contoso.com'], /--site takes the GUID of a tenant/],
    ['a sum that is none', ['--id', id, '--site', site, '--content-bits', '99'], /--content-bits takes/],
    [
      'a date that is none',
      ['--id', id, '--site', site, '--date', 'yesterday'],
      /--date does not understand/,
    ],
    ['a fact without a value', ['--id', id, '--site', site, '--property', 'Finance'], /NAME=VALUE/],
    ['a fact that has an option', ['--id', id, '--site', site, '--property', 'Name=x'], /Name is a field/],
    ['a method nobody knows', ['--id', id, '--site', site, '--method', 'manual'], /standard, privileged/],
  ])('set with %s is exit code 2 and says what to do', async (_, options, message) => {
    const file = place.write('mistake.xlsx', workbook);
    const done = await typeCommand(['label', 'set', file, ...options]);
    expect(done).toMatchObject({ exitCode: 2, stdout: '' });
    expect(done.stderr).toMatch(message);
    expect(place.read('mistake.xlsx').equals(workbook)).toBe(true);
  });

  it('tells a file that takes no labels, and one that is not there', async () => {
    const text = place.write('notes.txt', 'notes');
    const done = await typeCommand(['label', 'set', text, ...label]);
    expect(done).toMatchObject({ exitCode: 4, stdout: '' });
    expect(done.stderr).toMatch(/^error: .*notes\.txt.*\n$/);
    expect(await typeCommand(['label', 'get', place.path('missing.docx')])).toMatchObject({ exitCode: 6 });
  });
});
