import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openedDatabase } from '../database/bulk-database.ts';
import {
  type BulkDatabase,
  bulkRunOutcomes,
  bulkRunReport,
  bulkRunStatus,
  cancelBulkRun,
  listBulkRuns,
  openBulkDatabase,
  pauseBulkRun,
  removeBulkRun,
  resumeBulkRun,
  retryFailedFiles,
  submitBulkRun,
  workOnBulkRuns,
} from '../index.ts';
import { findPostgres, type PostgresServer, startPostgres } from '../testing/postgres-server.test-support.ts';
import { claimBatch } from '../work/claim-batch.ts';
import { takeBackFromLost } from '../work/give-back.ts';
import { markStarted, settleFiles } from '../work/settle-files.ts';
import { heartbeat } from '../work/worker-record.ts';

const settings = { operation: 'inspect' } as const;
const worker = (id: string) => ({
  id: `00000000-0000-4000-8000-00000000000${id}`,
  threads: 1,
  concurrency: 1,
  leaseSeconds: 30,
});

describe.skipIf(findPostgres() === undefined)('runs in a database', () => {
  let server: PostgresServer;
  let folder: string;
  let database: BulkDatabase;
  let url: string;
  beforeAll(async () => {
    server = await startPostgres(['fsync=off']);
    folder = mkdtempSync(join(tmpdir(), 'sealwright-control-'));
    mkdirSync(join(folder, 'in'));
    for (let n = 0; n < 30; n++) writeFileSync(join(folder, 'in', `${n}.txt`), 'text');
    url = server.database('control');
    database = await openBulkDatabase(url);
  });
  afterAll(async () => {
    await database?.close();
    await server?.remove();
    rmSync(folder, { recursive: true, force: true });
  });
  const submit = () =>
    submitBulkRun(database, { root: folder, inputs: [join(folder, 'in')], settings, batchFiles: 10 });
  const work = (run?: string) => workOnBulkRuns(database, { root: folder, threads: 0, run });

  it('are paused, go on when they are resumed, and can be looked at all the while', async () => {
    const { id } = await submit();
    await pauseBulkRun(database, id);
    const ended = new AbortController();
    setTimeout(() => ended.abort(), 300);
    const idle = await workOnBulkRuns(database, { root: folder, threads: 0, run: id, signal: ended.signal });
    expect(idle.done).toBe(0);
    expect(await bulkRunStatus(database, id)).toMatchObject({ waiting: 30, run: { state: 'paused' } });
    await resumeBulkRun(database, id);
    expect((await work(id)).done).toBe(30);
    const report = await bulkRunReport(database, id);
    expect(report).toMatchObject({ complete: true, found: 30, done: 30, failed: 0, sessions: 1 });
    expect(report.throughput.at(-1)?.files).toBe(30);
    const paths: string[] = [];
    for await (const { path, inspection } of bulkRunOutcomes(database, id, { root: '/elsewhere' })) {
      expect(inspection?.protected).toBe(false);
      paths.push(path);
    }
    expect(paths).toContain('/elsewhere/in/7.txt');
    await removeBulkRun(database, id);
    expect((await listBulkRuns(database)).map((run) => run.id)).not.toContain(id);
  });

  it('end for good when they are cancelled', async () => {
    const { id } = await submit();
    await cancelBulkRun(database, id);
    expect((await work(id)).done).toBe(0);
    expect(await bulkRunStatus(database, id)).toMatchObject({ waiting: 30, run: { state: 'cancelled' } });
    await expect(resumeBulkRun(database, id)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('have their failed files done once more, and those only', async () => {
    const { id } = await submit();
    rmSync(join(folder, 'in/3.txt'));
    expect(await work(id)).toMatchObject({ done: 29, failed: 1 });
    writeFileSync(join(folder, 'in/3.txt'), 'text');
    expect((await retryFailedFiles(database, id)).files).toBe(1);
    expect(await work(id)).toMatchObject({ done: 1, failed: 0 });
    expect(await bulkRunStatus(database, id)).toMatchObject({
      done: 30,
      failed: 0,
      run: { state: 'finished' },
    });
  });

  it('count a file once, though the worker that lost it says later that it did it', async () => {
    const { id } = await submit();
    const opened = openedDatabase(database);
    const [slow, other] = [worker('1'), worker('2')];
    const claim = (by: typeof slow) =>
      claimBatch(opened, {
        worker: by.id,
        run: id,
        operations: ['inspect'],
        after: undefined,
        known: new Map(),
      });
    await heartbeat(opened, slow);
    await heartbeat(opened, other);
    const lost = await claim(slow);
    if (lost === undefined) throw new Error('no batch');
    const [file] = lost.files;
    if (file === undefined) throw new Error('no file');
    const mine = [{ held: lost.held, number: file.number }];
    expect(await markStarted(opened, slow.id, mine)).toBe(true);
    expect(await takeBackFromLost(opened)).toBe(0);
    server.sql(
      'control',
      `UPDATE sealwright_bulk.worker SET heartbeat = heartbeat - interval '1 hour', lease = '1 second' WHERE id = '${slow.id}'`,
    );
    // After its start everybody has a whole lease: the shortest is over by now.
    expect(await takeBackFromLost(opened)).toBe(1);
    const taken = await claim(other);
    expect(taken?.held).toMatchObject({ number: lost.held.number, attempt: 2 });
    expect(taken?.files[0]).toMatchObject({ number: file.number, resumed: true, deaths: 1 });
    expect(taken?.files[1]).toMatchObject({ resumed: false, deaths: 0 });
    expect(await markStarted(opened, slow.id, mine)).toBe(false);
    const said = { number: file.number, state: 'done', reason: undefined, bytesIn: 1, bytesOut: 1 } as const;
    await settleFiles(opened, slow.id, [{ ...said, held: lost.held, json: '{"status":"done"}' }]);
    expect(await bulkRunStatus(database, id)).toMatchObject({ done: 0 });
    await settleFiles(opened, other.id, [
      { ...said, held: taken?.held ?? lost.held, json: '{"status":"done"}' },
    ]);
    expect(await bulkRunStatus(database, id)).toMatchObject({ done: 1 });
    await cancelBulkRun(database, id);
  });

  it.each([
    ['leads out of the root', `UPDATE sealwright_bulk.file SET path = '../../etc/passwd'`],
    [
      'has settings that are none of ours',
      `UPDATE sealwright_bulk.run_settings SET settings = '{"operation":"inspect","run":"rm"}'`,
    ],
    ['has a size that is no size', `UPDATE sealwright_bulk.file SET size = -1`],
  ])('are refused where what stands there %s', async (_, sql) => {
    const { id } = await submit();
    server.sql('control', `${sql} WHERE run = '${id}'`);
    await expect(work(id)).rejects.toMatchObject({ code: 'MALFORMED_ANSWER' });
    await cancelBulkRun(database, id);
  });

  it('are not worked on with a sign-in that nobody offered for that', async () => {
    const inputs = [join(folder, 'in')];
    const { id } = await submitBulkRun(database, {
      root: folder,
      inputs,
      settings: { operation: 'unprotect' },
    });
    expect(await work(id)).toMatchObject({ done: 0, skipped: 0, failed: 0 });
    await cancelBulkRun(database, id);
  });

  it('stay below the root', async () => {
    await expect(
      submitBulkRun(database, { root: join(folder, 'in'), inputs: [folder], settings }),
    ).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('need privileges on their tables only, for workers', async () => {
    const { id } = await submit();
    server.sql(
      'control',
      `CREATE ROLE worker LOGIN; GRANT USAGE ON SCHEMA sealwright_bulk TO worker;
       GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA sealwright_bulk TO worker`,
    );
    const limited = await openBulkDatabase(url.replace('postgres@', 'worker@'));
    expect(await workOnBulkRuns(limited, { root: folder, threads: 0, run: id })).toMatchObject({ done: 30 });
    await limited.close();
  });

  it('of a newer version are left alone', async () => {
    const other = server.database('newer');
    await (await openBulkDatabase(other)).close();
    server.sql('newer', 'UPDATE sealwright_bulk.layout SET version = 99');
    await expect(openBulkDatabase(other)).rejects.toMatchObject({ code: 'UNSUPPORTED_VERSION' });
  });

  it('are set up once by many that come first at once', async () => {
    const other = server.database('crowd');
    const all = await Promise.all(Array.from({ length: 5 }, () => openBulkDatabase(other)));
    expect(await listBulkRuns(all[0] as BulkDatabase)).toEqual([]);
    await Promise.all(all.map((each) => each.close()));
  });

  it('are not to be had without a server, nor does the refusal tell the password', async () => {
    const address = 'postgres://worker:geheim@127.0.0.1:1/runs';
    const refusal = await openBulkDatabase(address).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(`${(refusal as Error).message} ${JSON.stringify(refusal)}`).not.toContain('geheim');
    await expect(openBulkDatabase('mysql://worker:geheim@host/runs')).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.not.stringContaining('geheim'),
    });
  });
});
