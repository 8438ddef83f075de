import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LicensingService } from '../licensing/index.ts';
import { changeFileLabels } from './file-labels.ts';
import { inspectFile } from './inspect-file.ts';
import { openFile } from './open-file.ts';
import { protectFile } from './protect-file.ts';
import { removeProtectionFromFile } from './remove-protection-from-file.ts';
import { reprotectFile } from './reprotect-file.ts';
import { makeTestService } from './test/service.ts';

/** What can be wrong with one file of many: it is said of that file, nothing was asked of the service, nothing is left behind. */

let real: LicensingService;
let service: LicensingService;
let folder: string;
const policy = { grants: [{ to: 'bob@contoso.com', rights: ['VIEW'] }] };
const text = new TextEncoder().encode('The quick brown fox jumps over the lazy dog.\n'.repeat(1000));
const at = (...names: string[]): string => join(folder, ...names);
const names = (): string[] => readdirSync(folder).sort();

beforeAll(async () => {
  real = await makeTestService();
});
beforeEach(() => {
  service = { ...real, publish: vi.fn(real.publish), acquireUseLicense: vi.fn(real.acquireUseLicense) };
  folder = mkdtempSync(join(tmpdir(), 'sealwright-one-'));
  writeFileSync(at('a.txt'), text);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Everything that is done to one file, in place where that can be said. */
const operations: readonly (readonly [string, (path: string) => Promise<unknown>])[] = [
  ['protecting', (path) => protectFile(path, { service, policy })],
  ['protecting in place', (path) => protectFile(path, { service, policy, inPlace: true })],
  ['opening', (path) => openFile(path, { service })],
  ['protecting anew', (path) => reprotectFile(path, { service, policy, inPlace: true })],
  ['removing protection', (path) => removeProtectionFromFile(path, { service, inPlace: true })],
  ['inspecting', (path) => inspectFile(path)],
];

describe('A long name', () => {
  const long = `${'x'.repeat(247)}.dwg`;

  it.each([
    ['beside', {}],
    ['in place', { inPlace: true }],
  ])(
    'whose protected name would be too long is refused %s before a license is asked for',
    async (_, place) => {
      writeFileSync(at(long), text);
      await expect(protectFile(at(long), { service, policy, ...place })).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: `${at(long)} has a name of 251 bytes, and that of the new file would have 257, which is more than this disk takes: shorten the name, or choose another path for the new file.`,
      });
      expect(service.publish).not.toHaveBeenCalled();
      expect(names()).toEqual(['a.txt', long].sort());
    },
  );

  it('of as many bytes as the disk takes is protected in place and opened again', async () => {
    const name = `${'ä'.repeat(125)}.dat`;
    expect(Buffer.byteLength(name)).toBe(254);
    writeFileSync(at(name), text);
    const to = at(`${'ä'.repeat(124)}.pfile`);
    await protectFile(at(name), { service, policy, to });
    const opened = await removeProtectionFromFile(to, { service, inPlace: true });
    expect(readFileSync(opened.path)).toEqual(Buffer.from(text));
  });

  it('is counted in bytes, not in characters', async () => {
    const name = `${'\u{1f512}'.repeat(62)}.dwg`;
    writeFileSync(at(name), text);
    await expect(protectFile(at(name), { service, policy })).rejects.toThrow(
      'a name of 252 bytes, and that of the new file would have 258',
    );
  });

  it('in folders so deep that the temporary name does not fit is refused before a license is asked for', async () => {
    // Each step is taken from the one before, because the whole path would be too long to be given.
    const deep = Array.from({ length: 19 }, () => 'd'.repeat(200));
    const path = at(...deep, 'e'.repeat(4095 - at(...deep, 'x').length - 40), 'a.txt');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    for (const inPlace of [true, false])
      await expect(protectFile(path, { service, policy, inPlace })).rejects.toThrow(/while it is written/);
    expect(service.publish).not.toHaveBeenCalled();
    expect(readdirSync(dirname(path))).toEqual(['a.txt']);
  });

  it('of the place to save to is refused with a sentence', async () => {
    const { path } = await protectFile(at('a.txt'), { service, policy });
    const file = await openFile(path, { service });
    await expect(file.saveTo(at('z'.repeat(300)))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await file.close();
  });
});

describe('A strange name', () => {
  it.each([
    ['a line feed', 'a\nb.txt'],
    ['quotes', `a"b'c.txt`],
    ['a backslash', 'a\\b.txt'],
    ['blanks at its ends', ' a.txt '],
    ['only dots', '...'],
    ['an emoji', '\u{1f512}.txt'],
    ['a decomposed letter', 'a\u0308.txt'],
    ['a leading dash', '-rf.txt'],
    ['a control character', 'a\u0007.txt'],
    ['a replacement character', 'a\ufffd.txt'],
    ['right-to-left marks', 'a\u202etxt.exe'],
  ])('with %s survives protecting and opening in place', async (_, name) => {
    writeFileSync(at(name), text);
    const { path } = await protectFile(at(name), { service, policy, inPlace: true });
    expect(names()).toHaveLength(2);
    const opened = await removeProtectionFromFile(path, { service, inPlace: true });
    // What may not stand in names elsewhere is replaced when the file is opened (spec/pfile.md, "Names").
    expect(readFileSync(opened.path)).toEqual(Buffer.from(text));
    expect(names()).toHaveLength(2);
  });
});

describe('A file that is changed, though it is small,', () => {
  it.each([
    ['grows', (path: string) => appendFileSync(path, 'more')],
    ['shrinks', (path: string) => truncateSync(path, 10)],
    ['gets other bytes', (path: string) => overwrite(path)],
  ])('and %s while it is protected fails, and stays as it is then', async (_, change) => {
    const path = at('a.txt');
    const publish: LicensingService['publish'] = (...request) => {
      change(path);
      return real.publish(...request);
    };
    const slow = { ...service, publish };
    for (const inPlace of [true, false]) {
      utimesSync(path, 1, 1);
      const failed = protectFile(path, { service: slow, policy, inPlace });
      await expect(failed).rejects.toMatchObject({
        code: 'IO_FAILED',
        message: expect.stringContaining('was changed while it was read'),
      });
      expect(names()).toEqual(['a.txt']);
    }
  });

  function overwrite(path: string): void {
    const descriptor = openSync(path, 'r+');
    writeSync(descriptor, 'other', 0);
    closeSync(descriptor);
  }
});

describe.each(operations)('%s', (_, operation) => {
  it('a file that was deleted after it was listed says so', async () => {
    await expect(operation(at('gone.txt'))).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
      message: `${at('gone.txt')} does not exist: check the name and the folder.`,
    });
    expect(names()).toEqual(['a.txt']);
  });

  it('a file whose folder became a file says the same', async () => {
    await expect(operation(at('a.txt', 'b.ptxt'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });

  it('a circle of symbolic links is refused', async () => {
    symlinkSync('two.ptxt', at('one.ptxt'));
    symlinkSync('one.ptxt', at('two.ptxt'));
    await expect(operation(at('one.ptxt'))).rejects.toMatchObject({
      code: 'IO_FAILED',
      message: expect.stringContaining('leads in a circle'),
    });
  });

  it('a folder, a pipe without a writer and a device are refused at once', async () => {
    mkdirSync(at('folder.ptxt'));
    execFileSync('mkfifo', [at('pipe.ptxt')]);
    for (const path of [at('folder.ptxt'), at('pipe.ptxt'), '/dev/null'])
      await expect(operation(path)).rejects.toMatchObject({ code: 'NOT_A_FILE' });
    expect(names()).toEqual(['a.txt', 'folder.ptxt', 'pipe.ptxt']);
  });

  it('a socket is refused', async () => {
    const server = await new Promise<Server>((resolve) => {
      const listening = createServer().listen(at('socket'), () => resolve(listening));
    });
    try {
      await expect(operation(at('socket'))).rejects.toMatchObject({ code: 'NOT_A_FILE' });
    } finally {
      server.close();
    }
  });
});

/** The flag that keeps even root from changing a file; not every disk has it. */
function immutable(path: string, set: boolean): boolean {
  try {
    execFileSync('chattr', [set ? '+i' : '-i', path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
const hasImmutable = ((): boolean => {
  const probe = mkdtempSync(join(tmpdir(), 'sealwright-flag-'));
  try {
    return immutable(probe, true) && immutable(probe, false);
  } finally {
    rmSync(probe, { recursive: true });
  }
})();

describe.skipIf(!hasImmutable)('Made immutable (needs root and a disk that knows the flag),', () => {
  it('a file is not replaced, and no license is asked for; a protected file beside it is', async () => {
    immutable(at('a.txt'), true);
    try {
      await expect(protectFile(at('a.txt'), { service, policy, inPlace: true })).rejects.toMatchObject({
        code: 'PERMISSION_DENIED',
        message: expect.stringContaining('cannot be replaced'),
      });
      expect(service.publish).not.toHaveBeenCalled();
      expect(names()).toEqual(['a.txt']);
      await protectFile(at('a.txt'), { service, policy });
      expect(names()).toEqual(['a.ptxt', 'a.txt']);
    } finally {
      immutable(at('a.txt'), false);
    }
  });

  it('a folder takes no new file, and says so', async () => {
    immutable(folder, true);
    try {
      for (const inPlace of [true, false])
        await expect(protectFile(at('a.txt'), { service, policy, inPlace })).rejects.toMatchObject({
          code: 'PERMISSION_DENIED',
        });
      expect(names()).toEqual(['a.txt']);
      expect(readFileSync(at('a.txt'))).toEqual(Buffer.from(text));
    } finally {
      immutable(folder, false);
    }
  });
});

const disk = join(tmpdir(), `sealwright-tiny-disk-${process.pid}`);
const canMount = ((): boolean => {
  if (process.platform !== 'linux' || process.geteuid?.() !== 0) return false;
  mkdirSync(disk, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'sealwright-test', disk], { stdio: 'ignore' });
    execFileSync('umount', [disk]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(disk, { recursive: true });
  }
})();

describe.skipIf(!canMount)('On a disk that is nearly full (needs root, to mount a small one)', () => {
  beforeEach(() => {
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'sealwright-test', disk]);
  });
  afterEach(() => {
    execFileSync('umount', [disk]);
    rmSync(disk, { recursive: true });
  });

  it('a small file that does not fit is reported with both figures, and no part of it stays', async () => {
    writeFileSync(join(disk, 'other'), new Uint8Array(30_000));
    await expect(protectFile(at('a.txt'), { service, policy, out: disk })).rejects.toMatchObject({
      code: 'NO_SPACE',
      message: expect.stringMatching(/the disk is full \([\d.]+ \w+ needed, [\d.]+ \w+ free\): make room/),
    });
    expect(readdirSync(disk)).toEqual(['other']);
  });

  it('a small file stays what it was in place, and the next one that fits is done', async () => {
    const [large, little] = [join(disk, 'large.txt'), join(disk, 'little.txt')];
    writeFileSync(large, text.subarray(0, 40_000));
    writeFileSync(little, 'little');
    await expect(protectFile(large, { service, policy, inPlace: true })).rejects.toMatchObject({
      code: 'NO_SPACE',
    });
    expect(readFileSync(large)).toEqual(Buffer.from(text.subarray(0, 40_000)));
    await protectFile(little, { service, policy, inPlace: true });
    expect(readdirSync(disk).sort()).toEqual(['large.txt', 'little.ptxt']);
  });

  it('a copy with another label does not fit either', async () => {
    const path = join(disk, 'a.jpg');
    writeFileSync(path, Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xd9]), Buffer.alloc(50_000)]));
    const change = {
      set: { id: '11111111-1111-1111-1111-111111111111', siteId: '22222222-2222-2222-2222-222222222222' },
    };
    await expect(changeFileLabels(path, change)).rejects.toMatchObject({ code: 'NO_SPACE' });
    expect(statSync(path).size).toBe(50_004);
    expect(readdirSync(disk)).toEqual(['a.jpg']);
  });
});
