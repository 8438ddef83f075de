import { describe, expect, it } from 'vitest';
import { parseUsers } from './file-owner.ts';
import { isLeftOutFile, isLeftOutFolder } from './left-out.ts';

const users = '/Users';
const appData = `${users}/bob/AppData`;

describe('Left out by default', () => {
  it('are system folders at the root, and not deeper', () => {
    for (const path of [
      '/usr',
      '/etc',
      '/proc',
      '/Windows',
      '/Program Files (x86)',
      appData,
      '/$RECYCLE.BIN',
    ])
      expect(isLeftOutFolder(path), path).toBe(true);
    for (const path of [
      '/home',
      '/srv/usr',
      '/srv/Windows',
      `/srv${appData}`,
      `${users}/AppData`,
      `${users}/bob/x/AppData`,
    ])
      expect(isLeftOutFolder(path), path).toBe(false);
  });

  it('are folders of a drive that is mounted', () => {
    // Another disk than the root on any Linux.
    expect(isLeftOutFolder('/proc/Windows')).toBe(process.platform === 'linux');
    expect(isLeftOutFolder('/proc/none/Windows')).toBe(false);
  });

  it('are folders of version control, wherever they are', () => {
    expect(isLeftOutFolder('/srv/project/.git')).toBe(true);
    expect(isLeftOutFolder('/srv/project/git')).toBe(false);
  });

  it('are types by the last extension, without regard to case', () => {
    for (const name of ['a.EXE', 'x.docx.tmp', '~$plan.docx', '.git', '.DS_Store', '.nfs000000000012'])
      expect(isLeftOutFile(name), name).toBe(true);
    for (const name of ['a.docx', 'exe', '.exe', 'a.exe.pfile', '.bashrc', 'plan~$.docx', 'a.tmp.docx'])
      expect(isLeftOutFile(name), name).toBe(false);
  });
});

describe('A list of users', () => {
  it('gives names by number, and passes over what is no user', () => {
    const users = parseUsers(
      'root:x:0:0::/root:/bin/sh\n# comment\n\nbob:x:1004:1004::\ntwin:x:1004:1::\n::7:\nx:y:z:\n',
    );
    expect([...users]).toEqual([
      [0, 'root'],
      [1004, 'bob'],
    ]);
  });
});
