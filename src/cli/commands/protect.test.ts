import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asAlice, asBob, bobMayRead, makeWorkplace, type Workplace } from '../testing/workplace.ts';

describe('sealwright protect', () => {
  let place: Workplace;
  beforeAll(async () => {
    place = await makeWorkplace();
  });
  afterAll(() => place.remove());

  it('writes the protected file beside the original and names its content id', async () => {
    const file = place.write('report.txt', 'Third quarter: up.');
    const done = await place.type(['protect', file, ...asAlice, ...bobMayRead]);
    expect(done).toMatchObject({ exitCode: 0, stderr: '' });
    expect(done.stdout).toMatch(
      /^Protected .*report\.txt -> .*report\.ptxt\n {2}content \{[0-9a-f-]{36}\}\n$/,
    );
    expect(place.read('report.txt').toString()).toBe('Third quarter: up.');
  });

  it('says every documented field with --json', async () => {
    const file = place.write('json.txt', 'content');
    const done = await place.type(['protect', file, ...asAlice, ...bobMayRead, '--json']);
    const [line = {}] = done.json();
    expect(Object.keys(line)).toEqual([
      'file',
      'output',
      'contentId',
      'format',
      'formatVersion',
      'cipherMode',
      'bytesIn',
      'bytesOut',
      'finishedEarlierRun',
      'otherNames',
    ]);
    expect(line).toMatchObject({
      file,
      output: place.path('json.ptxt'),
      format: 'pfile',
      formatVersion: '3.0',
      cipherMode: 'SEALWRIGHT.GCM64K',
      bytesIn: 7,
    });
  });

  it('writes a mode of Microsoft with --interop microsoft', async () => {
    const file = place.write('interop.txt', 'content');
    const done = await place.type([
      'protect',
      file,
      ...asAlice,
      ...bobMayRead,
      '--interop',
      'microsoft',
      '--json',
    ]);
    expect(done.json()[0]).toMatchObject({ cipherMode: 'MICROSOFT.CBC4K' });
  });

  it('puts files into another folder with --out, and in the place of the originals with --in-place', async () => {
    const out = place.write('out.txt', 'content');
    await place.type(['protect', out, ...asAlice, ...bobMayRead, '--out', place.path('elsewhere')]);
    expect(place.list('elsewhere')).toEqual(['out.ptxt']);
    const inPlace = place.write('in-place.txt', 'content');
    expect((await place.type(['protect', inPlace, ...asAlice, ...bobMayRead, '--in-place'])).exitCode).toBe(
      0,
    );
    expect(place.list().filter((name) => name.startsWith('in-place'))).toEqual(['in-place.ptxt']);
  });

  it('refuses to replace a file, with exit code 6, until it is told to', async () => {
    const file = place.write('twice.txt', 'content');
    const command = ['protect', file, ...asAlice, ...bobMayRead];
    expect((await place.type(command)).exitCode).toBe(0);
    expect(await place.type(command)).toMatchObject({ exitCode: 6, stdout: '' });
    expect((await place.type([...command, '--overwrite'])).exitCode).toBe(0);
  });

  it('takes SEALWRIGHT_USER for --as', async () => {
    const file = place.write('env.txt', 'content');
    const done = await place.type(['protect', file, ...bobMayRead], {
      env: { SEALWRIGHT_USER: 'alice@contoso.com' },
    });
    expect(done.exitCode).toBe(0);
  });

  it('keeps the validity of the policy', async () => {
    const file = place.write('later.txt', 'content');
    const done = await place.type(['protect', file, ...asAlice, ...bobMayRead, '--valid-from', '2099-01-01']);
    expect(done.exitCode).toBe(0);
    const opened = await place.type([
      'open',
      place.path('later.ptxt'),
      ...asBob,
      '--out',
      place.path('early'),
    ]);
    expect(opened).toMatchObject({ exitCode: 3, stdout: '' });
    expect(opened.stderr).toContain('cannot be opened before');
  });

  it('says how many of several files were done, and exits with 1 if some failed', async () => {
    const file = place.write('several.txt', 'content');
    const done = await place.type([
      'protect',
      file,
      place.path('missing.txt'),
      ...asAlice,
      ...bobMayRead,
      '--json',
    ]);
    expect(done.exitCode).toBe(1);
    expect(done.stderr).toContain('missing.txt does not exist');
    expect(done.stderr).toContain('1 file done, 1 file failed.');
    expect(done.json()[1]).toMatchObject({
      file: place.path('missing.txt'),
      error: { code: 'FILE_NOT_FOUND' },
    });
  });

  it('works through a folder with --recursive, keeps its tree, and passes over what is protected already', async () => {
    mkdirSync(place.path('tree/below'), { recursive: true });
    place.write('tree/a.txt', 'a');
    place.write('tree/below/b.txt', 'b');
    place.copy('report.ptxt', 'tree/c.ptxt');
    const command = [
      'protect',
      '-r',
      place.path('tree'),
      ...asAlice,
      ...bobMayRead,
      '--out',
      place.path('tree-out'),
    ];
    const done = await place.type(command);
    expect(done.exitCode).toBe(0);
    expect(done.stderr).toContain('3 files in the folder');
    expect(done.stderr).toContain('2 files done, 1 file skipped.');
    expect([...place.list('tree-out'), ...place.list('tree-out/below')]).toEqual([
      'a.ptxt',
      'below',
      'b.ptxt',
    ]);
  });

  it('never touches the files of the authority itself', async () => {
    const key = place.path('authority/authority.key');
    const before = place.list('authority');
    const named = await place.type(['protect', key, ...asAlice, ...bobMayRead, '--in-place']);
    expect(named).toMatchObject({ exitCode: 2 });
    const walked = await place.type([
      'protect',
      '-r',
      place.path('authority'),
      ...asAlice,
      ...bobMayRead,
      '--in-place',
    ]);
    expect(walked).toMatchObject({ exitCode: 0, stdout: '' });
    expect(place.list('authority')).toEqual(before);
  });

  it('stops without a trace when it is interrupted', async () => {
    const interruption = new AbortController();
    interruption.abort(new DOMException('Interrupted.', 'AbortError'));
    const file = place.write('interrupted.txt', 'content');
    const done = await place.type(['protect', file, ...asAlice, ...bobMayRead], {
      signal: interruption.signal,
    });
    expect(done).toMatchObject({ exitCode: 130, stdout: '', stderr: '' });
    expect(place.list().filter((name) => name.startsWith('interrupted'))).toEqual(['interrupted.txt']);
  });
});
