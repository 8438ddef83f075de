import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FileSelection } from './file-selection.ts';
import { type ListFilesOptions, listFiles } from './list-files.ts';

let folder: string;
const at = (...names: string[]): string => join(folder, ...names);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealwright-list-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(...names: string[]): void {
  for (const name of names) {
    mkdirSync(dirname(at(name)), { recursive: true });
    writeFileSync(at(name), name);
  }
}
/** Files by their path below the input, the rest as `reason path below the folder of the test`. */
async function listed(inputs = [folder], options: Partial<ListFilesOptions> = {}): Promise<string[]> {
  const found: string[] = [];
  for await (const { file, outcome } of listFiles(inputs, { leaveOut: true, ...options })) {
    if (file !== undefined) found.push(file.relativePath);
    else found.push(`${outcome.reason ?? outcome.error?.code} ${outcome.path.slice(folder.length + 1)}`);
  }
  return found;
}
const selected = async (selection: FileSelection): Promise<string[]> =>
  (await listed([folder], { selection })).filter((each) => !each.startsWith('not-selected'));

describe('The listing of a run', () => {
  it('gives the files of folders in a stable order, and files that were named', async () => {
    put('in/b/2.txt', 'in/a.txt', 'in/b/1.txt', 'x.txt');
    expect(await listed([at('x.txt'), at('in')])).toEqual(['x.txt', 'a.txt', 'b/1.txt', 'b/2.txt']);
  });

  it('takes a file that is named whatever it is, or where it is missing', async () => {
    put('setup.exe', '.git/config');
    const selection = { extensions: ['docx'] };
    const inputs = [at('setup.exe'), at('none'), at('.git/config'), at('.git')];
    expect(await listed(inputs, { selection })).toEqual(['setup.exe', 'none', 'config']);
    expect(await listed([at('.git')], { selection })).toEqual(['not-selected .git/config']);
  });

  it('reports what is not followed, and goes on behind a folder that cannot be listed', async () => {
    put('a/x', 'closed/y', 'z');
    symlinkSync('.', at('loop'));
    execFileSync('mkfifo', [at('pipe')]);
    rmSync(at('closed'), { recursive: true });
    symlinkSync('nowhere', at('dangling'));
    expect(await listed()).toEqual([
      'a/x',
      'symbolic-link dangling',
      'symbolic-link loop',
      'special-file pipe',
      'z',
    ]);
    if (process.getuid?.() === 0) return;
    chmodSync(at('a'), 0o000);
    expect(await listed()).toContain('PERMISSION_DENIED a');
    chmodSync(at('a'), 0o700);
  });

  it('gives each file once, however inputs overlap and are spelled', async () => {
    put('a/b/1', 'a/2', 'c');
    symlinkSync('a/b', at('link'));
    const spelled = [at('a'), `${at('a')}/`, at('a/b'), at('a/../a/2'), at('link'), at('c'), at('c')];
    expect(await listed(spelled)).toEqual(['2', 'b/1', 'c']);
    expect(await listed([at('a/b'), at('a/2'), at('a')])).toEqual(['2', 'b/1']);
  });

  it('takes what is named within a folder, though it would be left out there', async () => {
    put('a/.git/hooks/1', 'a/.git/2', 'a/x.exe', 'a/y.exe', 'a/old/3');
    const inputs = [at('a'), at('a/.git/hooks'), at('a/x.exe'), at('a/old')];
    expect(await listed(inputs, { selection: { exclude: ['/old'] } })).toEqual([
      'excluded a/.git',
      'old/3',
      'x.exe',
      'excluded a/y.exe',
      '1',
    ]);
  });

  it('leaves out the folder that new files go to, and what is to be kept out', async () => {
    put('in/a', 'in/out/a', 'in/keys/k', 'in/journal');
    const options = { out: at('in/out'), keepOut: [at('in/keys'), at('in/journal')] };
    expect(await listed([at('in')], options)).toEqual([
      'a',
      'own-file in/journal',
      'own-file in/keys',
      'own-file in/out',
    ]);
    expect(await listed([at('in/keys')], options)).toEqual(['own-file in/keys']);
    expect(await listed([at('in/keys/k')], options)).toEqual(['own-file in/keys/k']);
    expect(await listed([at('in')], { out: at('in') })).toContain('a');
    expect(await listed([at('in')], { out: at('in/new/deeper') })).toContain('a');
  });

  it('takes thousands of inputs', async () => {
    const names = Array.from({ length: 1_000 }, (_, i) => `d${i % 10}/${i}`);
    put(...names);
    expect(await listed(names.map((name) => at(name)))).toHaveLength(1_000);
    expect(await listed([folder, ...names.map((name) => at(name))])).toHaveLength(1_000);
  });

  it('ends with the reason of an abort', async () => {
    put('a', 'b');
    const stop = new AbortController();
    const run = async () => {
      for await (const _ of listFiles([folder], { leaveOut: true, signal: stop.signal }))
        stop.abort(new Error('enough'));
    };
    await expect(run()).rejects.toThrow('enough');
  });
});

describe('Left out by default', () => {
  it('are types of systems and programs, and folders of version control', async () => {
    put(
      'a.txt',
      'setup.EXE',
      'desktop.ini',
      'mail.pst',
      '~$plan.docx',
      'Thumbs.db',
      '.git/x',
      'sub/.svn/y',
      '.exe',
      'exe',
    );
    expect(await listed()).toEqual([
      '.exe',
      'excluded .git',
      'excluded Thumbs.db',
      'a.txt',
      'excluded desktop.ini',
      'exe',
      'excluded mail.pst',
      'excluded setup.EXE',
      'excluded sub/.svn',
      'excluded ~$plan.docx',
    ]);
  });

  it('are taken if that is asked for, and for what changes nothing', async () => {
    put('setup.exe', '.git/x');
    expect(await listed([folder], { selection: { includeExcluded: true } })).toEqual(['.git/x', 'setup.exe']);
    expect(await listed([folder], { leaveOut: false })).toEqual(['.git/x', 'setup.exe']);
  });

  it('are not folders that only have the name of a system folder', async () => {
    put('Windows/a', 'Program Files/b', 'Users/bob/AppData/c', 'usr/d');
    expect(await listed()).toEqual(['Program Files/b', 'Users/bob/AppData/c', 'Windows/a', 'usr/d']);
  });
});

describe('A selection', () => {
  it('goes by extension', async () => {
    put('a.DOCX', 'b.pdf', 'c.tar.gz', 'd.gz', 'e', '.docx', 'docx');
    expect(await selected({ extensions: ['docx', '.PDF'] })).toEqual(['a.DOCX', 'b.pdf']);
    expect(await selected({ extensions: ['*.tar.gz'] })).toEqual(['c.tar.gz']);
    expect(await selected({ extensions: [''] })).toEqual(['.docx', 'docx', 'e']);
    expect(await selected({ extensions: [] })).toEqual([]);
  });

  it('goes by pattern, and leaves out whole folders', async () => {
    put('a.txt', 'drafts/b.txt', 'drafts/old/c.txt', 'old/d.txt');
    expect(await selected({ include: ['drafts/**', 'a.*'] })).toEqual([
      'a.txt',
      'drafts/b.txt',
      'drafts/old/c.txt',
    ]);
    expect(await listed([folder], { selection: { exclude: ['old', 'a.txt'] } })).toEqual([
      'not-selected a.txt',
      'drafts/b.txt',
      'not-selected drafts/old',
      'not-selected old',
    ]);
  });

  it('goes by size, time and owner', async () => {
    put('1', '22', '333');
    expect(await selected({ minSize: 2, maxSize: 2 })).toEqual(['22']);
    const then = new Date('2026-01-01T00:00:00Z');
    utimesSync(at('22'), then, then);
    expect(await selected({ modifiedSince: then, modifiedBefore: new Date(then.getTime() + 1) })).toEqual([
      '22',
    ]);
    expect(await selected({ modifiedBefore: then })).toEqual([]);
    expect(await selected({ owners: [String(statSync(at('1')).uid)] })).toEqual(['1', '22', '333']);
    expect(await selected({ owners: ['nobody here'] })).toEqual([]);
  });

  it('takes a file of which the file system tells nothing, so that the work says why', async () => {
    put('a');
    const found: string[] = [];
    for await (const { file } of listFiles([folder], { leaveOut: true, selection: { minSize: 0 } }))
      if (file !== undefined) found.push(file.name);
    expect(found).toEqual(['a']);
  });

  it('is refused before anything is listed if it cannot be meant', () => {
    for (const selection of [
      { include: [''] },
      { extensions: ['a*'] },
      { minSize: 2, maxSize: 1 },
      { minSize: Number.NaN },
      { maxSize: -1 },
      { modifiedSince: new Date(Number.NaN) },
      { modifiedSince: new Date(2), modifiedBefore: new Date(1) },
      { exclude: 'x' },
      { owners: [7] },
    ])
      expect(
        () => listFiles([folder], { leaveOut: true, selection: selection as unknown as FileSelection }),
        JSON.stringify(selection),
      ).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });
});
