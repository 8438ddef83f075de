import { linkSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inspectFile } from '../../inspect-file.ts';
import { protectFile } from '../../protect-file.ts';
import { removeProtectionFromFile } from '../../remove-protection-from-file.ts';
import { performTask } from '../perform-task.ts';
import type { FileTask, TaskSettings } from '../task.ts';
import { makeFolder, makeOffice, openedText, taskFor } from './workplace.test-support.ts';

let office: Awaited<ReturnType<typeof makeOffice>>;
let place: ReturnType<typeof makeFolder>;
let contentId: string;

beforeAll(async () => {
  office = await makeOffice();
});
beforeEach(async () => {
  place = makeFolder();
  ({ contentId } = await protect('a.txt', 'plain'));
});
afterEach(() => place.remove());

/** Protects a new file and leaves only the protected one. */
async function protect(name: string, content: string, to?: string) {
  place.write(name, content);
  const options = { service: office.service, template: office.staff };
  const made = await protectFile(place.at(name), {
    ...options,
    to: to === undefined ? undefined : place.at(to),
  });
  rmSync(place.at(name));
  return made;
}
const run = (name: string, settings: TaskSettings, more: Partial<FileTask> = {}) =>
  performTask(taskFor(place.at(name), settings, more), office);
const soon = () => new Date(Date.now() - 1).toISOString();

describe('Opening the file of a task', () => {
  const settings = (): TaskSettings => ({ operation: 'open', out: place.at('out') });

  it('writes the content below the output folder and says which rights were granted', async () => {
    const outcome = await run('a.ptxt', settings(), { relativePath: 'x/a.ptxt' });
    expect(outcome).toMatchObject({
      status: 'done',
      output: place.at('out', 'x', 'a.txt'),
      contentId,
      bytesIn: statSync(place.at('a.ptxt')).size,
      bytesOut: 5,
      facts: { rights: ['OWNER'], issuedTo: 'alice@contoso.com', authenticated: true },
    });
    expect(place.text('out/x/a.txt')).toBe('plain');
  });

  it('fails for whom it does not grant what the run requires', async () => {
    const bob = { service: office.authority.as('bob@contoso.com') };
    const task = taskFor(place.at('a.ptxt'), { ...settings(), require: ['VIEW', 'PRINT'] });
    expect(await performTask(task, bob)).toMatchObject({
      status: 'failed',
      error: { code: 'ACCESS_DENIED' },
    });
    expect(place.has('out')).toBe(false);
    expect(await run('a.ptxt', { ...settings(), require: ['PRINT'] })).toMatchObject({ status: 'done' });
  });

  it('skips what is not protected, and reports what only has the name of a protected file', async () => {
    place.write('b.txt');
    expect(await run('b.txt', settings())).toMatchObject({ status: 'skipped', reason: 'not-protected' });
    place.write('b.ptxt', 'damaged');
    expect(await run('b.ptxt', settings())).toMatchObject({
      status: 'failed',
      error: { code: 'NOT_PROTECTED' },
    });
    place.write('\u0001b.dwg');
    expect(await run('\u0001b.dwg', settings())).toMatchObject({ reason: 'not-protected' });
  });

  it('after a crash takes the file that it had written, and no other', async () => {
    const runStartedAt = soon();
    await run('a.ptxt', settings());
    const again = (more: Partial<TaskSettings> = {}) =>
      run('a.ptxt', { ...settings(), ...more }, { resumed: true, runStartedAt });
    expect(await again()).toMatchObject({ status: 'done', finishedEarlier: true, contentId, bytesOut: 5 });
    expect(await again({ durable: false })).not.toHaveProperty('finishedEarlier');
    expect(await run('a.ptxt', settings())).toMatchObject({ error: { code: 'OUTPUT_EXISTS' } });

    const { atime, mtime } = statSync(place.at('out', 'a.txt'));
    writeFileSync(place.at('out', 'a.txt'), 'other');
    expect(await again()).toMatchObject({ error: { code: 'OUTPUT_EXISTS' } });
    writeFileSync(place.at('out', 'a.txt'), 'longer than it was');
    utimesSync(place.at('out', 'a.txt'), atime, mtime);
    expect(await again()).toMatchObject({ error: { code: 'OUTPUT_EXISTS' } });
    expect(place.text('out/a.txt')).toBe('longer than it was');
  });
});

describe('Removing the protection of the file of a task', () => {
  const inPlace: TaskSettings = { operation: 'unprotect', inPlace: true };

  it('replaces the protected file in place, or writes beside it', async () => {
    expect(await run('a.ptxt', { operation: 'unprotect' })).toMatchObject({ output: place.at('a.txt') });
    rmSync(place.at('a.txt'));
    expect(await run('a.ptxt', inPlace)).toMatchObject({ status: 'done', contentId, bytesOut: 5 });
    expect(place.names()).toEqual(['a.txt']);
  });

  it('skips what is not protected', async () => {
    place.write('b.txt');
    expect(await run('b.txt', inPlace)).toMatchObject({ status: 'skipped', reason: 'not-protected' });
  });

  describe('after a crash', () => {
    const resume = (name = 'a.ptxt', settings = inPlace, runStartedAt = soon()) =>
      run(name, settings, { resumed: true, runStartedAt });

    it('goes on with a file that got its plain name only', async () => {
      renameSync(place.at('a.ptxt'), place.at('a.txt'));
      expect(await resume()).toMatchObject({ status: 'done', contentId, output: place.at('a.txt') });
      expect(place.text('a.txt')).toBe('plain');
    });

    it('goes on with a file that has both names', async () => {
      linkSync(place.at('a.ptxt'), place.at('a.txt'));
      expect(await resume()).toMatchObject({ status: 'done', contentId });
      expect(place.names()).toEqual(['a.txt']);
      expect(place.text('a.txt')).toBe('plain');
    });

    it('goes on where the plain name comes of the stored extension', async () => {
      for (const state of ['renamed', 'both names', 'finished'] as const) {
        const runStartedAt = soon();
        await protect('plan.dwg', 'drawing', 'plan.pfile');
        if (state === 'renamed') renameSync(place.at('plan.pfile'), place.at('plan.dwg'));
        else if (state === 'both names') linkSync(place.at('plan.pfile'), place.at('plan.dwg'));
        else
          await removeProtectionFromFile(place.at('plan.pfile'), { service: office.service, inPlace: true });
        const outcome = await resume('plan.pfile', inPlace, runStartedAt);
        expect(outcome, state).toMatchObject({ status: 'done', output: place.at('plan.dwg'), bytesOut: 7 });
        expect(place.names()).toEqual(['a.ptxt', 'plan.dwg']);
        expect(place.text('plan.dwg')).toBe('drawing');
        rmSync(place.at('plan.dwg'));
      }
    });

    it('finds a file done that is gone while its plain one is there', async () => {
      const runStartedAt = soon();
      await run('a.ptxt', inPlace);
      expect(await resume('a.ptxt', inPlace, runStartedAt)).toMatchObject({
        status: 'done',
        finishedEarlier: true,
        output: place.at('a.txt'),
        bytesOut: 5,
      });
    });

    it('does not claim a plain file of before the run, nor a damaged one', async () => {
      await run('a.ptxt', inPlace);
      const later = new Date(Date.now() + 60_000).toISOString();
      expect(await resume('a.ptxt', inPlace, later)).toMatchObject({ error: { code: 'FILE_NOT_FOUND' } });
      const runStartedAt = soon();
      place.write('a.ptxt', 'damaged');
      expect(await resume('a.ptxt', inPlace, runStartedAt)).toMatchObject({
        error: { code: 'NOT_PROTECTED' },
      });
    });

    it('beside, takes the file that it had written', async () => {
      const runStartedAt = soon();
      const beside: TaskSettings = { operation: 'unprotect' };
      await run('a.ptxt', beside);
      const outcome = await resume('a.ptxt', beside, runStartedAt);
      expect(outcome).toMatchObject({ status: 'done', finishedEarlier: true, contentId, bytesOut: 5 });
      writeFileSync(place.at('a.txt'), 'other');
      expect(await resume('a.ptxt', beside, runStartedAt)).toMatchObject({
        error: { code: 'OUTPUT_EXISTS' },
      });
      expect(place.text('a.txt')).toBe('other');
    });
  });
});

describe('Protecting the file of a task anew', () => {
  const board = (): TaskSettings => ({ operation: 'reprotect', template: office.board, inPlace: true });
  const policy = { grants: [{ to: 'bob@contoso.com', rights: ['VIEW'] }] };

  it('gives it another template, and skips it if it has that', async () => {
    const outcome = await run('a.ptxt', board());
    expect(outcome).toMatchObject({ status: 'done', output: place.at('a.ptxt') });
    expect(outcome.contentId).not.toBe(contentId);
    expect(await run('a.ptxt', board())).toMatchObject({ status: 'skipped', reason: 'protected-as-asked' });
    expect(await openedText(place.at('a.ptxt'), office)).toBe('plain');
  });

  it('gives it another policy each time it is asked to, for nobody can see the former one', async () => {
    const settings: TaskSettings = { operation: 'reprotect', policy, inPlace: true };
    const first = await run('a.ptxt', settings);
    const second = await run('a.ptxt', settings);
    expect([first.status, second.status]).toEqual(['done', 'done']);
    expect(second.contentId).not.toBe(first.contentId);
  });

  it('skips what is not protected', async () => {
    place.write('b.txt');
    expect(await run('b.txt', board())).toMatchObject({ status: 'skipped', reason: 'not-protected' });
  });

  it('after a crash finds it done in place if the license is of this run', async () => {
    const runStartedAt = soon();
    const { contentId: given } = await run('a.ptxt', board());
    const outcome = await run('a.ptxt', board(), { resumed: true, runStartedAt });
    expect(outcome).toMatchObject({ status: 'done', finishedEarlier: true, contentId: given });
  });

  it('after a crash is done once more if it may have the policy of before the run', async () => {
    const runStartedAt = new Date(Date.now() + 60_000).toISOString();
    const settings: TaskSettings = { operation: 'reprotect', policy, inPlace: true };
    const first = await run('a.ptxt', settings);
    const outcome = await run('a.ptxt', settings, { resumed: true, runStartedAt });
    expect(outcome.status).toBe('done');
    expect(outcome).not.toHaveProperty('finishedEarlier');
    expect(outcome.contentId).not.toBe(first.contentId);
  });

  it('after a crash takes the file that it had written elsewhere', async () => {
    const runStartedAt = soon();
    const settings = { ...board(), inPlace: undefined, out: place.at('out') };
    const { contentId: given } = await run('a.ptxt', settings);
    const outcome = await run('a.ptxt', settings, { resumed: true, runStartedAt });
    expect(outcome).toMatchObject({ status: 'done', finishedEarlier: true, contentId: given });
    expect((await inspectFile(place.at('a.ptxt'))).contentId).toBe(contentId);
  });
});

describe('Inspecting the file of a task', () => {
  it('tells what it says, of whatever kind it is', async () => {
    expect(await run('a.ptxt', { operation: 'inspect' })).toMatchObject({
      status: 'done',
      contentId,
      bytesIn: statSync(place.at('a.ptxt')).size,
      inspection: { protected: true, format: 'pfile' },
    });
    place.write('b.txt');
    expect(await performTask(taskFor(place.at('b.txt'), { operation: 'inspect' }), {})).toMatchObject({
      status: 'done',
      inspection: { protected: false },
    });
  });
});
