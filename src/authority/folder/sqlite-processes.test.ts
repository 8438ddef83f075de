import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqliteStore } from './sqlite-store.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
// Inside the project, so that the child finds the driver.
const folder = mkdtempSync(join(here, '../../../node_modules/.sealwright-processes-'));
const program = join(folder, 'child.mjs');
const rounds = 40;

/** Opens the store at once with its siblings, then counts, logs and reads; prints what went wrong. */
const childSource = `
import { openSqliteStore } from ${JSON.stringify(join(here, 'sqlite-store.ts'))};
const [path, me, rounds] = [process.argv[2], process.argv[3], Number(process.argv[4])];
const guid = (n) => '00000000-0000-4000-8000-' + n.toString(16).padStart(12, '0');
const store = await openSqliteStore(path, { create: true, patience: 30000 });
for (let n = 0; n < rounds; n++) {
  await store.transaction(async (records) => {
    await records.setSetting('n', ((await records.getSetting('n')) ?? 0) + 1);
    await new Promise((resolve) => setImmediate(resolve));
    await records.appendUsage([{ time: new Date(n), rowId: guid(n), requestType: 'AcquireLicense',
      userId: me + '@contoso.com', result: 'Success', correlationId: guid(n) }]);
  });
  await store.insertContent({ contentId: guid(n), owner: me + '@contoso.com', issuer: me + '@contoso.com', publishedAt: new Date(n) });
  if ((await store.getContent(guid(n))) === undefined) throw new Error('content ' + n + ' is missing');
  let rows = 0;
  for await (const row of store.usage()) rows++;
  if (rows < n + 1) throw new Error('a row of the log is missing');
}
await store.close();
`;

const ended = (child: ChildProcess): Promise<string> => {
  let output = '';
  child.stderr?.on('data', (chunk) => {
    output += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve(`${status} ${output}`));
  });
};

beforeAll(async () => {
  const source = join(folder, 'child-source.mjs');
  writeFileSync(source, childSource);
  await build({
    entryPoints: [source],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['@photostructure/sqlite'],
    logLevel: 'error',
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

const runChildren = (path: string, names: readonly string[]): Promise<string[]> =>
  Promise.all(
    names.map((name) =>
      ended(
        spawn(process.execPath, [program, path, name, String(rounds)], {
          stdio: ['ignore', 'ignore', 'pipe'],
        }),
      ),
    ),
  );

describe('several processes on one SQLite file', () => {
  it('create it, write and read at the same time without an error and lose nothing', async () => {
    const path = join(folder, 'shared.sqlite');
    const names = ['ana', 'bo', 'cy'];
    expect(await runChildren(path, names)).toEqual(names.map(() => '0 '));
    const store = await openSqliteStore(path);
    expect(await store.getSetting('n')).toBe(names.length * rounds);
    expect(await store.countUsage()).toBe(names.length * rounds);
    await store.close();
  });

  it('keep what was committed and nothing else when one of them is killed', async () => {
    const path = join(folder, 'killed.sqlite');
    const child = spawn(process.execPath, [program, path, 'eva', '100000'], { stdio: 'ignore' });
    const end = ended(child);
    const store = await openSqliteStore(path, { create: true, patience: 30_000 });
    while (Number((await store.getSetting('n')) ?? 0) < 5)
      await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGKILL');
    await end;
    const count = await store.getSetting('n');
    expect(await store.countUsage()).toBe(count);
    await store.setSetting('n', 0);
    await store.close();
  });
});
