import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { initAuthority } from '../../authority/folder/index.ts';
import type { Authority } from '../../authority/index.ts';
import type { LicensingService } from '../../licensing/index.ts';
import { inspectFile } from '../inspect-file.ts';
import { workerScriptFromSources } from '../workers/worker-script.test-support.ts';
import type { BulkProgress } from './bulk-report.ts';
import {
  type FileOutcome,
  inspectFiles,
  openFiles,
  protectFiles,
  removeProtectionFromFiles,
  reprotectFiles,
} from './index.ts';
import type { BulkRules } from './rules/bulk-rules.ts';
import type { FileStorage } from './storage/file-storage.ts';

let scratch: string;
let authority: Authority;
let service: LicensingService;
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'sealwright-bulk-'));
  authority = await initAuthority(join(scratch, 'authority'), { name: 'Contoso' });
  service = authority.as('alice@contoso.com');
});
afterAll(async () => {
  await authority.close();
  rmSync(scratch, { recursive: true, force: true });
});

let folders = 0;
let folder: string;
let tree: string;
let journal: string;
beforeEach(() => {
  folder = join(scratch, String(++folders));
  tree = join(folder, 'tree');
  journal = join(folder, 'run.journal');
  mkdirSync(tree, { recursive: true });
});

const policy = { grants: [{ to: 'contoso.com', rights: 'Viewer' }] } as const;
const shared = { threads: 0, durable: false } as const;

function makeFiles(count: number): string[] {
  return Array.from({ length: count }, (_, n) => {
    const below = join(tree, `part ${Math.floor(n / 10)}`);
    mkdirSync(below, { recursive: true });
    const path = join(below, `file ${n}.txt`);
    writeFileSync(path, `Content of ${n}`);
    return path;
  });
}
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const protectedName = (path: string): string => path.replace(/txt$/, 'ptxt');
const namesIn = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort();

describe('a bulk run', () => {
  it('does nothing that a journal says and nobody asked for', async () => {
    const [path = ''] = makeFiles(1);
    const other = join(folder, 'other.txt');
    writeFileSync(other, 'of somebody else');
    const options = { ...shared, service, policy, inPlace: true, journal };
    await protectFiles(tree, options);
    const lines = readFileSync(journal, 'utf8').split('\n');
    const kept = lines.filter((line) => !/^\{"(settled|end|synced)"/.test(line)).join('\n');
    const forged = [
      kept.replace(JSON.stringify(path), JSON.stringify(other)),
      kept.replace(JSON.stringify(path), JSON.stringify(join(tree, '..', 'other.txt'))),
      kept.replace(JSON.stringify(path), JSON.stringify(`${tree}/../other.txt`)),
      kept.replace('contoso.com', 'evil.example'),
      kept.replace('"is":{"operation":"protect"', '"is":{"operation":"unprotect"'),
    ];
    for (const text of forged) {
      expect(text).not.toBe(kept);
      writeFileSync(journal, text);
      await expect(protectFiles(tree, options)).rejects.toMatchObject({
        code: 'JOURNAL_UNUSABLE',
        details: { reason: 'not-asked-for' },
      });
    }
    expect(readFileSync(other, 'utf8')).toBe('of somebody else');
    writeFileSync(journal, kept);
    expect(await protectFiles(tree, options)).toMatchObject({ complete: true, found: 1, done: 1 });
  });

  it('goes on with files that rules decided about, to the day of their policies', async () => {
    makeFiles(3);
    const grants = [{ to: 'contoso.com', rights: ['VIEW', 'EDIT'] }];
    const rules = {
      rules: [
        { name: 'none', match: { include: ['*1.txt'] }, skip: true },
        {
          match: { maxSize: '1MB' },
          policy: { grants, validUntil: '2040-01-01' },
        },
      ],
    } as unknown as BulkRules;
    const options = { ...shared, service, rules, inPlace: true, journal, owner: 'alice@contoso.com' };
    await protectFiles(tree, options);
    const lines = readFileSync(journal, 'utf8').split('\n');
    writeFileSync(journal, lines.filter((line) => !/^\{"(settled|end|synced)"/.test(line)).join('\n'));
    expect(await protectFiles(tree, options)).toMatchObject({
      complete: true,
      found: 3,
      done: 2,
      skipped: 1,
    });
  });

  it('lists nothing more once it has failed', async () => {
    const stored = (path: string) => ({ path, size: 1, modifiedAt: new Date() });
    const storage: FileStorage = {
      async *list() {
        yield stored('in/0.txt');
        for (let n = 0; n < 1_000; n++) {
          await pause(1);
          yield stored(`in/${n}.tmp`);
        }
      },
      open: async () => Promise.reject(new Error('nothing is there')),
      write: async () => 0,
      remove: async () => undefined,
    };
    let told = 0;
    const onFile = ({ reason }: FileOutcome): void => {
      told++;
      if (reason === undefined) throw new TypeError('the log is full');
    };
    await expect(protectFiles('in', { service, policy, storage, onFile })).rejects.toThrow('full');
    const then = told;
    await pause(100);
    expect(told).toBe(then);
  });

  it('protects a folder in place and opens it into another one', async () => {
    const paths = makeFiles(30);
    const report = await protectFiles(tree, { ...shared, service, policy, inPlace: true });
    expect(report).toMatchObject({
      operation: 'protect',
      complete: true,
      dryRun: false,
      inputs: [tree],
      sessions: 1,
      found: 30,
      done: 30,
      skipped: 0,
      failed: 0,
      failures: [],
    });
    expect(report.bytesIn).toBe(paths.reduce((sum, _, n) => sum + `Content of ${n}`.length, 0));
    expect(report.throughput.at(-1)).toMatchObject({ files: 30 });

    const out = join(folder, 'out');
    const opened = await openFiles(tree, { service, out, threads: 0, durable: false });
    expect(opened).toMatchObject({ operation: 'open', out, found: 30, done: 30 });
    expect(readFileSync(join(out, 'part 2', 'file 25.txt'), 'utf8')).toBe('Content of 25');

    const again = await protectFiles(tree, { ...shared, service, policy, inPlace: true });
    expect(again).toMatchObject({ found: 30, done: 0, skipped: 30 });
  });

  it('gives another policy, removes protection, and says what it finds', async () => {
    const paths = makeFiles(5);
    await protectFiles(tree, { ...shared, service, policy, inPlace: true });
    const before = (await inspectFile(protectedName(paths[0] ?? ''))).contentId;
    const report = await reprotectFiles(tree, { ...shared, service, policy, inPlace: true });
    expect(report).toMatchObject({ operation: 'reprotect', done: 5 });
    const found: FileOutcome[] = [];
    await inspectFiles(tree, { threads: 0, onFile: (outcome) => void found.push(outcome) });
    expect(found.every(({ inspection }) => inspection?.protected)).toBe(true);
    expect(found[0]?.inspection?.contentId).not.toBe(before);
    expect(await removeProtectionFromFiles(tree, { ...shared, service, inPlace: true })).toMatchObject({
      operation: 'unprotect',
      done: 5,
    });
    expect(readFileSync(paths[3] ?? '', 'utf8')).toBe('Content of 3');
  });

  it('changes nothing and asks for nothing in a dry run', async () => {
    makeFiles(12);
    const before = namesIn(tree);
    const refuses = new Proxy({} as LicensingService, {
      get: () => () => Promise.reject(new Error('asked')),
    });
    const report = await protectFiles(tree, { ...shared, service: refuses, policy, dryRun: true, journal });
    expect(report).toMatchObject({ dryRun: true, complete: true, found: 12, done: 0, failed: 0 });
    expect(report.skippedBecause).toEqual({ 'dry-run': 12 });
    expect(namesIn(folder)).toEqual(before);
  });

  it('reports what is no file and what fails, and goes on', async () => {
    const [first = ''] = makeFiles(3);
    symlinkSync(first, join(tree, 'link'));
    writeFileSync(protectedName(first), 'in the way');
    const settled: FileOutcome[] = [];
    const report = await protectFiles([tree, join(folder, 'nowhere.txt')], {
      ...shared,
      service,
      policy,
      selection: { extensions: ['txt'] },
      onFile: async (outcome) => void settled.push(outcome),
    });
    expect(report).toMatchObject({ found: 6, done: 2, skipped: 2, failed: 2 });
    expect(report.failures.map(({ error }) => error?.code).sort()).toEqual([
      'FILE_NOT_FOUND',
      'OUTPUT_EXISTS',
    ]);
    expect(report.skippedBecause).toEqual({ 'not-selected': 1, 'symbolic-link': 1 });
    expect(settled).toHaveLength(6);
  });

  it('does with each file what the first rule that matches says', async () => {
    makeFiles(12);
    const report = await protectFiles(tree, {
      ...shared,
      service,
      inPlace: true,
      rules: {
        rules: [
          { name: 'nines', match: { include: ['*9.txt'] }, skip: true },
          {
            name: 'tens',
            match: { include: ['file 1?.txt'], modifiedSince: new Date(0) },
            policy: { ...policy, validUntil: new Date('2060-01-01T00:00:00Z') },
          },
        ],
      },
    });
    expect(report).toMatchObject({ found: 12, done: 2, skipped: 10, skippedBecause: { 'by-rule': 10 } });
    expect(namesIn(tree).filter((name) => name.endsWith('ptxt'))).toEqual(['file 10.ptxt', 'file 11.ptxt']);
    const misspelt = { rules: [{ template: 'No such template' }] };
    await expect(protectFiles(tree, { ...shared, service, rules: misspelt })).rejects.toMatchObject({
      code: 'TEMPLATE_NOT_FOUND',
    });
  });

  it('tells how far it is, and at the end how far it came', async () => {
    makeFiles(10);
    const told: BulkProgress[] = [];
    await protectFiles(tree, {
      ...shared,
      service,
      policy,
      onProgress: (progress) => void told.push(progress),
    });
    expect(told.at(-1)).toMatchObject({ found: 10, listed: true, done: 10, secondsLeft: 0 });
    expect(told.at(-1)?.bytesDone).toBe(told.at(-1)?.bytesFound);
  });

  it('stops in order when it is aborted, and reports what was done', async () => {
    makeFiles(40);
    const controller = new AbortController();
    let settled = 0;
    const report = await protectFiles(tree, {
      ...shared,
      service,
      policy,
      inPlace: true,
      signal: controller.signal,
      onFile() {
        if (++settled === 15) controller.abort();
      },
    });
    expect(report.complete).toBe(false);
    expect(report.done).toBeGreaterThanOrEqual(15);
    expect(report.done).toBe(namesIn(tree).filter((name) => name.endsWith('.ptxt')).length);
    expect(namesIn(tree)).toHaveLength(40);
  });

  it('refuses what cannot be meant before it does anything', async () => {
    makeFiles(1);
    const wrong = [
      protectFiles([], { service, policy }),
      protectFiles('', { service, policy }),
      protectFiles(tree, { service, policy, out: 'x', inPlace: true }),
      protectFiles(tree, { service, policy, threads: -1 }),
      protectFiles(tree, { service, policy, licenses: 'none' as 'per-file' }),
      protectFiles(tree, { service, policy, selection: { minSize: -1 } }),
    ];
    for (const each of wrong) await expect(each).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('a bulk run in several threads', () => {
  it('does 2,000 files, each once, and the journal knows them all', async () => {
    const workerScript = await workerScriptFromSources();
    makeFiles(2_000);
    const asked = { service, policy, inPlace: true, durable: false, threads: 2, workerScript, journal };
    const settled = new Set<string>();
    const report = await protectFiles(tree, { ...asked, onFile: ({ path }) => void settled.add(path) });
    expect(report).toMatchObject({ complete: true, found: 2_000, done: 2_000, threads: 2, concurrency: 16 });
    expect(settled.size).toBe(2_000);
    expect(namesIn(tree).every((name) => name.endsWith('.ptxt'))).toBe(true);
    expect(await protectFiles(tree, asked)).toMatchObject({ done: 2_000, sessions: 1 });
    const found = new Set<string | null | undefined>();
    await inspectFiles(tree, {
      threads: 2,
      workerScript,
      onFile: ({ inspection }) => void found.add(inspection?.contentId),
    });
    expect(found.size).toBe(2_000);
  }, 120_000);
});

describe('a bulk run with a journal', () => {
  it('goes on where it was aborted, wherever that was, and reports all sessions together', async () => {
    for (const place of [{ inPlace: true }, { out: join(folder, 'out') }, {}]) {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(tree, { recursive: true });
      makeFiles(36);
      const asked = { ...shared, service, policy, ...place, journal, concurrency: 3 };
      let sessions = 0;
      const settled = new Map<string, number>();
      for (let complete = false; !complete; ) {
        const controller = new AbortController();
        let inSession = 0;
        const report = await protectFiles(tree, {
          ...asked,
          signal: controller.signal,
          onFile({ path }) {
            settled.set(path, (settled.get(path) ?? 0) + 1);
            if (++inSession === 1 + (sessions % 4)) controller.abort();
          },
        });
        complete = report.complete;
        expect(report.sessions).toBe(++sessions);
        expect(report.done).toBe(settled.size);
        if (complete) expect(report).toMatchObject({ found: 36, done: 36, skipped: 0, failed: 0 });
        expect(sessions).toBeLessThan(40);
      }
      expect(sessions).toBeGreaterThan(5);
      expect([...settled.values()].every((times) => times === 1)).toBe(true);
      const over = await protectFiles(tree, { ...asked, onFile: () => expect.unreachable() });
      expect(over).toMatchObject({ found: 36, done: 36, sessions, complete: true });
    }
  });

  it('is of the same run also when ages have become other times', async () => {
    makeFiles(2);
    const asked = { ...shared, service, policy, journal };
    await protectFiles(tree, { ...asked, selection: { modifiedSince: new Date(0) } });
    const later = await protectFiles(tree, { ...asked, selection: { modifiedSince: new Date(1_000) } });
    expect(later).toMatchObject({ done: 2, sessions: 1 });
  });

  it('is refused for another run', async () => {
    makeFiles(2);
    await protectFiles(tree, { ...shared, service, policy, journal });
    const other = { grants: [{ to: 'fabrikam.com', rights: 'Viewer' }] };
    await expect(protectFiles(tree, { ...shared, service, policy: other, journal })).rejects.toMatchObject({
      code: 'JOURNAL_UNUSABLE',
    });
    await expect(inspectFiles(tree, { journal })).rejects.toMatchObject({ code: 'JOURNAL_UNUSABLE' });
  });

  it('never takes its own journal for a document', async () => {
    makeFiles(2);
    const inside = join(tree, 'run.journal');
    const report = await protectFiles(tree, { ...shared, service, policy, inPlace: true, journal: inside });
    expect(report).toMatchObject({ done: 2, failed: 0 });
    expect(report.skippedBecause['own-file']).toBeGreaterThan(0);
    expect(readFileSync(inside, 'utf8')).toContain('sealwright bulk journal');
  });
});

describe('licenses of a bulk run', () => {
  it('are one a file, or one a policy where that is asked for', async () => {
    const ids = async (): Promise<Set<string | undefined>> => {
      const found = new Set<string | undefined>();
      await inspectFiles(tree, {
        threads: 0,
        onFile: ({ inspection }) => void found.add(inspection?.contentId ?? ''),
      });
      return found;
    };
    makeFiles(6);
    await protectFiles(tree, { ...shared, service, policy, inPlace: true });
    expect((await ids()).size).toBe(6);
    await reprotectFiles(tree, { ...shared, service, policy, inPlace: true, licenses: 'per-policy' });
    expect((await ids()).size).toBe(1);
    const out = join(folder, 'out');
    expect(await openFiles(tree, { service, out, threads: 0 })).toMatchObject({ done: 6 });
    expect(readFileSync(join(out, 'part 0', 'file 4.txt'), 'utf8')).toBe('Content of 4');
  });

  it('are not shared where files would be encrypted with one key', async () => {
    makeFiles(2);
    const report = await protectFiles(tree, {
      ...shared,
      service,
      policy,
      interop: 'microsoft',
      licenses: 'per-policy',
    });
    expect(report.failures.map(({ error }) => error?.code)).toEqual(['INVALID_ARGUMENT', 'INVALID_ARGUMENT']);
  });

  it('are signed here where that is asked for and allowed', async () => {
    makeFiles(4);
    let published = 0;
    const counting: LicensingService = {
      ...service,
      publish(request, wait) {
        published++;
        return service.publish(request, wait);
      },
    };
    const asked = { ...shared, policy, inPlace: true, publishOffline: true } as const;
    expect(await protectFiles(tree, { ...asked, service: counting })).toMatchObject({ done: 4 });
    expect(published).toBe(0);
    expect(await openFiles(tree, { service, out: join(folder, 'out'), threads: 0 })).toMatchObject({
      done: 4,
    });
  });
});
