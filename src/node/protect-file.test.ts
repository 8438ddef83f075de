import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LicensingService } from '../licensing/index.ts';
import { openFile } from './open-file.ts';
import { protectFile } from './protect-file.ts';
import { makeTestService } from './test/service.ts';

let service: LicensingService;
let folder: string;
const policy = { grants: [{ to: 'bob@contoso.com', rights: ['VIEW'] }] };
const text = new TextEncoder().encode('The quick brown fox jumps over the lazy dog.\n'.repeat(20_000));
const at = (...names: string[]): string => join(folder, ...names);
const names = (): string[] => readdirSync(folder).sort();

beforeAll(async () => {
  service = await makeTestService();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealwright-protect-'));
  writeFileSync(at('a.txt'), text);
});
afterEach(() => rmSync(folder, { recursive: true }));

async function opened(path: string): Promise<Uint8Array> {
  const file = await openFile(path, { service });
  try {
    return await file.bytes();
  } finally {
    await file.close();
  }
}
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

describe('Protecting a file', () => {
  it('puts the protected file beside the original, which stays', async () => {
    const progress: (number | undefined)[][] = [];
    const onProgress = (...report: (number | undefined)[]): void => void progress.push(report);
    const result = await protectFile(at('a.txt'), { service, policy, onProgress });
    expect(result).toMatchObject({
      path: at('a.ptxt'),
      cipherMode: 'SEALWRIGHT.GCM64K',
      formatVersion: '3.0',
      bytesIn: text.length,
      bytesOut: statSync(at('a.ptxt')).size,
      finishedEarlierRun: false,
    });
    expect(result.contentId).toMatch(/^\{[0-9a-f-]{36}\}$/);
    expect(names()).toEqual(['a.ptxt', 'a.txt']);
    expect(same(readFileSync(at('a.txt')), text)).toBe(true);
    expect(same(await opened(at('a.ptxt')), text)).toBe(true);
    expect(progress.at(-1)).toEqual([text.length, text.length]);
  });

  it('writes to a folder, made if need be, or to an exact path', async () => {
    expect((await protectFile(at('a.txt'), { service, policy, out: at('new', 'folder') })).path).toBe(
      at('new', 'folder', 'a.ptxt'),
    );
    await protectFile(at('a.txt'), { service, policy, to: at('other.name') });
    expect(same(await opened(at('other.name')), text)).toBe(true);
    expect(names()).toEqual(['a.txt', 'new', 'other.name']);
  });

  it('protects an empty file', async () => {
    writeFileSync(at('empty'), '');
    const { path } = await protectFile(at('empty'), { service, policy });
    expect(path).toBe(at('empty.pfile'));
    expect(await opened(path)).toHaveLength(0);
  });

  it('keeps times and permissions, but no set-user-id bit', async () => {
    chmodSync(at('a.txt'), 0o4640);
    utimesSync(at('a.txt'), 1_000_000_000.5, 1_234_567_890.25);
    await protectFile(at('a.txt'), { service, policy });
    const { mode, mtimeMs, atimeMs } = statSync(at('a.ptxt'));
    expect(mode & 0o7777).toBe(0o640);
    // To the microsecond: Node 24 is finer than the number of seconds that times are set with.
    expect([atimeMs, mtimeMs].map(Math.floor)).toEqual([1_000_000_000_500, 1_234_567_890_250]);
  });

  it('gives the permissions it is told to', async () => {
    await protectFile(at('a.txt'), { service, policy, mode: 0o600 });
    expect(statSync(at('a.ptxt')).mode & 0o777).toBe(0o600);
  });

  it('overwrites only when told to, and asks for no license before that is clear', async () => {
    writeFileSync(at('a.ptxt'), 'precious');
    const unused = { ...service, publish: () => Promise.reject(new Error('asked')) };
    await expect(protectFile(at('a.txt'), { service: unused, policy })).rejects.toMatchObject({
      code: 'OUTPUT_EXISTS',
      message: `${at('a.ptxt')} exists already: allow overwriting, or choose another place.`,
      details: { path: at('a.ptxt') },
    });
    expect(readFileSync(at('a.ptxt'), 'utf8')).toBe('precious');
    await protectFile(at('a.txt'), { service, policy, overwrite: true });
    expect(same(await opened(at('a.ptxt')), text)).toBe(true);
    expect(names()).toEqual(['a.ptxt', 'a.txt']);
  });

  it('does not overwrite a file that appears while it works', async () => {
    const onProgress = (): void => writeFileSync(at('a.ptxt'), 'precious');
    await expect(protectFile(at('a.txt'), { service, policy, onProgress })).rejects.toMatchObject({
      code: 'OUTPUT_EXISTS',
    });
    expect(readFileSync(at('a.ptxt'), 'utf8')).toBe('precious');
    expect(names()).toEqual(['a.ptxt', 'a.txt']);
  });

  it('refuses a file that is protected already', async () => {
    await protectFile(at('a.txt'), { service, policy });
    for (const inPlace of [false, true])
      await expect(protectFile(at('a.ptxt'), { service, policy, inPlace })).rejects.toMatchObject({
        code: 'ALREADY_PROTECTED',
      });
    expect(names()).toEqual(['a.ptxt', 'a.txt']);
  });

  it('refuses places that are contradictory, the input itself, a folder or a device', async () => {
    const refused = (options: object, code: string) =>
      expect(protectFile(at('a.txt'), { service, policy, ...options })).rejects.toMatchObject({ code });
    mkdirSync(at('folder'));
    execFileSync('mkfifo', [at('pipe')]);
    symlinkSync('a.txt', at('link'));
    linkSync(at('a.txt'), at('second'));
    await refused({ out: folder, inPlace: true }, 'INVALID_ARGUMENT');
    await refused({ to: at('a.txt'), overwrite: true }, 'INVALID_ARGUMENT');
    await refused({ to: at('link'), overwrite: true }, 'INVALID_ARGUMENT');
    await refused({ to: at('second'), overwrite: true }, 'INVALID_ARGUMENT');
    await refused({ to: at('folder'), overwrite: true }, 'NOT_A_FILE');
    await refused({ to: at('pipe'), overwrite: true }, 'NOT_A_FILE');
    await refused({ to: at('none', 'a.ptxt') }, 'FILE_NOT_FOUND');
    await refused({ to: at('a.txt', 'a.ptxt') }, 'FILE_NOT_FOUND');
    expect(same(readFileSync(at('a.txt')), text)).toBe(true);
    expect(names()).toEqual(['a.txt', 'folder', 'link', 'pipe', 'second']);
  });

  it('leaves no litter when aborted, and rejects with the reason', async () => {
    for (const inPlace of [false, true]) {
      const stop = new AbortController();
      const onProgress = (): void => stop.abort(new Error('enough'));
      const { signal } = stop;
      await expect(
        protectFile(at('a.txt'), { service, policy, inPlace, signal, onProgress }),
      ).rejects.toThrow('enough');
      expect(names()).toEqual(['a.txt']);
      expect(same(readFileSync(at('a.txt')), text)).toBe(true);
    }
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(protectFile(at('a.txt'), { service, policy, signal })).rejects.toThrow('too late');
    expect(names()).toEqual(['a.txt']);
  });

  it('leaves no litter when the service refuses', async () => {
    const refusing = { ...service, publish: () => Promise.reject(new Error('refused')) };
    await expect(protectFile(at('a.txt'), { service: refusing, policy, out: at('new') })).rejects.toThrow(
      'refused',
    );
    expect(names()).toEqual(['a.txt']);
  });

  it('notices that the original is changed meanwhile', async () => {
    const onProgress = (): void => writeFileSync(at('a.txt'), 'changed');
    await expect(protectFile(at('a.txt'), { service, policy, onProgress })).rejects.toMatchObject({
      code: 'IO_FAILED',
      message: `${at('a.txt')} was changed while it was read: try again when nothing writes to it.`,
    });
    expect(names()).toEqual(['a.txt']);
  });
});

describe('Protecting a file in place', () => {
  it('leaves the protected file only', async () => {
    const { path, otherNames } = await protectFile(at('a.txt'), { service, policy, inPlace: true });
    expect([path, otherNames]).toEqual([at('a.ptxt'), 0]);
    expect(names()).toEqual(['a.ptxt']);
    expect(same(await opened(path), text)).toBe(true);
  });

  it('refuses before it starts if the new name is taken', async () => {
    writeFileSync(at('a.ptxt'), 'precious');
    await expect(protectFile(at('a.txt'), { service, policy, inPlace: true })).rejects.toMatchObject({
      code: 'OUTPUT_EXISTS',
    });
    expect(same(readFileSync(at('a.txt')), text)).toBe(true);
    expect(readFileSync(at('a.ptxt'), 'utf8')).toBe('precious');
  });

  it('refuses a symbolic link, which is followed otherwise', async () => {
    symlinkSync('a.txt', at('link.txt'));
    await expect(protectFile(at('link.txt'), { service, policy, inPlace: true })).rejects.toMatchObject({
      code: 'NOT_A_FILE',
      message: expect.stringContaining('is a symbolic link'),
    });
    expect((await protectFile(at('link.txt'), { service, policy })).path).toBe(at('link.ptxt'));
    expect(lstatSync(at('link.ptxt')).isFile()).toBe(true);
  });

  it('tells that other names of the file still lead to the plaintext', async () => {
    linkSync(at('a.txt'), at('second.txt'));
    expect((await protectFile(at('a.txt'), { service, policy, inPlace: true })).otherNames).toBe(1);
    expect(same(readFileSync(at('second.txt')), text)).toBe(true);
  });

  it('does not replace a file that an editor saved anew meanwhile', async () => {
    const onProgress = (): void => {
      writeFileSync(at('saved'), 'new version');
      renameSync(at('saved'), at('a.txt'));
    };
    await expect(
      protectFile(at('a.txt'), { service, policy, inPlace: true, onProgress }),
    ).rejects.toMatchObject({
      code: 'IO_FAILED',
    });
    expect(names()).toEqual(['a.txt']);
    expect(readFileSync(at('a.txt'), 'utf8')).toBe('new version');
  });

  describe('after a run that died', () => {
    it('between content and name, only gives the name', async () => {
      const { contentId } = await protectFile(at('a.txt'), { service, policy, inPlace: true });
      renameSync(at('a.ptxt'), at('a.txt'));
      const result = await protectFile(at('a.txt'), { service, policy, inPlace: true });
      expect(result).toMatchObject({ path: at('a.ptxt'), finishedEarlierRun: true, bytesIn: text.length });
      expect(result.contentId).toBe(contentId);
      expect(names()).toEqual(['a.ptxt']);
      expect(same(await opened(at('a.ptxt')), text)).toBe(true);
    });

    it('while it renamed, takes the old name away', async () => {
      await protectFile(at('a.txt'), { service, policy, inPlace: true });
      linkSync(at('a.ptxt'), at('a.txt'));
      const result = await protectFile(at('a.txt'), { service, policy, inPlace: true });
      expect(result.finishedEarlierRun).toBe(true);
      expect(names()).toEqual(['a.ptxt']);
    });

    it('does not replace another file that has the name now', async () => {
      await protectFile(at('a.txt'), { service, policy, inPlace: true });
      renameSync(at('a.ptxt'), at('a.txt'));
      writeFileSync(at('a.ptxt'), 'precious');
      await expect(protectFile(at('a.txt'), { service, policy, inPlace: true })).rejects.toMatchObject({
        code: 'OUTPUT_EXISTS',
      });
      expect(readFileSync(at('a.ptxt'), 'utf8')).toBe('precious');
      expect(same(await opened(at('a.txt')), text)).toBe(true);
    });

    it('says that a file is protected if its name was changed by hand', async () => {
      await protectFile(at('a.txt'), { service, policy, inPlace: true });
      renameSync(at('a.ptxt'), at('a.doc'));
      await expect(protectFile(at('a.doc'), { service, policy, inPlace: true })).rejects.toMatchObject({
        code: 'ALREADY_PROTECTED',
      });
    });
  });
});

describe.skipIf(process.geteuid?.() === 0)('Without the permission (not run by root, who has it)', () => {
  it('a folder that may not be written to is refused with one sentence', async () => {
    mkdirSync(at('closed'), { mode: 0o500 });
    const path = at('closed', 'a.ptxt');
    await expect(protectFile(at('a.txt'), { service, policy, to: path })).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
      message: `${path} cannot be written because you lack the permission: ask for it, or choose another place.`,
    });
  });

  it('a write-protected file is not replaced in place', async () => {
    chmodSync(at('a.txt'), 0o400);
    await expect(protectFile(at('a.txt'), { service, policy, inPlace: true })).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    });
    expect(names()).toEqual(['a.txt']);
  });
});

describe.skipIf(process.geteuid?.() !== 0)('The owner of a file (needs root, to give files away)', () => {
  it('gets the protected file too, but not what somebody else opened', async () => {
    chownSync(at('a.txt'), 12345, 23456);
    await protectFile(at('a.txt'), { service, policy });
    const { uid, gid } = statSync(at('a.ptxt'));
    expect([uid, gid]).toEqual([12345, 23456]);
    const file = await openFile(at('a.ptxt'), { service });
    await file.saveTo(at('opened'));
    await file.close();
    expect(statSync(at('opened')).uid).toBe(0);
  });
});

const small = join(tmpdir(), `sealwright-small-disk-${process.pid}`);
const canMount = ((): boolean => {
  if (process.platform !== 'linux' || process.geteuid?.() !== 0) return false;
  mkdirSync(small, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'sealwright-test', small], { stdio: 'ignore' });
    execFileSync('umount', [small]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(small, { recursive: true });
  }
})();

describe.skipIf(!canMount)('A full disk (needs root, to mount a small one)', () => {
  beforeEach(() => {
    mkdirSync(small);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'sealwright-test', small]);
  });
  afterEach(() => {
    execFileSync('umount', [small]);
    rmSync(small, { recursive: true });
  });

  it('is noticed before anything is written, and nothing is lost', async () => {
    writeFileSync(at('big.txt'), new Uint8Array(20_000_000));
    await expect(protectFile(at('big.txt'), { service, policy, out: small })).rejects.toMatchObject({
      code: 'NO_SPACE',
      message: expect.stringMatching(
        /big\.ptxt cannot be written because the disk is full \(20\.0 MB needed, 16\.8 MB free\): make room, or choose another disk\.$/,
      ),
    });
    expect(readdirSync(small)).toEqual([]);
    expect(existsSync(at('big.txt'))).toBe(true);
  });

  it('is reported if it fills up meanwhile, and no half file stays', async () => {
    writeFileSync(at('big.txt'), new Uint8Array(12_000_000));
    const onProgress = (): void => {
      try {
        for (;;) appendFileSync(join(small, 'other'), new Uint8Array(100_000));
      } catch {
        // Now it is full.
      }
    };
    await expect(
      protectFile(at('big.txt'), { service, policy, out: small, onProgress }),
    ).rejects.toMatchObject({
      code: 'NO_SPACE',
    });
    expect(readdirSync(small)).toEqual(['other']);
  });

  it('that is read-only is reported as such', async () => {
    execFileSync('mount', ['-o', 'remount,ro', small]);
    await expect(protectFile(at('a.txt'), { service, policy, out: small })).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
      message: expect.stringContaining('read-only disk'),
    });
  });
});
