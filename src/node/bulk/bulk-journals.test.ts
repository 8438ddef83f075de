import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { LicensingService } from '../../licensing/index.ts';
import { bulkScenes, makeFiles, policy, shared } from './bulk-scenes.test-support.ts';
import { inspectFiles, openFiles, protectFiles, reprotectFiles } from './index.ts';

const newScene = bulkScenes();
let folder: string;
let tree: string;
let journal: string;
let service: LicensingService;
beforeEach(() => {
  ({ folder, tree, journal, service } = newScene());
});

describe('a bulk run with a journal', () => {
  it('goes on where it was aborted, wherever that was, and reports all sessions together', async () => {
    for (const place of [{ inPlace: true }, { out: join(folder, 'out') }, {}]) {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(tree, { recursive: true });
      makeFiles(tree, 36);
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
    makeFiles(tree, 2);
    const asked = { ...shared, service, policy, journal };
    await protectFiles(tree, { ...asked, selection: { modifiedSince: new Date(0) } });
    const later = await protectFiles(tree, { ...asked, selection: { modifiedSince: new Date(1_000) } });
    expect(later).toMatchObject({ done: 2, sessions: 1 });
  });

  it('is refused for another run', async () => {
    makeFiles(tree, 2);
    await protectFiles(tree, { ...shared, service, policy, journal });
    const other = { grants: [{ to: 'fabrikam.com', rights: 'Viewer' }] };
    await expect(protectFiles(tree, { ...shared, service, policy: other, journal })).rejects.toMatchObject({
      code: 'JOURNAL_UNUSABLE',
    });
    await expect(inspectFiles(tree, { journal })).rejects.toMatchObject({ code: 'JOURNAL_UNUSABLE' });
  });

  it('never takes its own journal for a document', async () => {
    makeFiles(tree, 2);
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
    makeFiles(tree, 6);
    await protectFiles(tree, { ...shared, service, policy, inPlace: true });
    expect((await ids()).size).toBe(6);
    await reprotectFiles(tree, { ...shared, service, policy, inPlace: true, licenses: 'per-policy' });
    expect((await ids()).size).toBe(1);
    const out = join(folder, 'out');
    expect(await openFiles(tree, { service, out, threads: 0 })).toMatchObject({ done: 6 });
    expect(readFileSync(join(out, 'part 0', 'file 4.txt'), 'utf8')).toBe('Content of 4');
  });

  it('are not shared where files would be encrypted with one key', async () => {
    makeFiles(tree, 2);
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
    makeFiles(tree, 4);
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
