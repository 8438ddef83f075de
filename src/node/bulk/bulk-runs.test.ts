import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { LicensingService } from '../../licensing/index.ts';
import { inspectFile } from '../inspect-file.ts';
import { workerScriptFromSources } from '../workers/worker-script.test-support.ts';
import type { BulkProgress } from './bulk-report.ts';
import { bulkScenes, makeFiles, namesIn, policy, shared } from './bulk-scenes.test-support.ts';
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

const newScene = bulkScenes();
let folder: string;
let tree: string;
let journal: string;
let service: LicensingService;
beforeEach(() => {
  ({ folder, tree, journal, service } = newScene());
});

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const protectedName = (path: string): string => path.replace(/txt$/, 'ptxt');

describe('a bulk run', () => {
  it('does nothing that a journal says and nobody asked for', async () => {
    const [path = ''] = makeFiles(tree, 1);
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
    makeFiles(tree, 3);
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
    const paths = makeFiles(tree, 30);
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
    const paths = makeFiles(tree, 5);
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
    makeFiles(tree, 12);
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
    const [first = ''] = makeFiles(tree, 3);
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
    makeFiles(tree, 12);
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
    makeFiles(tree, 10);
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
    makeFiles(tree, 40);
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
    makeFiles(tree, 1);
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
  it('does 600 files, each once, and the journal knows them all', async () => {
    const workerScript = await workerScriptFromSources();
    makeFiles(tree, 600);
    const asked = { service, policy, inPlace: true, durable: false, threads: 2, workerScript, journal };
    const settled = new Set<string>();
    const report = await protectFiles(tree, { ...asked, onFile: ({ path }) => void settled.add(path) });
    expect(report).toMatchObject({ complete: true, found: 600, done: 600, threads: 2, concurrency: 16 });
    expect(settled.size).toBe(600);
    expect(namesIn(tree).every((name) => name.endsWith('.ptxt'))).toBe(true);
    expect(await protectFiles(tree, asked)).toMatchObject({ done: 600, sessions: 1 });
    const found = new Set<string | null | undefined>();
    await inspectFiles(tree, {
      threads: 2,
      workerScript,
      onFile: ({ inspection }) => void found.add(inspection?.contentId),
    });
    expect(found.size).toBe(600);
  }, 120_000);
});
