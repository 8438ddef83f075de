import {
  chmodSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LicensingService } from '../licensing/index.ts';
import { inspectFile } from './inspect-file.ts';
import { openFile } from './open-file.ts';
import { protectFile } from './protect-file.ts';
import { removeProtectionFromFile } from './remove-protection-from-file.ts';
import { reprotectFile } from './reprotect-file.ts';
import { makeTestService } from './test/service.ts';

let service: LicensingService;
let folder: string;
const policy = { grants: [{ to: 'bob@contoso.com', rights: ['VIEW'] }] };
const text = new TextEncoder().encode('The quick brown fox jumps over the lazy dog.\n'.repeat(10_000));
const at = (...names: string[]): string => join(folder, ...names);
const names = (): string[] => readdirSync(folder).sort();
const holds = (path: string): boolean => Buffer.compare(readFileSync(path), text) === 0;

beforeAll(async () => {
  service = await makeTestService();
});
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sealwright-open-'));
  writeFileSync(at('a.txt'), text);
  await protectFile(at('a.txt'), { service, policy, inPlace: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('Opening a file', () => {
  it('gives rights, name and content, whole and in parts', async () => {
    const file = await openFile(at('a.ptxt'), { service });
    expect(file).toMatchObject({ path: at('a.ptxt'), name: 'a.txt', size: text.length, rights: ['OWNER'] });
    expect(file.may('PRINT')).toBe(true);
    expect(await file.read(70_000, 9)).toEqual(text.subarray(70_000, 70_009));
    expect(await file.bytes()).toHaveLength(text.length);
    await file.close();
    await expect(file.bytes()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('saves to an exact path or into a folder, readable for the user only', async () => {
    chmodSync(at('a.ptxt'), 0o644);
    utimesSync(at('a.ptxt'), 1_000_000_000, 1_234_567_890);
    const file = await openFile(at('a.ptxt'), { service });
    expect(await file.saveTo(at('exact'))).toBe(at('exact'));
    expect(await file.saveTo(folder)).toBe(at('a.txt'));
    expect(await file.saveTo(`${at('new')}/`)).toBe(at('new', 'a.txt'));
    await file.close();
    for (const path of [at('exact'), at('a.txt'), at('new', 'a.txt')]) expect(holds(path)).toBe(true);
    const { mode, mtimeMs } = statSync(at('exact'));
    expect(mode & 0o777).toBe(0o600);
    expect(Math.floor(mtimeMs)).toBe(1_234_567_890_000);
  });

  it('overwrites only when told to, and never the protected file', async () => {
    writeFileSync(at('a.txt'), 'precious');
    const file = await openFile(at('a.ptxt'), { service });
    await expect(file.saveTo(folder)).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    await expect(file.saveTo(at('a.ptxt'), { overwrite: true })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    expect(readFileSync(at('a.txt'), 'utf8')).toBe('precious');
    await file.saveTo(folder, { overwrite: true, mode: 0o640 });
    expect(statSync(at('a.txt')).mode & 0o777).toBe(0o640);
    await file.close();
  });

  it('leaves no plaintext behind when aborted or when the content was changed', async () => {
    const file = await openFile(at('a.ptxt'), { service });
    const stop = new AbortController();
    const onProgress = (): void => stop.abort(new Error('enough'));
    await expect(file.saveTo(at('out'), { signal: stop.signal, onProgress })).rejects.toThrow('enough');
    await file.close();

    const bytes = readFileSync(at('a.ptxt'));
    bytes[bytes.length - 100_000] = (bytes[bytes.length - 100_000] as number) ^ 1;
    writeFileSync(at('a.ptxt'), bytes);
    const changed = await openFile(at('a.ptxt'), { service });
    await expect(changed.saveTo(at('out'))).rejects.toMatchObject({ code: 'DECRYPTION_FAILED' });
    await changed.close();
    expect(names()).toEqual(['a.ptxt']);
  });

  it('refuses what is not protected, and closes it', async () => {
    writeFileSync(at('plain.txt'), 'x');
    await expect(openFile(at('plain.txt'), { service })).rejects.toMatchObject({ code: 'NOT_PROTECTED' });
    await expect(openFile(at('missing'), { service })).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(openFile(folder, { service })).rejects.toMatchObject({ code: 'NOT_A_FILE' });
  });
});

describe('Removing the protection of a file', () => {
  it('makes a file beside it that only the user may read', async () => {
    chmodSync(at('a.ptxt'), 0o644);
    const result = await removeProtectionFromFile(at('a.ptxt'), { service });
    expect(result).toMatchObject({ path: at('a.txt'), bytesOut: text.length });
    expect(names()).toEqual(['a.ptxt', 'a.txt']);
    expect(statSync(at('a.txt')).mode & 0o777).toBe(0o600);
  });

  it('in place restores the original, permissions included', async () => {
    chmodSync(at('a.ptxt'), 0o644);
    await removeProtectionFromFile(at('a.ptxt'), { service, inPlace: true });
    expect(names()).toEqual(['a.txt']);
    expect(holds(at('a.txt'))).toBe(true);
    expect(statSync(at('a.txt')).mode & 0o777).toBe(0o644);
  });

  it('in place leaves everything if the plain name is taken', async () => {
    writeFileSync(at('a.txt'), 'precious');
    await expect(removeProtectionFromFile(at('a.ptxt'), { service, inPlace: true })).rejects.toMatchObject({
      code: 'OUTPUT_EXISTS',
    });
    expect(readFileSync(at('a.txt'), 'utf8')).toBe('precious');
    expect((await inspectFile(at('a.ptxt'))).protected).toBe(true);
  });

  it('in place goes on where a run died between name and content, or while it renamed', async () => {
    renameSync(at('a.ptxt'), at('a.txt'));
    await removeProtectionFromFile(at('a.ptxt'), { service, inPlace: true });
    expect(names()).toEqual(['a.txt']);
    expect(holds(at('a.txt'))).toBe(true);

    await protectFile(at('a.txt'), { service, policy, inPlace: true });
    linkSync(at('a.ptxt'), at('a.txt'));
    await removeProtectionFromFile(at('a.ptxt'), { service, inPlace: true });
    expect(names()).toEqual(['a.txt']);
    expect(holds(at('a.txt'))).toBe(true);
  });

  it('in place says that a file is missing where nothing was interrupted', async () => {
    rmSync(at('a.ptxt'));
    writeFileSync(at('a.txt'), text);
    await expect(removeProtectionFromFile(at('a.ptxt'), { service, inPlace: true })).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
    });
  });
});

describe('Protecting a file anew', () => {
  it('in place gives it another license under the same name', async () => {
    const before = await inspectFile(at('a.ptxt'));
    const { path, contentId } = await reprotectFile(at('a.ptxt'), { service, policy, inPlace: true });
    expect(path).toBe(at('a.ptxt'));
    expect(contentId).not.toBe(before.contentId);
    expect(names()).toEqual(['a.ptxt']);
    const file = await openFile(path, { service });
    expect(await file.bytes()).toHaveLength(text.length);
    await file.close();
  });

  it('wants to be told where to, because the name stays', async () => {
    await expect(reprotectFile(at('a.ptxt'), { service, policy })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: `${at('a.ptxt')} is the input itself: choose another place for the output, or work in place.`,
    });
    await reprotectFile(at('a.ptxt'), { service, policy, out: at('new') });
    expect(readdirSync(at('new'))).toEqual(['a.ptxt']);
  });
});

describe('Inspecting a file', () => {
  it('tells what a protected and an unprotected file is', async () => {
    writeFileSync(at('plain.txt'), 'x');
    expect(await inspectFile(at('a.ptxt'))).toMatchObject({ protected: true, originalExtension: '.txt' });
    expect(await inspectFile(at('plain.txt'))).toMatchObject({ protected: false });
  });
});
