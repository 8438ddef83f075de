import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LicensingService } from '../../../licensing/index.ts';
import { makeTestService } from '../../test/service.ts';
import type { BulkReport } from '../bulk-report.ts';
import type { FileOutcome } from '../outcome.ts';
import { type WatchFolderOptions, watchFolder } from './watch-folder.ts';

let service: LicensingService;
beforeAll(async () => {
  service = await makeTestService();
});
let scratch: string;
let drop: string;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'sealwright-watch-'));
  drop = join(scratch, 'drop');
  mkdirSync(drop);
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

/** Watches while `during` runs, and gives what was settled and the report. */
async function watched(
  during: (settled: readonly FileOutcome[]) => Promise<void>,
  more: Partial<WatchFolderOptions> = {},
): Promise<{ settled: readonly FileOutcome[]; report: BulkReport }> {
  const stop = new AbortController();
  const settled: FileOutcome[] = [];
  const report = watchFolder(drop, {
    service,
    policy: { grants: [{ to: 'contoso.com', rights: 'Viewer' }] },
    threads: 0,
    durable: false,
    inPlace: true,
    settleMilliseconds: 60,
    rescanMilliseconds: 150,
    ...more,
    signal: stop.signal,
    onFile: (outcome) => void settled.push(outcome),
  } as WatchFolderOptions);
  try {
    await during(settled);
  } finally {
    stop.abort();
  }
  return { settled, report: await report };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(10);
}
const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
const names = (): string[] => readdirSync(drop).sort();

describe('a watched folder', () => {
  it('goes on, and says so once, where there is a file that nobody can look at', async () => {
    const parts = Array.from({ length: 8 }, () => 'd'.repeat(250));
    const [upper, lower] = [join(drop, ...parts), join(scratch, 'lower')];
    mkdirSync(upper, { recursive: true });
    mkdirSync(join(lower, ...parts), { recursive: true });
    const name = `${'f'.repeat(100)}.txt`;
    writeFileSync(join(lower, ...parts, name), 'deep');
    // Together they make a path that is too long for the system.
    renameSync(lower, join(upper, 'lower'));
    try {
      const { settled } = await watched(async (done) => {
        await until(() => done.length === 1);
        writeFileSync(join(drop, 'second.txt'), 'second');
        await until(() => done.length === 2);
      });
      expect(settled.map(({ status }) => status)).toEqual(['failed', 'done']);
      expect(settled[0]?.path.endsWith(name)).toBe(true);
    } finally {
      renameSync(join(upper, 'lower'), lower);
    }
  });

  it('has what was there and what comes protected, each file once', async () => {
    writeFileSync(join(drop, 'first.txt'), 'first');
    writeFileSync(join(drop, 'budget.csv'), 'a,b');
    const { settled, report } = await watched(async (done) => {
      await until(() => done.length === 2);
      writeFileSync(join(drop, 'second.txt'), 'second');
      mkdirSync(join(drop, 'below'));
      writeFileSync(join(drop, 'below', 'third.txt'), 'third');
      await until(() => done.length === 4);
      await pause(500);
    });
    expect(settled.map(({ status }) => status)).toEqual(['done', 'done', 'done', 'done']);
    expect(report).toMatchObject({ complete: true, found: 4, done: 4, skipped: 0, failed: 0, sessions: 1 });
    expect(names()).toEqual(['below', 'budget.csv.pfile', 'first.ptxt', 'second.ptxt']);
  });

  it('waits until a file no longer grows', async () => {
    const path = join(drop, 'growing.txt');
    const { settled } = await watched(
      async (done) => {
        for (let n = 0; n < 12; n++) {
          appendFileSync(path, 'x'.repeat(10));
          await pause(30);
          expect(done).toEqual([]);
        }
        await until(() => done.length === 1);
      },
      { settleMilliseconds: 1_000 },
    );
    expect(settled[0]).toMatchObject({ status: 'done', bytesIn: 120 });
  });

  it('does not take what it made, and takes what was changed afterwards', async () => {
    const path = join(drop, 'report.txt');
    const { settled, report } = await watched(
      async (done) => {
        writeFileSync(path, 'one');
        await until(() => done.length === 1);
        await pause(400);
        expect(done).toHaveLength(1);
        writeFileSync(path, 'two, and longer');
        await until(() => done.length === 2);
        await pause(400);
      },
      { inPlace: false, overwrite: true },
    );
    expect(settled.map(({ bytesIn }) => bytesIn)).toEqual([3, 15]);
    expect(report).toMatchObject({ found: 2, done: 2, skipped: 0 });
  });

  it('tells once of what it passes over or cannot do', async () => {
    symlinkSync('nowhere', join(drop, 'link'));
    writeFileSync(join(drop, 'report.txt'), 'content');
    mkdirSync(join(drop, 'report.ptxt'));
    const { settled } = await watched(async (done) => {
      await until(() => done.length >= 2);
      await pause(500);
    });
    expect(settled.map(({ path, status }) => [path, status]).sort()).toEqual([
      [join(drop, 'link'), 'skipped'],
      [join(drop, 'report.txt'), 'failed'],
    ]);
  });

  it('may be removed and made again, and need not be there at first', async () => {
    renameSync(drop, join(scratch, 'away'));
    await watched(async (done) => {
      await pause(200);
      mkdirSync(drop);
      writeFileSync(join(drop, 'a.txt'), 'a');
      await until(() => done.length === 1);
      rmSync(drop, { recursive: true });
      await pause(200);
      mkdirSync(drop);
      writeFileSync(join(drop, 'b.txt'), 'b');
      await until(() => existsSync(join(drop, 'b.ptxt')));
    });
  });

  it('ends at once where nothing is to be done, also before it began', async () => {
    const report = await watchFolder(drop, {
      service,
      policy: { grants: [] },
      signal: AbortSignal.abort(),
    });
    expect(report).toMatchObject({ found: 0, complete: true });
    const { report: empty } = await watched(async () => undefined, { rescanMilliseconds: 60_000 });
    expect(empty).toMatchObject({ found: 0, done: 0, complete: true });
  });

  it('takes no journal and no times that make no sense', async () => {
    for (const more of [{ journal: 'a.journal' }, { settleMilliseconds: -1 }, { rescanMilliseconds: 0 }])
      await expect(watched(async () => undefined, more as object)).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
      });
  });
});
