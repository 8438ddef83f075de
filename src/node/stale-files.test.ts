import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isGone, ownMarker } from './process-marker.ts';
import { removeStaleFiles, removeStaleFilesNowAndThen } from './stale-files.ts';
import { isTemporaryName, markerIn, temporaryName } from './temporary-name.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealwright-stale-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const here = ownMarker();
/** The number of a process that has just ended. */
const endedPid = (): string => String(spawnSync(process.execPath, ['--version']).pid);
const put = (name: string): string => {
  writeFileSync(join(folder, name), 'half a file');
  return name;
};

describe('The name of a temporary file', () => {
  it('tells for which file and by which process it was made', () => {
    const name = temporaryName('report.docx');
    expect(name).toMatch(/^\.report\.docx\..*\.sealwright-tmp$/);
    expect(markerIn(name)).toEqual(here);
    expect(temporaryName('report.docx')).not.toBe(name);
  });

  it('fits the disk however long the name of the file is', () => {
    const name = temporaryName(`${'\u{1f512}'.repeat(60)}.txt`);
    expect(Buffer.byteLength(name)).toBeLessThan(255);
    expect(name).toBe(Buffer.from(name).toString());
    expect(isTemporaryName(temporaryName('two\nlines'))).toBe(true);
  });

  it('is not taken for a name that a user gave', () => {
    for (const name of [
      'a.txt',
      '.a.sealwright-tmp',
      'notes.sealwright-tmp',
      '.a.1-2-3-4-5-6.sealwright-tmp',
    ])
      expect(isTemporaryName(name)).toBe(false);
  });
});

describe('Leftovers of a process', () => {
  it('are removed once it is gone', async () => {
    const left = put(temporaryName('a.txt', { ...here, pid: endedPid() }));
    put('a.txt');
    expect(await removeStaleFiles(folder)).toEqual([join(folder, left)]);
    expect(readdirSync(folder)).toEqual(['a.txt']);
  });

  it('stay while it runs', async () => {
    put(temporaryName('a.txt'));
    put(temporaryName('b.txt', { ...here, pid: String(process.ppid), started: '0' }));
    expect(await removeStaleFiles(folder)).toEqual([]);
  });

  it('stay if they are from another machine or from a container', async () => {
    put(temporaryName('a.txt', { ...here, host: '00000000', pid: endedPid() }));
    put(temporaryName('b.txt', { ...here, space: '7', pid: endedPid() }));
    expect(await removeStaleFiles(folder)).toEqual([]);
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('are looked for once in each of very many folders, one after the other', async () => {
    const paths = Array.from({ length: 3000 }, (_, i) => join(folder, 'missing', String(i)));
    for (const path of paths) {
      const looked = removeStaleFilesNowAndThen(path);
      expect(looked).toBeInstanceOf(Promise);
      // The next file of the same folder has nothing to wait for.
      expect(removeStaleFilesNowAndThen(path)).toBeUndefined();
      await looked;
    }
  });

  it('are nothing in a folder that cannot be listed', async () => {
    expect(await removeStaleFiles(join(folder, 'missing'))).toEqual([]);
  });
});

describe('A process', () => {
  it.skipIf(here.started === '0')('is gone if another one has its number now (needs /proc)', () => {
    expect(isGone({ ...here, started: '1' })).toBe(true);
    expect(isGone(here)).toBe(false);
  });

  it('is gone after the machine has booted anew, which a container cannot tell', () => {
    const machine = { ...here, space: '4026531836' };
    const container = { ...here, space: '4026532000' };
    expect(isGone({ ...machine, boot: '00000000' }, machine)).toBe(true);
    expect(isGone({ ...container, boot: '00000000' }, container)).toBe(false);
  });
});
