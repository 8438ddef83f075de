import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAdministrators } from './administrators.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'administrators-'));
  path = join(folder, 'administrators.json');
});
afterEach(() => rm(folder, { recursive: true }));

const fixed = { 'Ana@Contoso.com': ['owner'] } as const;

describe('openAdministrators', () => {
  it('keeps roles of the configuration and those of the file apart', async () => {
    await writeFile(
      path,
      JSON.stringify({ 'bo@contoso.com': ['auditor'], 'ana@contoso.com': ['owner', 'auditor'] }),
    );
    const administrators = await openAdministrators(fixed, path);
    expect(administrators.current().list()).toEqual([
      { email: 'ana@contoso.com', role: 'owner', fixed: true },
      { email: 'bo@contoso.com', role: 'auditor', fixed: false },
      { email: 'ana@contoso.com', role: 'auditor', fixed: false },
    ]);
    expect([...administrators.current().of('ana@contoso.com')]).toEqual(['owner', 'auditor']);
    expect([...administrators.current().of('eva@contoso.com')]).toEqual([]);
  });

  it('grants and takes back at once, in a file that others cannot read', async () => {
    const administrators = await openAdministrators(fixed, path);
    const before = administrators.current();
    await administrators.grant('Bo@Contoso.com', 'key-officer');
    expect(administrators.current()).not.toBe(before);
    expect([...administrators.current().of('bo@contoso.com')]).toEqual(['key-officer']);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await administrators.revoke('bo@contoso.com', 'key-officer');
    expect([...administrators.current().of('bo@contoso.com')]).toEqual([]);
    expect(await readdir(folder)).toEqual(['administrators.json']);
  });

  it('loses no change of several at the same time', async () => {
    const administrators = await openAdministrators(fixed, path);
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => administrators.grant(`p${index}@contoso.com`, 'auditor')),
    );
    expect(Object.keys(JSON.parse(await readFile(path, 'utf8')))).toHaveLength(20);
  });

  it('keeps what stands in the configuration, and the last owner', async () => {
    const administrators = await openAdministrators(fixed, path);
    await expect(administrators.revoke('ana@contoso.com', 'owner')).rejects.toThrow('by the configuration');
    const without = await openAdministrators({}, path);
    await without.grant('bo@contoso.com', 'owner');
    await expect(without.revoke('bo@contoso.com', 'owner')).rejects.toThrow('last owner');
    await expect(without.revoke('bo@contoso.com', 'auditor')).rejects.toThrow('is not auditor');
    expect([...without.current().of('bo@contoso.com')]).toEqual(['owner']);
  });

  it('writes over nothing that somebody wrote by hand and that cannot be read', async () => {
    const clock = { time: 0 };
    const problems: string[] = [];
    await writeFile(path, '{"ana@contoso.com": ["owner"], "mallory@contoso.com": ["owner"]}');
    const administrators = await openAdministrators({}, path, {
      now: () => new Date(clock.time),
      onProblem: ({ code }) => problems.push(code),
    });
    await writeFile(path, '{"ana@contoso.com": ["owner"],}');
    for (let round = 0; round < 3; round++) {
      clock.time += 5_000;
      await administrators.settle();
    }
    expect(problems).toEqual(['INVALID_ARGUMENT']);
    await expect(administrators.grant('bo@contoso.com', 'auditor')).rejects.toThrow('is not JSON');
    expect(await readFile(path, 'utf8')).toBe('{"ana@contoso.com": ["owner"],}');
  });

  it('changes nothing where there is no file for it', async () => {
    const administrators = await openAdministrators(fixed);
    await expect(administrators.grant('bo@contoso.com', 'auditor')).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  it.each([
    '',
    '[]',
    'null',
    '{"bo": ["auditor"]}',
    '{"bo@contoso.com": ["root"]}',
    '{"bo@contoso.com": "auditor"}',
  ])('refuses a file that holds %j', async (text) => {
    await writeFile(path, text);
    await expect(openAdministrators(fixed, path)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
