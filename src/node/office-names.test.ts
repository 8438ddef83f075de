import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LicensingService } from '../licensing/index.ts';
import { openFile } from './open-file.ts';
import { protectFile } from './protect-file.ts';
import { removeProtectionFromFile } from './remove-protection-from-file.ts';
import { reprotectFile } from './reprotect-file.ts';
import { makeTestService } from './test/service.ts';

const workbook = fileURLToPath(new URL('../../examples/documents/budget.xlsx', import.meta.url));
const original = readFileSync(workbook);
const policy = { grants: [{ to: 'bob@contoso.com', rights: ['VIEW'] }] };

let service: LicensingService;
let folder: string;
const at = (...names: string[]): string => join(folder, ...names);
const names = (): string[] => readdirSync(folder).sort();

beforeAll(async () => {
  service = await makeTestService();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealwright-office-'));
  copyFileSync(workbook, at('a.xlsx'));
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
const isOriginal = (bytes: Uint8Array): boolean => original.equals(bytes);

describe('An Office document that is protected in its own format', () => {
  it('keeps its name, and so is called after what was done beside the original', async () => {
    const done = await protectFile(at('a.xlsx'), { service, policy });
    expect(done).toMatchObject({ path: at('a-protected.xlsx'), format: 'office', formatVersion: '1.0' });
    expect(statSync(done.path).size).toBe(done.bytesOut);
    expect(isOriginal(await opened(done.path))).toBe(true);
    expect(isOriginal(readFileSync(at('a.xlsx')))).toBe(true);
  });

  it('keeps its name in another folder and at a path of its own', async () => {
    expect((await protectFile(at('a.xlsx'), { service, policy, out: at('new') })).path).toBe(
      at('new', 'a.xlsx'),
    );
    expect((await protectFile(at('a.xlsx'), { service, policy, to: at('b.xlsx') })).path).toBe(at('b.xlsx'));
  });

  it('is called after what was done in its own folder, however that is written', async () => {
    const { path } = await protectFile(at('a.xlsx'), {
      service,
      policy,
      out: `${folder}/../${basename(folder)}`,
    });
    expect(path.endsWith('a-protected.xlsx')).toBe(true);
    const file = await openFile(at('a-protected.xlsx'), { service });
    await expect(file.saveTo(`${folder}/`)).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    await file.close();
    renameSync(at('a-protected.xlsx'), at('b.xlsx'));
    const renamed = await openFile(at('b.xlsx'), { service });
    expect(await renamed.saveTo(`${folder}/`)).toBe(at('b-unprotected.xlsx'));
    await renamed.close();
  });

  it('asks for no license before it is clear that its place is free', async () => {
    writeFileSync(at('a-protected.xlsx'), 'precious');
    const unused = { ...service, publish: () => Promise.reject(new Error('asked')) };
    await expect(protectFile(at('a.xlsx'), { service: unused, policy })).rejects.toMatchObject({
      code: 'OUTPUT_EXISTS',
      details: { path: at('a-protected.xlsx') },
    });
    expect(readFileSync(at('a-protected.xlsx'), 'utf8')).toBe('precious');
  });

  it('gets its old name back where its protection is removed', async () => {
    await protectFile(at('a.xlsx'), { service, policy });
    const protectedFile = at('a-protected.xlsx');
    await expect(removeProtectionFromFile(protectedFile, { service })).rejects.toMatchObject({
      code: 'OUTPUT_EXISTS',
      details: { path: at('a.xlsx') },
    });
    rmSync(at('a.xlsx'));
    expect((await removeProtectionFromFile(protectedFile, { service })).path).toBe(at('a.xlsx'));
    expect(isOriginal(readFileSync(at('a.xlsx')))).toBe(true);
  });

  it('is protected and opened in place under one name, and never taken for half done', async () => {
    const done = await protectFile(at('a.xlsx'), { service, policy, inPlace: true });
    expect(done).toMatchObject({ path: at('a.xlsx'), finishedEarlierRun: false });
    expect(names()).toEqual(['a.xlsx']);
    for (const format of [undefined, 'office', 'pfile'] as const)
      await expect(
        protectFile(at('a.xlsx'), { service, policy, inPlace: true, format }),
      ).rejects.toMatchObject({ code: 'ALREADY_PROTECTED' });
    await removeProtectionFromFile(at('a.xlsx'), { service, inPlace: true });
    expect(names()).toEqual(['a.xlsx']);
    expect(isOriginal(readFileSync(at('a.xlsx')))).toBe(true);
  });

  it('keeps format and name when it is protected anew', async () => {
    await protectFile(at('a.xlsx'), { service, policy, inPlace: true });
    expect(await reprotectFile(at('a.xlsx'), { service, policy, inPlace: true })).toMatchObject({
      path: at('a.xlsx'),
      format: 'office',
    });
    expect(isOriginal(await opened(at('a.xlsx')))).toBe(true);
  });
});

describe('An Office document as a PFILE', () => {
  it('is named like any other', async () => {
    const done = await protectFile(at('a.xlsx'), { service, policy, format: 'pfile' });
    expect(done).toMatchObject({ path: at('a.xlsx.pfile'), format: 'pfile' });
    expect(isOriginal(await opened(done.path))).toBe(true);
  });

  it('is finished by the next run in place, unless that wants the other format', async () => {
    const { path } = await protectFile(at('a.xlsx'), { service, policy, format: 'pfile', inPlace: true });
    renameSync(path, at('a.xlsx'));
    await expect(
      protectFile(at('a.xlsx'), { service, policy, format: 'office', inPlace: true }),
    ).rejects.toMatchObject({ code: 'ALREADY_PROTECTED' });
    expect(await protectFile(at('a.xlsx'), { service, policy, inPlace: true })).toMatchObject({
      path: at('a.xlsx.pfile'),
      finishedEarlierRun: true,
      format: 'pfile',
    });
    expect(names()).toEqual(['a.xlsx.pfile']);
  });

  it('stays one when it is protected anew, and changes its name with its format', async () => {
    const { path } = await protectFile(at('a.xlsx'), { service, policy, format: 'pfile', inPlace: true });
    expect((await reprotectFile(path, { service, policy, inPlace: true })).format).toBe('pfile');
    const changed = await reprotectFile(path, { service, policy, inPlace: true, format: 'office' });
    expect(changed).toMatchObject({ path: at('a.xlsx'), format: 'office' });
    expect(names()).toEqual(['a.xlsx']);
    const back = await reprotectFile(changed.path, { service, policy, inPlace: true, format: 'pfile' });
    expect(back).toMatchObject({ path: at('a.xlsx.pfile'), format: 'pfile' });
    expect(names()).toEqual(['a.xlsx.pfile']);
    expect(isOriginal(await opened(back.path))).toBe(true);
  });
});

describe('A file that is no Office document', () => {
  it('is not protected as one', async () => {
    writeFileSync(at('a.txt'), 'text');
    for (const inPlace of [false, true])
      await expect(
        protectFile(at('a.txt'), { service, policy, inPlace, format: 'office' }),
      ).rejects.toMatchObject({ code: 'UNSUPPORTED_FORMAT' });
    expect(names()).toEqual(['a.txt', 'a.xlsx']);
  });
});
