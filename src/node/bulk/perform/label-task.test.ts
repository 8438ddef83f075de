import { existsSync, readFileSync, statSync } from 'node:fs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readFileLabels } from '../../file-labels.ts';
import { removeProtectionFromFile } from '../../remove-protection-from-file.ts';
import { performTask } from '../perform-task.ts';
import type { FileTask, TaskSettings } from '../task.ts';
import { makeFolder, makeOffice, taskFor } from './workplace.test-support.ts';

let office: Awaited<ReturnType<typeof makeOffice>>;
let place: ReturnType<typeof makeFolder>;
const siteId = '11111111-2222-3333-4444-555555555555';
const label = { id: '10000000-0000-4000-8000-000000000001', siteId, name: 'Confidential' };
const other = {
  id: '20000000-0000-4000-8000-000000000002',
  siteId: '99999999-2222-3333-4444-555555555555',
  name: 'Other',
};
/** The smallest image that keeps labels. */
const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==', 'base64');
const samples = '../shared/data/samples/plaintext';

beforeAll(async () => {
  office = await makeOffice();
});
beforeEach(() => {
  place = makeFolder();
  place.write('a.gif', gif);
});
afterEach(() => place.remove());

const run = (name: string, settings: Partial<TaskSettings>, more: Partial<FileTask> = {}) =>
  performTask(taskFor(place.at(name), { operation: 'protect', ...settings }, more), office);
const idsIn = async (name: string) =>
  (await readFileLabels(place.at(name))).filter(({ enabled }) => enabled).map(({ id }) => id);

describe('Setting a label alone', () => {
  it('changes the file itself, and skips one that has the label', async () => {
    expect(await run('a.gif', { label })).toMatchObject({ status: 'done', output: place.at('a.gif') });
    expect(await idsIn('a.gif')).toEqual([label.id]);
    const { mtimeMs } = statSync(place.at('a.gif'));
    const later = { runStartedAt: new Date(Date.now() + 3_600_000).toISOString() };
    expect(await run('a.gif', { label }, later)).toMatchObject({
      status: 'skipped',
      reason: 'labelled-as-asked',
    });
    expect(statSync(place.at('a.gif')).mtimeMs).toBe(mtimeMs);
    expect(await run('a.gif', { label: other })).toMatchObject({ status: 'done' });
    expect(await idsIn('a.gif')).toEqual([label.id, other.id]);
  });

  it('writes a labelled copy below the output folder', async () => {
    const task = { relativePath: 'x/a.gif' };
    expect(await run('a.gif', { label, out: place.at('out') }, task)).toMatchObject({ status: 'done' });
    expect(await idsIn('out/x/a.gif')).toEqual([label.id]);
    expect(await idsIn('a.gif')).toEqual([]);
  });

  it('fails for a kind of file that keeps none', async () => {
    place.write('a.txt');
    expect(await run('a.txt', { label })).toMatchObject({
      status: 'failed',
      error: { code: 'UNSUPPORTED_FORMAT', message: expect.stringContaining('keeps no sensitivity label') },
    });
  });

  it('after a crash finds done what this run has done', async () => {
    const runStartedAt = new Date(Date.now() - 1).toISOString();
    const again = { runStartedAt, resumed: true };
    await run('a.gif', { label }, { runStartedAt });
    expect(await run('a.gif', { label }, again)).toMatchObject({ status: 'done', finishedEarlier: true });
    place.write('b.gif', gif);
    const out = place.at('out');
    await run('b.gif', { label, out }, { runStartedAt });
    expect(await run('b.gif', { label, out }, again)).toMatchObject({
      status: 'done',
      finishedEarlier: true,
    });
    expect(await run('b.gif', { label: other, out }, again)).toMatchObject({
      error: { code: 'OUTPUT_EXISTS' },
    });
  });
});

describe('Protecting with a label', () => {
  it('states it beside the content, with those of other tenants that the document has', async () => {
    await run('a.gif', { label: other });
    const formerly = { ...label, id: '30000000-0000-4000-8000-000000000003' };
    await run('a.gif', { label: formerly });
    expect(await run('a.gif', { label, template: office.staff, inPlace: true })).toMatchObject({
      status: 'done',
      output: place.at('a.pgif'),
    });
    const made = 'a.pgif';
    expect((await idsIn(made)).sort()).toEqual([label.id, other.id]);
    const names = (await readFileLabels(place.at(made))).map(({ name }) => name);
    expect(names).toContain('Confidential');
    // Whoever removes the protection gets the document with it.
    await removeProtectionFromFile(place.at(made), { service: office.service, inPlace: true });
    expect((await idsIn('a.gif')).sort()).toEqual([label.id, other.id]);
  });

  it('states it beside a text, which by itself keeps none', async () => {
    place.write('a.txt', 'plain');
    expect(await run('a.txt', { label, template: office.staff })).toMatchObject({ status: 'done' });
    expect(await idsIn('a.ptxt')).toEqual([label.id]);
  });

  it.skipIf(!existsSync(samples))('states it in an Office document', async () => {
    place.write('a.docx', readFileSync(`${samples}/testWORD.docx`));
    await run('a.docx', { label: other });
    expect(await run('a.docx', { label, template: office.staff, inPlace: true })).toMatchObject({
      status: 'done',
      facts: { format: 'office' },
    });
    expect((await idsIn('a.docx')).sort()).toEqual([label.id, other.id]);
    const again = await run('a.docx', { label, template: office.staff, inPlace: true });
    expect(again).toMatchObject({ status: 'skipped', reason: 'protected-as-asked' });
  });
});

describe.skipIf(!existsSync(samples))(
  'An Office document, which keeps its name (skipped without ../shared/data)',
  () => {
    const runStartedAt = () => new Date(Date.now() - 1).toISOString();
    beforeEach(() => {
      place.write('a.docx', readFileSync(`${samples}/testWORD.docx`));
    });

    it('protected in place by an earlier attempt is done, by somebody before is skipped', async () => {
      const start = runStartedAt();
      const settings = { template: office.staff, inPlace: true };
      const { contentId } = await run('a.docx', settings);
      expect(await run('a.docx', settings, { resumed: true, runStartedAt: start })).toMatchObject({
        status: 'done',
        finishedEarlier: true,
        contentId,
        output: place.at('a.docx'),
      });
      const later = new Date(Date.now() + 3_600_000).toISOString();
      expect(await run('a.docx', settings, { resumed: true, runStartedAt: later })).toMatchObject({
        status: 'skipped',
        reason: 'protected-as-asked',
      });
    });

    it('opened in place by an earlier attempt is done, one that was never protected is skipped', async () => {
      const unprotect: TaskSettings = { operation: 'unprotect', inPlace: true };
      await run('a.docx', { template: office.staff, inPlace: true });
      const start = runStartedAt();
      expect(await run('a.docx', unprotect)).toMatchObject({ status: 'done' });
      expect(await run('a.docx', unprotect, { resumed: true, runStartedAt: start })).toMatchObject({
        status: 'done',
        finishedEarlier: true,
      });
      const later = new Date(Date.now() + 60_000).toISOString();
      expect(await run('a.docx', unprotect, { resumed: true, runStartedAt: later })).toMatchObject({
        status: 'skipped',
        reason: 'not-protected',
      });
    });

    it('beside its original is found by an earlier attempt, too', async () => {
      const start = runStartedAt();
      const { contentId, output } = await run('a.docx', { template: office.staff });
      expect(output).toBe(place.at('a-protected.docx'));
      expect(
        await run('a.docx', { template: office.staff }, { resumed: true, runStartedAt: start }),
      ).toMatchObject({ status: 'done', finishedEarlier: true, contentId, output });
    });
  },
);

describe('A dry run', () => {
  const dry = (name: string, settings: Partial<TaskSettings>) =>
    performTask(taskFor(place.at(name), { operation: 'protect', dryRun: true, ...settings }), {});
  const template = '10000000-0000-4000-8000-000000000001';

  it('says what would be done and where, without a service, and changes nothing', async () => {
    place.write('a.txt', 'plain');
    expect(await dry('a.txt', { template })).toMatchObject({
      status: 'skipped',
      reason: 'dry-run',
      output: place.at('a.ptxt'),
      bytesIn: 5,
    });
    expect(await dry('a.txt', { template, out: place.at('out') })).toMatchObject({
      output: place.at('out', 'a.ptxt'),
    });
    expect(await dry('a.gif', { label })).toMatchObject({ reason: 'dry-run' });
    expect(place.names()).toEqual(['a.gif', 'a.txt']);
  });

  it('says what would be skipped or fail', async () => {
    place.write('a.txt', 'plain');
    place.write('a.ptxt', 'of somebody else');
    expect(await dry('a.txt', { template })).toMatchObject({ error: { code: 'OUTPUT_EXISTS' } });
    expect(await dry('a.txt', { label })).toMatchObject({ error: { code: 'UNSUPPORTED_FORMAT' } });
    expect(await dry('none', { template })).toMatchObject({ error: { code: 'FILE_NOT_FOUND' } });
    expect(await dry('a.txt', {})).toMatchObject({ error: { code: 'INVALID_ARGUMENT' } });
    expect(await dry('a.txt', { operation: 'open', out: place.at('out') })).toMatchObject({
      reason: 'not-protected',
    });
    expect(await dry('a.ptxt', { operation: 'unprotect' })).toMatchObject({
      error: { code: 'NOT_PROTECTED' },
    });

    await run('a.txt', { template: office.staff, inPlace: true, overwrite: true });
    expect(await dry('a.ptxt', { template: office.staff })).toMatchObject({ reason: 'protected-as-asked' });
    expect(await dry('a.ptxt', { template })).toMatchObject({ reason: 'already-protected' });
    expect(await dry('a.ptxt', { operation: 'reprotect', template, inPlace: true })).toMatchObject({
      reason: 'dry-run',
      output: place.at('a.ptxt'),
    });
    expect(
      await dry('a.ptxt', { operation: 'reprotect', template: office.staff, inPlace: true }),
    ).toMatchObject({
      reason: 'protected-as-asked',
    });
    expect(await dry('a.ptxt', { operation: 'unprotect', inPlace: true })).toMatchObject({
      reason: 'dry-run',
      output: place.at('a.txt'),
    });
    expect(await dry('a.ptxt', { operation: 'inspect' })).toMatchObject({ status: 'done' });
  });
});

describe('The owner of a file', () => {
  it('is the address that stands for the owner in the file system', async () => {
    place.write('a.txt', 'plain');
    const uid = String(statSync(place.at('a.txt')).uid);
    const settings = { template: office.staff, owner: 'file' };
    const outcome = await run('a.txt', {
      ...settings,
      owners: { [uid]: 'carol@contoso.com' },
      operation: 'protect',
    });
    expect(outcome.status).toBe('done');
    const inspected = await run('a.ptxt', { operation: 'inspect' });
    expect(inspected.inspection?.owner).toBe('carol@contoso.com');
  });

  it('fails the file if nobody said its address', async () => {
    place.write('a.txt', 'plain');
    for (const owners of [undefined, {}, { 'not a user here': 'x@contoso.com' }]) {
      const { status, error } = await run('a.txt', { template: office.staff, owner: 'file', owners });
      expect([status, error?.code]).toEqual(['failed', 'INVALID_ARGUMENT']);
      expect(error?.message).toContain('e-mail address is not known');
    }
    expect(place.has('a.ptxt')).toBe(false);
  });
});
