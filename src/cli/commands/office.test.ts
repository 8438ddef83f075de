import { mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { typeCommand } from '../testing/type-command.ts';
import { asAlice, asBob, bobMayRead, makeWorkplace, type Workplace } from '../testing/workplace.ts';

const example = (name: string): Buffer =>
  readFileSync(fileURLToPath(new URL(`../../../examples/documents/${name}`, import.meta.url)));
const workbook = example('budget.xlsx');
const label = [
  '--id',
  '10000000-0000-4000-8000-000000000001',
  '--site',
  '11111111-2222-3333-4444-555555555555',
];

describe('an Office document on the command line', () => {
  let place: Workplace;
  let file: string;
  let beside: string;
  beforeAll(async () => {
    place = await makeWorkplace();
  });
  afterAll(() => place.remove());
  beforeEach(() => {
    mkdirSync(place.path('work'), { recursive: true });
    for (const name of place.list('work')) if (name !== 'deep') place.write(`work/${name}`, '');
    file = place.write('work/budget.xlsx', workbook);
    beside = place.path('work/budget-protected.xlsx');
  });

  const protect = (...more: string[]) =>
    place.type(['protect', file, ...asAlice, ...bobMayRead, '--overwrite', ...more]);

  it('is protected in its own format, under a name of its own beside the original', async () => {
    const done = await protect('--json');
    expect(done).toMatchObject({ exitCode: 0, stderr: '' });
    expect(done.json()).toMatchObject([{ file, output: beside, format: 'office', formatVersion: '1.0' }]);
    expect(place.read('work/budget.xlsx').equals(workbook)).toBe(true);
    const opened = await place.type(['open', beside, ...asBob, '--out', place.path('opened'), '--overwrite']);
    expect(opened.exitCode).toBe(0);
    expect(place.read('opened/budget.xlsx').equals(workbook)).toBe(true);
  });

  it('keeps its name with --out and --in-place, and when it is protected anew', async () => {
    const out = await protect('--out', place.path('protected'), '--json');
    expect(out.json()).toMatchObject([{ output: place.path('protected/budget.xlsx') }]);
    expect((await protect('--in-place', '--json')).json()).toMatchObject([{ output: file }]);
    const again = await place.type(['reprotect', file, ...asAlice, ...bobMayRead, '--in-place', '--json']);
    expect(again.json()).toMatchObject([{ output: file, format: 'office' }]);
    const plain = await place.type(['unprotect', file, ...asAlice, '--in-place', '--json']);
    expect(plain.json()).toMatchObject([{ output: file }]);
    expect(place.read('work/budget.xlsx').equals(workbook)).toBe(true);
  });

  it('gets its name back from "unprotect", which replaces nothing unasked', async () => {
    await protect();
    const taken = await place.type(['unprotect', beside, ...asAlice]);
    expect(taken).toMatchObject({ exitCode: 6, stdout: '' });
    expect(taken.stderr).toMatch(/budget\.xlsx exists already: add --overwrite/);
    place.copy('work/budget-protected.xlsx', 'work/other.xlsx');
    const other = await place.type([
      'unprotect',
      place.path('work/other.xlsx'),
      ...asAlice,
      '--overwrite',
      '--json',
    ]);
    expect(other.json()).toMatchObject([{ output: place.path('work/other-unprotected.xlsx') }]);
  });

  it('becomes a PFILE with --format pfile, and an Office document again with "reprotect"', async () => {
    const pfile = `${file}.pfile`;
    expect((await protect('--format', 'pfile', '--json')).json()).toMatchObject([
      { output: pfile, format: 'pfile' },
    ]);
    const out = ['--out', place.path('changed'), '--overwrite', '--json'];
    const changed = await place.type([
      'reprotect',
      pfile,
      ...asAlice,
      ...bobMayRead,
      '--format',
      'office',
      ...out,
    ]);
    expect(changed.json()).toMatchObject([{ output: place.path('changed/budget.xlsx'), format: 'office' }]);
  });

  it('is told by "inspect" as a PFILE is, with every documented field', async () => {
    await protect();
    const [line = {}] = (await typeCommand(['inspect', beside, '--json'])).json();
    expect(line).toMatchObject({
      protected: true,
      recognisedAs: null,
      format: 'office',
      formatVersion: '1.0',
      originalSize: workbook.length,
      owner: 'alice@contoso.com',
      cipherMode: 'SEALWRIGHT.GCM64K',
      labels: [],
    });
    expect(line.contentLength).toBeGreaterThan(workbook.length);
    const shown = await typeCommand(['inspect', beside]);
    expect(shown.stdout).toContain('format        office 1.0');
  });

  it('carries its label through protecting and opening, for everyone to read', async () => {
    await typeCommand(['label', 'set', file, ...label, '--name', 'Confidential']);
    await protect();
    const found = (await typeCommand(['label', 'get', file, beside, '--json'])).json();
    expect(found).toMatchObject([
      { labels: [{ name: 'Confidential', enabled: true }] },
      { labels: [{ name: 'Confidential', enabled: true }] },
    ]);
    const shown = await typeCommand(['inspect', file, beside]);
    expect(shown.stdout.match(/label {9}Confidential/g)).toHaveLength(2);
  });

  it('that is a PFILE under an Office name opens, and is told for what it is', async () => {
    await protect('--format', 'pfile');
    place.copy('work/budget.xlsx.pfile', 'work/really.xlsx');
    const really = place.path('work/really.xlsx');
    expect((await typeCommand(['inspect', really])).stdout).toContain('format        pfile 3.0');
    const out = ['--out', place.path('really'), '--overwrite'];
    expect(await place.type(['open', really, ...asBob, ...out])).toMatchObject({ exitCode: 0 });
    expect(place.read('really/really.xlsx').equals(workbook)).toBe(true);
  });

  it('that is none inside becomes a PFILE, and the person hears why', async () => {
    const picture = place.write('work/picture.xlsx', example('floor-plan.png'));
    const done = await place.type(['protect', picture, ...asAlice, ...bobMayRead]);
    expect(done).toMatchObject({ exitCode: 0, stderr: '' });
    expect(done.stdout).toMatch(/picture\.xlsx\.pfile\n.*\n {2}note only named like an Office document/);
    const text = place.write('work/notes.txt', 'notes');
    const plain = await place.type(['protect', text, ...asAlice, ...bobMayRead]);
    expect(plain.stdout).not.toContain('note only');
  });

  it.each([
    ['a text', 'notes.txt', /not a Word, Excel, PowerPoint or Visio document/, 4],
    ['a picture under an Office name', 'picture.xlsx', /not a Word, Excel, PowerPoint or Visio document/, 4],
  ])('is what --format office wants, not %s', async (_, name, message, exitCode) => {
    const other = place.write(`work/${name}`, name.endsWith('txt') ? 'notes' : example('floor-plan.png'));
    const done = await place.type(['protect', other, ...asAlice, ...bobMayRead, '--format', 'office']);
    expect(done).toMatchObject({ exitCode, stdout: '' });
    expect(done.stderr).toMatch(message);
  });

  it('wants a format there is', async () => {
    const done = await protect('--format', 'docx');
    expect(done).toMatchObject({ exitCode: 2, stdout: '' });
    expect(done.stderr).toContain('Allowed choices are pfile, office');
  });

  it('that is not protected, protected already or cut gives one sentence', async () => {
    await protect();
    const cut = place.write('work/cut.xlsx', place.read('work/budget-protected.xlsx').subarray(0, 3000));
    const head = place.write('work/head.xlsx', place.read('work/budget-protected.xlsx').subarray(0, 300));
    const out = ['--out', place.path('never')];
    for (const [args, says] of [
      [['open', file, ...asBob, ...out], /is not a protected file/],
      [['protect', beside, ...asAlice, ...bobMayRead], /is protected already/],
      [['open', cut, ...asBob, ...out], /damaged.*fresh copy/],
      [['open', head, ...asBob, ...out], /damaged.*fresh copy/],
    ] as const) {
      const done = await place.type(args);
      expect(done).toMatchObject({ exitCode: 4, stdout: '' });
      expect(done.stderr).toMatch(/^error: .+\n$/);
      expect(done.stderr).toMatch(says);
    }
    expect((await typeCommand(['inspect', head])).stdout).toContain('damaged or cut off');
  });

  it('stands with files of every kind in one folder: a line each, in order, errors among them', async () => {
    await protect();
    const mixed = place.path('mixed');
    mkdirSync(`${mixed}/b`, { recursive: true });
    place.write('mixed/a.txt', 'text');
    place.copy('work/budget-protected.xlsx', 'mixed/b/budget.xlsx');
    place.write('mixed/c.xlsx', place.read('work/budget-protected.xlsx').subarray(0, 3000));
    place.write('mixed/d.png', example('floor-plan.png'));
    const done = await typeCommand(['inspect', '-r', mixed, '--json']);
    expect(done.exitCode).toBe(1);
    expect(done.json()).toMatchObject([
      { file: place.path('mixed/a.txt'), protected: false },
      { file: place.path('mixed/b/budget.xlsx'), protected: true, format: 'office' },
      { file: place.path('mixed/c.xlsx'), error: { code: 'MALFORMED_CONTAINER' } },
      { file: place.path('mixed/d.png'), protected: false },
    ]);
    expect(done.stderr).toContain('3 files done, 1 file failed.');
  });
});
