import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthority, createMemoryStore } from '../../authority/index.ts';
import { custodianFromPkcs8, generateRsaKey } from '../../license/index.ts';
import { bulkRunStatus } from '../control/run-status.ts';
import { openBulkDatabase } from '../database/bulk-database.ts';
import { submitBulkRun } from '../submit/submit-bulk-run.ts';
import { findPostgres, type PostgresServer, startPostgres } from '../testing/postgres-server.test-support.ts';
import { workOnBulkRuns } from './work-on-bulk-runs.ts';

describe.skipIf(findPostgres() === undefined)('a run on many machines', () => {
  let server: PostgresServer;
  let folder: string;
  beforeAll(async () => {
    server = await startPostgres(['fsync=off']);
    folder = mkdtempSync(join(tmpdir(), 'sealwright-queue-'));
  });
  afterAll(async () => {
    await server?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('protects every file of a folder once, with two workers at the same time', async () => {
    mkdirSync(join(folder, 'a/b'), { recursive: true });
    for (let n = 0; n < 250; n++)
      writeFileSync(join(folder, n % 2 ? 'a' : 'a/b', `f${n}.txt`), `content ${n}`);
    const authority = await createAuthority({
      store: createMemoryStore(),
      custodian: await custodianFromPkcs8(await generateRsaKey(2048)),
    });
    const service = authority.as('alice@contoso.com');
    const database = await openBulkDatabase(server.database('once'));
    const { id, files } = await submitBulkRun(database, {
      root: folder,
      inputs: [join(folder, 'a')],
      settings: { operation: 'protect', policy: { grants: [] }, inPlace: true },
      batchFiles: 20,
    });
    expect(files).toBe(250);
    const work = () => workOnBulkRuns(database, { root: folder, service, threads: 0 });
    await Promise.all([work(), work()]);
    const status = await bulkRunStatus(database, id);
    expect(status).toMatchObject({ done: 250, failed: 0, skipped: 0, waiting: 0, started: 0 });
    expect(readdirSync(join(folder, 'a/b')).length).toBe(125);
    await database.close();
  });
});
