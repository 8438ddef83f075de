import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asAlice, asBob, bobMayRead, makeWorkplace, type Workplace } from '../testing/workplace.ts';

describe('a folder', () => {
  let place: Workplace;
  beforeAll(async () => {
    place = await makeWorkplace();
  });
  beforeEach(() => {
    for (const name of place.list().filter((each) => each !== 'authority'))
      rmSync(place.path(name), { recursive: true });
    mkdirSync(place.path('share/plans'), { recursive: true });
    place.write('share/a.txt', 'a');
    place.write('share/b.dwg', 'bb');
    place.write('share/plans/c.txt', 'ccc');
  });
  afterAll(() => place.remove());

  const protect = (...options: string[]) =>
    place.type(['protect', '-r', place.path('share'), ...asAlice, ...options]);
  const read = (name: string) => readFileSync(place.path(name), 'utf8');

  it('is protected in place and opened again, and the summary counts', async () => {
    const done = await protect(...bobMayRead, '--in-place');
    expect(done).toMatchObject({ exitCode: 0, stdout: '' });
    expect(done.stderr).toContain('3 files done.');
    expect(place.list('share')).toEqual(['a.ptxt', 'b.dwg.pfile', 'plans']);
    const opened = await place.type([
      'open',
      '-r',
      place.path('share'),
      ...asBob,
      '--out',
      place.path('opened'),
    ]);
    expect(opened.exitCode).toBe(0);
    expect(read('opened/plans/c.txt')).toBe('ccc');
  });

  it('can be protected again and again: what is protected is passed over, with the reason', async () => {
    await protect(...bobMayRead, '--in-place');
    const again = await protect(...bobMayRead, '--in-place', '--json');
    expect(again.exitCode).toBe(0);
    expect(again.stderr).toContain('3 files skipped.');
    expect(again.json().map((line) => (line.skipped as { code: string }).code)).toEqual(
      Array.from({ length: 3 }, () => 'ALREADY_PROTECTED'),
    );
  });

  it('says every documented field of each file with --json', async () => {
    const lines = (await protect(...bobMayRead, '--out', place.path('out'), '--json')).json();
    expect(lines.length).toBe(3);
    for (const line of lines) {
      expect(line).toMatchObject({ format: 'pfile', formatVersion: '3.0', cipherMode: 'SEALWRIGHT.GCM64K' });
      expect(line).toMatchObject({ finishedEarlierRun: false, otherNames: 0, rule: null });
    }
  });

  it.each([
    ['--ext', 'txt', 2],
    ['--ext', 'dwg,pdf', 1],
    ['--include', 'plans/**', 1],
    ['--exclude', '*.txt', 1],
    ['--min-size', '2', 2],
    ['--max-size', '2B', 2],
    ['--newer', '1d', 3],
    ['--older', '1d', 0],
  ])('is narrowed by %s %s', async (option, value, count) => {
    await protect(...bobMayRead, option, value, '--out', place.path('out'));
    const out = existsSync(place.path('out')) ? readdirSync(place.path('out'), { recursive: true }) : [];
    expect(out.filter((name) => /\.(ptxt|pfile)$/.test(String(name))).length).toBe(count);
  });

  it('is only looked at with --dry-run', async () => {
    const before = place.list('share');
    const done = await protect(...bobMayRead, '--in-place', '--dry-run', '--list');
    expect(done.exitCode).toBe(0);
    expect(done.stderr).toContain('3 files would be protected. Nothing was changed.');
    expect(done.stdout.match(/a\.txt|b\.dwg|c\.txt/g)?.length).toBe(3);
    expect(place.list('share')).toEqual(before);
  });

  it('is protected by rules, of which the first that matches decides', async () => {
    const rules = place.write(
      'rules.json',
      JSON.stringify({
        rules: [
          { name: 'drawings', match: { extensions: ['dwg'] }, skip: true },
          { name: 'plans', match: { include: ['plans/**'] }, policy: { grants: ['carol@contoso.com=VIEW'] } },
          { name: 'all', policy: { grants: ['bob@contoso.com=VIEW'] } },
        ],
      }),
    );
    const done = await protect('--rules', rules, '--in-place', '--json');
    expect(done.exitCode).toBe(0);
    const ruleOf = Object.fromEntries(
      done
        .json()
        .map((line) => [String(line.file).slice(-5), line.rule ?? (line.skipped as { rule: string }).rule]),
    );
    expect(ruleOf).toEqual({ 'a.txt': 'all', 'b.dwg': 'drawings', 'c.txt': 'plans' });
    const bob = await place.type([
      'open',
      place.path('share/plans/c.ptxt'),
      ...asBob,
      '--out',
      place.path('o'),
    ]);
    expect(bob.exitCode).toBe(3);
  });

  it('with a file that fails goes on with the others, says why, and exits with 1', async () => {
    place.write('share/a.ptxt', 'in the way');
    const done = await protect(...bobMayRead);
    expect(done.exitCode).toBe(1);
    expect(done.stderr).toMatch(/error: .*a\.ptxt/);
    expect(done.stderr).toContain('1 file failed');
    expect(done.stderr).toContain('A file of the new name is there already');
    expect(place.list('share/plans')).toContain('c.ptxt');
  });

  it('gets the reports that were asked for, which the next run replaces', async () => {
    place.write('share/a.ptxt', 'in the way');
    const reports = ['html', 'csv', 'json'].flatMap((kind) => ['--report', place.path(`run.${kind}`)]);
    for (const _ of [1, 2]) await protect(...bobMayRead, ...reports, '--overwrite', '--exclude', 'plans');
    const { run, files } = JSON.parse(read('run.json'));
    expect(run.facts).toMatchObject({
      'Acting as': 'alice@contoso.com',
      'May open it': 'bob@contoso.com=VIEW,PRINT',
    });
    expect(files.length).toBe(run.found);
    expect(read('run.csv').trim().split('\r\n').length).toBe(1 + files.length);
    expect(read('run.html')).toContain('<h1>');
  });

  it('with a journal is reported whole by the run that went on', async () => {
    const journal = ['--journal', place.path('run.journal'), '--newer', '30d', '--valid-until', '+30d'];
    const interruption = new AbortController();
    interruption.abort(new DOMException('Interrupted.', 'AbortError'));
    const first = await place.type(
      ['protect', '-r', place.path('share'), ...asAlice, ...bobMayRead, '--in-place', ...journal],
      { signal: interruption.signal },
    );
    expect(first.exitCode).toBe(130);
    expect(first.stderr).toContain('the same command again goes on where');
    const second = await protect(...bobMayRead, '--in-place', ...journal, '--report', place.path('run.json'));
    expect(second).toMatchObject({ exitCode: 0 });
    expect(second.stderr).toContain('3 files done');
    const third = await protect(...bobMayRead, '--in-place', ...journal, '--report', place.path('run.json'));
    expect(third.exitCode).toBe(0);
    expect(JSON.parse(read('run.json')).files.length).toBe(3);
  });

  it('keeps its rules, its journal and its reports out of the work', async () => {
    const rules = place.write(
      'share/rules.json',
      '{"rules":[{"policy":{"grants":["bob@contoso.com=VIEW"]}}]}',
    );
    const own = [
      '--rules',
      rules,
      '--journal',
      place.path('share/r.journal'),
      '--report',
      place.path('share/r.csv'),
    ];
    for (const _ of [1, 2]) expect((await protect('--in-place', ...own)).exitCode).toBe(0);
    expect(place.list('share').filter((name) => name !== 'plans')).toEqual([
      'a.ptxt',
      'b.dwg.pfile',
      'r.csv',
      'r.journal',
      'rules.json',
    ]);
  });

  it.each([
    ['--jobs', '0', /--jobs takes a whole number from 1/],
    ['--threads', '-1', /--threads/],
    ['--min-size', 'big', /--min-size takes a size such as 64k/],
    ['--newer', 'yesterday', /--newer takes an age \(12h, 30d, 8w, 2y\) or a date/],
    ['--ext', '*', /--ext takes extensions such as docx,pdf/],
    ['--report', 'run.pdf', /\.html, \.csv or \.json/],
    ['--progress', 'loud', /auto/],
    ['--rules', 'nowhere.json', /--rules and --grant exclude/],
    ['--owners', 'owners.json', /--owner-from-file/],
    ['--include', '', /--include is empty/],
  ])('refuses %s %j before anything is done, and says what to type', async (option, value, message) => {
    const before = place.list('share');
    const done = await protect(...bobMayRead, '--in-place', option, value);
    expect(done).toMatchObject({ exitCode: 2, stdout: '' });
    expect(done.stderr).toMatch(message);
    expect(place.list('share')).toEqual(before);
  });

  it.each([
    [['--owner-from-file'], /add --owners FILE/],
    [['--min-size', '2MB', '--max-size', '1MB'], /exchange --min-size and --max-size/],
    [['--newer', '1d', '--older', '2d'], /exchange --newer and --older/],
    [['--dry-run', '--journal', 'x.journal'], /A dry run does nothing that a journal could remember/],
    [['--one-license', '--interop', 'microsoft'], /leave one of them out/],
    [['--watch', '--dry-run'], /--watch and --dry-run exclude/],
    [['--watch', '--journal', 'x.journal'], /A watch needs no journal/],
  ])('refuses %j, which do not go together', async (options, message) => {
    const done = await protect(...bobMayRead, '--in-place', ...options);
    expect(done).toMatchObject({ exitCode: 2, stdout: '' });
    expect(done.stderr).toMatch(message);
  });

  it('is needed by options that choose among its files, and --recursive with it', async () => {
    const file = await place.type([
      'protect',
      place.path('share/a.txt'),
      ...asAlice,
      ...bobMayRead,
      '--ext',
      'txt',
    ]);
    expect(file).toMatchObject({ exitCode: 2, stdout: '' });
    expect(file.stderr).toContain('name a folder and add --recursive');
    const folder = await place.type(['protect', place.path('share'), ...asAlice, ...bobMayRead, '--dry-run']);
    expect(folder.exitCode).toBe(6);
    expect(folder.stderr).toContain('add --recursive');
  });
});
