import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initAuthority, openAuthority } from '../../src/authority/folder/index.ts';
import type { UsageRecord } from '../../src/authority/index.ts';

// In node_modules, so that the bundled program finds the SQLite driver as any program would.
const modules = fileURLToPath(new URL('../../node_modules/', import.meta.url));
const files = 25;
let folder: string;
let program: string;

beforeAll(async () => {
  mkdirSync(modules, { recursive: true });
  folder = mkdtempSync(join(modules, '.sealwright-two-processes-'));
  program = join(folder, 'worker.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('two-processes.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['@photostructure/sqlite'],
    logLevel: 'error',
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  readonly status: number | null;
  readonly errors: string;
  readonly made: readonly string[];
}

/** Starts a worker; `go` lets it begin and gives how it ended. */
async function start(authority: string, name: string): Promise<{ go(): Promise<Ended> }> {
  const child = spawn(process.execPath, [program, authority, name, String(files)], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      const made = output.slice('ready\n'.length) || '[]';
      resolve({ status, errors, made: JSON.parse(made) as string[] });
    });
  });
  await Promise.race([once(child.stdout, 'data'), ended]);
  return {
    go() {
      child.stdin.end();
      return ended;
    },
  };
}

describe('two processes on one authority folder', () => {
  it('protect, open, refuse and withdraw at the same time without an error, and log every request once', async () => {
    const path = join(folder, 'authority');
    await (await initAuthority(path)).close();
    const workers = await Promise.all([start(path, 'ana'), start(path, 'bo')]);
    const ended = await Promise.all(workers.map((worker) => worker.go()));
    for (const { status, errors } of ended) expect(`${status} ${errors}`).toBe('0 ');

    const authority = await openAuthority(path);
    const rows: UsageRecord[] = [];
    for await (const row of authority.usageLog()) rows.push(row);
    await authority.close();

    const withdrawn = Math.ceil(files / 5);
    const expected = new Map<string, number>();
    for (const name of ['ana', 'bo']) {
      expected.set(`FECreatePublishingLicenseV1 ${name}@contoso.com Success`, files);
      expected.set(`RevokeAccess ${name}@contoso.com Success`, withdrawn);
    }
    expected.set('AcquireLicense reader@contoso.com Success', 2 * files);
    expected.set('AcquireLicense reader@contoso.com AccessDenied', 2 * withdrawn);
    expected.set('AcquireLicense eve@example.com AccessDenied', 2 * files);
    const found = new Map<string, number>();
    for (const { requestType, userId, result } of rows) {
      const kind = `${requestType} ${userId} ${result}`;
      found.set(kind, (found.get(kind) ?? 0) + 1);
    }
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
    expect(new Set(rows.map(({ rowId }) => rowId)).size).toBe(rows.length);

    // At the same time, and not one after the other.
    const owners = rows.map(({ ownerEmail }) => ownerEmail);
    expect(owners.indexOf('bo@contoso.com')).toBeLessThan(owners.lastIndexOf('ana@contoso.com'));
    expect(owners.indexOf('ana@contoso.com')).toBeLessThan(owners.lastIndexOf('bo@contoso.com'));

    for (const [i, name] of ['ana', 'bo'].entries()) {
      const published = rows.filter(
        ({ requestType, userId }) =>
          requestType === 'FECreatePublishingLicenseV1' && userId === `${name}@contoso.com`,
      );
      expect(published.map(({ contentId }) => contentId)).toEqual(ended[i]?.made);
    }
  }, 60_000);
});
