import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { initAuthority, openAuthority } from '../../authority/folder/index.ts';
import type { Authority } from '../../authority/index.ts';
import type { LicensingService } from '../../licensing/index.ts';
import { serviceRecipe, setServiceRecipe } from '../../licensing/service-recipe.ts';
import { workerScriptFromSources } from '../workers/worker-script.test-support.ts';
import { makeFiles, namesIn, policy } from './bulk-scenes.test-support.ts';
import {
  type FileOutcome,
  openFiles,
  protectFiles,
  removeProtectionFromFiles,
  reprotectFiles,
} from './index.ts';

/** More than are done before there are threads. */
const files = 180;
let scratch: string;
let authority: Authority;
let folder: string;
let tree: string;
let runs = 0;
let threads: { readonly threads: 2; readonly durable: false; readonly workerScript: URL };

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'sealwright-in-threads-'));
  const place = join(scratch, 'authority');
  await (await initAuthority(place, { name: 'Contoso', passphrase: 'a long one' })).close();
  authority = await openAuthority(place, { passphrase: 'a long one' });
  threads = { threads: 2, durable: false, workerScript: await workerScriptFromSources() };
});
afterAll(async () => {
  await authority.close();
  rmSync(scratch, { recursive: true, force: true });
});
beforeEach(() => {
  folder = join(scratch, String(++runs));
  tree = join(folder, 'tree');
});

/** The service, counting what this thread is asked; other threads open it as they would open the service itself. */
function counted(service: LicensingService) {
  const asked = { publish: 0, acquireUseLicense: 0 };
  const counting: LicensingService = {
    ...service,
    publish: (...given) => {
      asked.publish++;
      return service.publish(...given);
    },
    acquireUseLicense: (...given) => {
      asked.acquireUseLicense++;
      return service.acquireUseLicense(...given);
    },
  };
  setServiceRecipe(counting, () => serviceRecipe(service));
  return { service: counting, asked };
}

async function loggedSince(start: Date): Promise<string[]> {
  const rows: string[] = [];
  for await (const { requestType, result } of authority.usageLog({ from: start }))
    rows.push(`${requestType} ${result}`);
  return rows;
}

const alice = () => authority.as('alice@contoso.com');

describe('threads that open an authority in a folder for themselves', () => {
  it('protect, reprotect and remove protection without asking the thread that began, and the log knows each request', async () => {
    makeFiles(tree, files);
    const start = new Date();
    const { service, asked } = counted(alice());
    const options = { ...threads, service, inPlace: true };
    expect(await protectFiles(tree, { ...options, policy })).toMatchObject({ done: files, threads: 2 });
    expect(await reprotectFiles(tree, { ...options, policy })).toMatchObject({ done: files, threads: 2 });
    expect(await removeProtectionFromFiles(tree, options)).toMatchObject({ done: files, threads: 2 });
    expect(asked.publish).toBeLessThan(files);
    expect(asked.acquireUseLicense).toBeLessThan(files);
    const rows = await loggedSince(start);
    expect(rows.filter((row) => row === 'FECreatePublishingLicenseV1 Success')).toHaveLength(2 * files);
    expect(rows.filter((row) => row === 'AcquireLicense Success')).toHaveLength(2 * files);
    expect(readFileSync(join(tree, 'part 17', 'file 173.txt'), 'utf8')).toBe('Content of 173');
  });

  it('refuse each file to whom it is not granted or was revoked for, and open the others', async () => {
    makeFiles(tree, files);
    const ids: string[] = [];
    await protectFiles(tree, {
      ...threads,
      service: alice(),
      policy,
      inPlace: true,
      onFile: ({ path, contentId = '' }) => void (path.endsWith('5.txt') && ids.push(contentId)),
    });
    for (const id of ids) await alice().revoke(id);
    const failed: FileOutcome[] = [];
    const open = (user: string) =>
      openFiles(tree, {
        ...threads,
        service: authority.as(user),
        out: join(folder, user),
        onFile: (outcome) => void (outcome.status === 'failed' && failed.push(outcome)),
      });
    expect(await open('bob@contoso.com')).toMatchObject({ done: files - ids.length, failed: ids.length });
    expect(
      failed.every(({ path, error }) => path.endsWith('5.ptxt') && error?.code === 'ACCESS_DENIED'),
    ).toBe(true);
    expect(await open('eve@fabrikam.com')).toMatchObject({ done: 0, failed: files });
    expect(new Set(failed.map(({ error }) => error?.code))).toEqual(new Set(['ACCESS_DENIED']));
    expect(namesIn(join(folder, 'bob@contoso.com'))).toHaveLength(files - ids.length);
  });

  it('that end under their work lose no file, and do none twice', async () => {
    makeFiles(tree, files);
    const workerScript = await workerScriptFromSources(
      new URL('./crashing-worker.test-support.ts', import.meta.url),
    );
    const ids = new Set<string | undefined>();
    const report = await protectFiles(tree, {
      ...threads,
      workerScript,
      service: alice(),
      policy,
      inPlace: true,
      onFile: ({ contentId }) => void ids.add(contentId),
    });
    expect(report).toMatchObject({ complete: true, found: files, done: files, failed: 0 });
    expect(ids.size).toBe(files);
    const names = Array.from({ length: files }, (_, n) => `file ${n}.ptxt`);
    expect(namesIn(tree)).toEqual(names.sort());
    expect(
      await removeProtectionFromFiles(tree, { ...threads, service: alice(), inPlace: true }),
    ).toMatchObject({ done: files, failed: 0 });
  });

  it('ask the thread that began where the authority is closed, and so tell what it says', async () => {
    makeFiles(tree, 100);
    const other = await openAuthority(join(scratch, 'authority'), { passphrase: 'a long one' });
    const service = other.as('alice@contoso.com');
    expect(serviceRecipe(service)).toBeDefined();
    await other.close();
    expect(serviceRecipe(service)).toBeUndefined();
    const report = await protectFiles(tree, { ...threads, service, policy, inPlace: true });
    expect(report).toMatchObject({ done: 0, failed: 100 });
    expect(report.failures[0]?.error?.message).toContain('The authority was closed');
  });

  it('hold no clock that somebody handed in, which stays with its thread', async () => {
    const other = await openAuthority(join(scratch, 'authority'), {
      passphrase: 'a long one',
      now: () => new Date('2030-01-01'),
    });
    expect(serviceRecipe(other.as('alice@contoso.com'))).toBeUndefined();
    await other.close();
  });
});
