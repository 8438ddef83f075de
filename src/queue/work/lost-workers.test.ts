import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initAuthority, openAuthority } from '../../authority/folder/index.ts';
import { openFile } from '../../node/index.ts';
import { bulkRunOutcomes } from '../control/run-report.ts';
import { bulkRunStatus } from '../control/run-status.ts';
import { openBulkDatabase } from '../database/bulk-database.ts';
import { submitBulkRun } from '../submit/submit-bulk-run.ts';
import { findPostgres, type PostgresServer, startPostgres } from '../testing/postgres-server.test-support.ts';
import {
  buildWorkerProgram,
  type WorkerProcess,
  type WorkerProgram,
} from '../testing/worker-program.test-support.ts';

describe.skipIf(findPostgres() === undefined)('workers that are lost', () => {
  let server: PostgresServer;
  let program: WorkerProgram;
  let folder: string;
  const share = () => join(folder, 'share');
  const authority = () => join(folder, 'authority');
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sealwright-lost-'));
    mkdirSync(share());
    [server, program] = await Promise.all([startPostgres(), buildWorkerProgram()]);
    await (await initAuthority(authority(), { name: 'Contoso' })).close();
  });
  afterAll(async () => {
    await server?.remove();
    program?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  function write(name: string, files: number): string {
    const place = join(share(), name);
    mkdirSync(place);
    for (let n = 0; n < files; n++) writeFileSync(join(place, `${n}.txt`), `content of ${n}`);
    return place;
  }

  const start = (url: string): WorkerProcess =>
    program.start({ url, root: share(), authority: authority(), leaseSeconds: 3, concurrency: 4 });

  it('lose nothing when they are killed, nor when the database is, and every file is protected once', async () => {
    const place = write('killed', 400);
    const url = server.database('killed');
    const database = await openBulkDatabase(url, { patienceSeconds: 30 });
    const { id } = await submitBulkRun(database, {
      root: share(),
      inputs: [place],
      settings: { operation: 'protect', policy: { grants: [] }, inPlace: true, durable: false },
      batchFiles: 20,
    });
    const doneBy = async (share: number): Promise<void> => {
      while ((await bulkRunStatus(database, id)).done < share * 400) await delay(20);
    };
    const workers = [start(url), start(url), start(url)];
    await doneBy(0.1);
    workers[0]?.process.kill('SIGKILL');
    await doneBy(0.3);
    await server.stop('immediate');
    await delay(700);
    await server.start();
    await doneBy(0.5);
    workers[1]?.process.kill('SIGKILL');
    const last = await workers[2]?.ended;
    expect(last).toMatchObject({ code: 0 });

    expect(await bulkRunStatus(database, id)).toMatchObject({
      run: { state: 'finished' },
      found: 400,
      done: 400,
      skipped: 0,
      failed: 0,
    });
    const ids = new Map<string, string>();
    for await (const outcome of bulkRunOutcomes(database, id))
      ids.set(outcome.output ?? '', outcome.contentId ?? '');
    const names = readdirSync(place);
    expect(names.sort()).toEqual(Array.from({ length: 400 }, (_, n) => `${n}.ptxt`).sort());
    expect(new Set(ids.values()).size).toBe(400);
    const opened = await openAuthority(authority());
    for (const name of names) {
      const path = join(place, name);
      const file = await openFile(path, { service: opened.as('alice@contoso.com') });
      expect(new TextDecoder().decode(await file.bytes())).toBe(`content of ${name.replace('.ptxt', '')}`);
      expect(file.contentId).toBe(ids.get(path));
      file.close();
    }
    await opened.close();
    await database.close();
    expect(readFileSync(join(place, '0.ptxt')).length).toBeGreaterThan(1000);
  }, 90_000);

  it('give back what they hold at once when they are told to end', async () => {
    const place = write('ended', 200);
    const url = server.database('ended');
    const database = await openBulkDatabase(url);
    const { id } = await submitBulkRun(database, {
      root: share(),
      inputs: [place],
      settings: { operation: 'protect', policy: { grants: [] }, inPlace: true, durable: false },
    });
    const worker = start(url);
    while ((await bulkRunStatus(database, id)).done < 10) await delay(20);
    worker.process.kill('SIGINT');
    expect(await worker.ended).toMatchObject({ code: 0 });
    const status = await bulkRunStatus(database, id);
    expect(status).toMatchObject({ started: 0, failed: 0, found: 200, run: { state: 'running' } });
    expect(status.waiting).toBe(200 - status.done);
    expect(status.workers).toMatchObject([{ state: 'gone', holds: 0, settled: status.done }]);
    expect(readdirSync(place).filter((name) => name.endsWith('.ptxt')).length).toBe(status.done);
    await database.close();
  }, 60_000);
});
