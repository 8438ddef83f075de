import { renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inspectFile } from '../../inspect-file.ts';
import { protectFile } from '../../protect-file.ts';
import { performTask } from '../perform-task.ts';
import type { TaskSettings } from '../task.ts';
import { makeFolder, makeOffice, openedText, taskFor } from './workplace.test-support.ts';

let office: Awaited<ReturnType<typeof makeOffice>>;
let place: ReturnType<typeof makeFolder>;
let settings: TaskSettings;

beforeAll(async () => {
  office = await makeOffice();
});
beforeEach(() => {
  place = makeFolder();
  place.write('a.txt', 'plain');
  settings = { operation: 'protect', template: office.staff };
});
afterEach(() => place.remove());

const run = (more: Partial<TaskSettings> = {}, resumed = false, runStartedAt?: string) =>
  performTask(
    taskFor(place.at('a.txt'), { ...settings, ...more }, { resumed, ...(runStartedAt && { runStartedAt }) }),
    office,
  );
const open = (name: string) => openedText(place.at(name), office);
const policy = { grants: [{ to: 'bob@contoso.com', rights: ['VIEW'] }] };

describe('Protecting the file of a task', () => {
  it('puts the new file beside the original and says what is known of it', async () => {
    const outcome = await run({ rule: 'texts' });
    expect(outcome).toMatchObject({
      number: 0,
      path: place.at('a.txt'),
      status: 'done',
      output: place.at('a.ptxt'),
      bytesIn: 5,
      bytesOut: statSync(place.at('a.ptxt')).size,
      rule: 'texts',
      facts: { format: 'pfile', cipherMode: 'SEALWRIGHT.GCM64K', otherNames: 0 },
    });
    expect(outcome.contentId).toMatch(/^\{/);
    expect(outcome.milliseconds).toBeGreaterThan(0);
    expect(place.text('a.txt')).toBe('plain');
    expect(await open('a.ptxt')).toBe('plain');
  });

  it('passes over a message that is protected already, whoever it is sent to', async () => {
    place.write('draft.eml', 'From: alice@contoso.com\r\nSubject: A draft\r\n\r\nHm.\r\n');
    await protectFile(place.at('draft.eml'), { service: office.service, policy, inPlace: true });
    await protectFile(place.at('a.txt'), { service: office.service, policy, to: place.at('note.ptxt') });
    for (const dryRun of [true, false]) {
      const messages: TaskSettings = {
        operation: 'protect',
        messagePolicy: { rights: 'encrypt-only' },
        dryRun,
      };
      const reason = async (name: string) =>
        (await performTask(taskFor(place.at(name), messages), office)).reason;
      expect(await reason('draft.eml')).toBe('already-protected');
      expect(await reason('note.ptxt')).toBe('not-a-message');
    }
  });

  it('keeps the tree below the output folder', async () => {
    const task = taskFor(
      place.at('a.txt'),
      { ...settings, out: place.at('out') },
      { relativePath: 'x/y/a.txt' },
    );
    expect(await performTask(task, office)).toMatchObject({ output: place.at('out', 'x', 'y', 'a.ptxt') });
  });

  it('never writes outside of the output folder, whatever a task says', async () => {
    for (const relativePath of ['../a.txt', 'x/../../a.txt', '/etc/a.txt']) {
      const task = taskFor(place.at('a.txt'), { ...settings, out: place.at('out') }, { relativePath });
      expect(await performTask(task, office)).toMatchObject({
        status: 'failed',
        error: { code: 'INVALID_ARGUMENT' },
      });
    }
    expect(place.names()).toEqual(['a.txt']);
  });

  it('replaces the original in place', async () => {
    expect(await run({ inPlace: true })).toMatchObject({ status: 'done', output: place.at('a.ptxt') });
    expect(place.names()).toEqual(['a.ptxt']);
  });

  it('reports a failure as an outcome of that file', async () => {
    const outcome = await performTask(taskFor(place.at('none.txt'), settings), office);
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'FILE_NOT_FOUND' } });
    expect(await run({ template: '00000000-0000-0000-0000-000000000000' })).toMatchObject({
      status: 'failed',
      error: { code: 'TEMPLATE_NOT_FOUND' },
    });
    writeFileSync(place.at('a.ptxt'), 'of somebody else');
    expect(await run()).toMatchObject({ status: 'failed', error: { code: 'OUTPUT_EXISTS' } });
    expect(place.text('a.ptxt')).toBe('of somebody else');
  });

  it('tells only the kind of an error that is none of ours: its message may quote content', async () => {
    const service = {
      ...office.service,
      publish: () => Promise.reject(new SyntaxError('"Merger on Friday" is not valid JSON')),
    };
    const { error } = await performTask(taskFor(place.at('a.txt'), settings), { service });
    expect(error?.code).toBe('IO_FAILED');
    expect(error?.message).toContain('(SyntaxError)');
    expect(error?.message).not.toContain('Merger');
  });

  it('needs a service and one way of saying who may open', async () => {
    expect(await performTask(taskFor(place.at('a.txt'), settings), {})).toMatchObject({
      error: { code: 'INVALID_ARGUMENT', message: expect.stringContaining('service') },
    });
    expect(await run({ policy })).toMatchObject({ error: { code: 'INVALID_ARGUMENT' } });
  });

  it('ends with the reason of an abort, before and during the work', async () => {
    const stop = new AbortController();
    const task = taskFor(place.at('a.txt'), settings);
    const service = {
      ...office.service,
      publish: () => {
        stop.abort(new Error('enough'));
        return Promise.reject(new Error('something else'));
      },
    };
    await expect(performTask(task, { service, signal: stop.signal })).rejects.toThrow('enough');
    await expect(performTask(task, { service, signal: stop.signal })).rejects.toThrow('enough');
    expect(place.names()).toEqual(['a.txt']);
  });
});

describe('A file that is protected already', () => {
  const protectedWith = async (choice: { template: string } | { policy: typeof policy }) => {
    await protectFile(place.at('a.txt'), { service: office.service, ...choice, to: place.at('b.ptxt') });
    renameSync(place.at('b.ptxt'), place.at('a.txt'));
  };

  it('is skipped if it has the template that is asked for', async () => {
    await protectedWith({ template: office.staff });
    const outcome = await run({ template: `{${office.staff.toUpperCase()}}` });
    expect(outcome).toMatchObject({ status: 'skipped', reason: 'protected-as-asked' });
    expect(outcome.error).toBeUndefined();
    expect(outcome.facts).toMatchObject({ templateId: expect.stringContaining(office.staff) });
  });

  it('is skipped with a sentence that names another template', async () => {
    await protectedWith({ template: office.board });
    const { status, reason, error } = await run();
    expect([status, reason, error?.code]).toEqual(['skipped', 'already-protected', 'ALREADY_PROTECTED']);
    expect(error?.message).toContain(office.board);
    expect(error?.message).toContain('reprotect');
  });

  it('is skipped with a sentence if only its license knows the policy', async () => {
    await protectedWith({ policy });
    const { reason, error } = await run({ template: undefined, policy });
    expect(reason).toBe('already-protected');
    expect(error?.message).toContain('only its license knows');
  });
});

describe('An attempt after a crash', () => {
  /** A protected file as an earlier attempt of this run made it. */
  const make = (to: string, template = office.staff) =>
    protectFile(place.at('a.txt'), { service: office.service, template, to: place.at(to) });
  const began = () => new Date(Date.now() - 1).toISOString();

  it('does what was not begun', async () => {
    const outcome = await run({ inPlace: true }, true);
    expect(outcome.status).toBe('done');
    expect(outcome).not.toHaveProperty('finishedEarlier');
    expect(await open('a.ptxt')).toBe('plain');
  });

  it('gives the name if only that was missing', async () => {
    const start = began();
    const { contentId } = await make('b');
    renameSync(place.at('b'), place.at('a.txt'));
    const outcome = await run({ inPlace: true }, true, start);
    expect(outcome).toMatchObject({
      status: 'done',
      finishedEarlier: true,
      contentId,
      output: place.at('a.ptxt'),
      bytesIn: 5,
      bytesOut: statSync(place.at('a.ptxt')).size,
    });
    expect(place.names()).toEqual(['a.ptxt']);
  });

  it('gives the name also to a file whose own has characters that no new name gets', async () => {
    const start = began();
    const strange = place.write('a\nb.txt', 'plain');
    await protectFile(strange, { service: office.service, template: office.staff, to: place.at('b') });
    renameSync(place.at('b'), strange);
    const task = taskFor(strange, { ...settings, inPlace: true }, { resumed: true, runStartedAt: start });
    expect(await performTask(task, office)).toMatchObject({
      status: 'done',
      finishedEarlier: true,
      output: place.at('a_b.ptxt'),
    });
    expect(place.names()).toEqual(['a.txt', 'a_b.ptxt']);
  });

  it('gives the name to what another run protected otherwise, and says that it is not as asked', async () => {
    await make('b', office.board);
    renameSync(place.at('b'), place.at('a.txt'));
    const outcome = await run({ inPlace: true }, true);
    expect(outcome).toMatchObject({
      status: 'skipped',
      reason: 'already-protected',
      output: place.at('a.ptxt'),
    });
    expect(outcome.error?.message).toContain('a.ptxt is protected already');
  });

  it('finds a file done that is gone while its protected one is there', async () => {
    const start = began();
    const { contentId } = await make('a.ptxt');
    rmSync(place.at('a.txt'));
    expect(await run({ inPlace: true }, true, start)).toMatchObject({
      status: 'done',
      finishedEarlier: true,
      contentId,
      output: place.at('a.ptxt'),
    });
    expect(place.names()).toEqual(['a.ptxt']);
  });

  it('does not claim a protected file of before the run', async () => {
    await make('a.ptxt');
    rmSync(place.at('a.txt'));
    const later = new Date(Date.now() + 3_600_000).toISOString();
    expect(await run({ inPlace: true }, true, later)).toMatchObject({
      status: 'skipped',
      reason: 'protected-as-asked',
    });
    expect(await run({}, true, later)).toMatchObject({ error: { code: 'FILE_NOT_FOUND' } });
  });

  it('reports a file that is gone without any trace', async () => {
    rmSync(place.at('a.txt'));
    expect(await run({ inPlace: true }, true)).toMatchObject({ error: { code: 'FILE_NOT_FOUND' } });
    place.write('a.ptxt', 'no protected file');
    expect(await run({ inPlace: true }, true)).toMatchObject({ error: { code: 'FILE_NOT_FOUND' } });
  });

  it('in place never takes a file for done whose plaintext is there', async () => {
    const start = began();
    await make('a.ptxt');
    expect(await run({ inPlace: true }, true, start)).toMatchObject({ error: { code: 'OUTPUT_EXISTS' } });
  });

  it('takes the protected file beside for its own, and not that of somebody else', async () => {
    const start = began();
    const { contentId } = await make('a.ptxt');
    const done = { status: 'done', finishedEarlier: true, contentId };
    expect(await run({}, true, start)).toMatchObject(done);
    expect(await run({}, false, start)).toMatchObject({ error: { code: 'OUTPUT_EXISTS' } });
    expect(await run({ template: office.board }, true, start)).toMatchObject({
      error: { code: 'OUTPUT_EXISTS' },
    });
    expect(await run({ template: undefined, policy }, true, start)).toMatchObject({
      error: { code: 'OUTPUT_EXISTS' },
    });
    // The original was edited meanwhile: what lies there is not its protected form any more.
    utimesSync(place.at('a.txt'), new Date(), new Date(Date.now() + 60_000));
    expect(await run({}, true, start)).toMatchObject({ error: { code: 'OUTPUT_EXISTS' } });
    writeFileSync(place.at('a.ptxt'), 'of somebody else');
    expect(await run({}, true, start)).toMatchObject({ error: { code: 'OUTPUT_EXISTS' } });
    expect(place.text('a.ptxt')).toBe('of somebody else');
  });

  it('takes the protected file beside a link for its own', async () => {
    const start = began();
    symlinkSync('a.txt', place.at('link.txt'));
    const first = await performTask(taskFor(place.at('link.txt'), settings), office);
    const again = taskFor(place.at('link.txt'), settings, { resumed: true, runStartedAt: start });
    expect(await performTask(again, office)).toMatchObject({
      status: 'done',
      finishedEarlier: true,
      contentId: first.contentId,
    });
  });

  it('makes a file anew that may not have reached the disk', async () => {
    const start = began();
    const { contentId } = await make('a.ptxt');
    const outcome = await run({ durable: false }, true, start);
    expect(outcome.status).toBe('done');
    expect(outcome).not.toHaveProperty('finishedEarlier');
    expect(outcome.contentId).not.toBe(contentId);
    expect((await inspectFile(place.at('a.ptxt'))).contentId).toBe(outcome.contentId);
  });

  it('ends the same however often it is repeated', async () => {
    const start = began();
    const first = await run({ inPlace: true }, true, start);
    for (let i = 0; i < 3; i++) {
      const { status, contentId, output } = await run({ inPlace: true }, true, start);
      expect({ status, contentId, output }).toEqual({
        status: 'done',
        contentId: first.contentId,
        output: first.output,
      });
    }
  });
});
