import { existsSync, statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asAlice, asBob, bobMayRead, makeWorkplace, type Workplace } from '../testing/workplace.ts';

describe('opening, reprotecting and unprotecting', () => {
  let place: Workplace;
  let file: string;
  beforeAll(async () => {
    place = await makeWorkplace();
    const original = place.write('report.txt', 'Third quarter: up.');
    await place.type(['protect', original, ...asAlice, ...bobMayRead]);
    file = place.path('report.ptxt');
  });
  afterAll(() => place.remove());

  it('writes the content, readable by its owner only, and shows the rights', async () => {
    const done = await place.type(['open', file, ...asBob, '--out', place.path('opened')]);
    expect(done).toMatchObject({ exitCode: 0, stderr: '' });
    expect(done.stdout).toContain('as bob@contoso.com  rights VIEW, PRINT');
    expect(place.read('opened/report.txt').toString()).toBe('Third quarter: up.');
    expect(statSync(place.path('opened/report.txt')).mode & 0o777).toBe(0o600);
  });

  it('says every documented field with --json', async () => {
    const done = await place.type(['open', file, ...asBob, '--out', place.path('json'), '--json']);
    const [line = {}] = done.json();
    expect(Object.keys(line)).toEqual([
      'file',
      'output',
      'size',
      'rights',
      'issuedTo',
      'owner',
      'contentId',
      'templateId',
      'format',
      'cipherMode',
      'authenticated',
      'contentValidUntil',
      'licenseValidUntil',
      'onlineOnly',
    ]);
    expect(line).toMatchObject({
      size: 18,
      rights: ['VIEW', 'PRINT'],
      templateId: null,
      authenticated: true,
    });
  });

  it('refuses a person without rights with exit code 3 and says whom to ask', async () => {
    const command = ['open', file, '--as', 'mallory@example.net', '--out', place.path('mallory')];
    const done = await place.type([...command, '--json']);
    expect(done.exitCode).toBe(3);
    expect(done.stderr).toContain('alice@contoso.com');
    expect(done.json()[0]).toMatchObject({ file, error: { code: 'ACCESS_DENIED', rule: 'no-grant' } });
    expect(existsSync(place.path('mallory'))).toBe(false);
  });

  it('refuses a right that is required and not granted, and writes nothing', async () => {
    const command = ['open', file, ...asBob, '--out', place.path('required')];
    const done = await place.type([...command, '--require', 'print', '--require', 'EXTRACT']);
    expect(done.exitCode).toBe(3);
    expect(done.stderr).toContain('does not have the right EXTRACT');
    expect(existsSync(place.path('required'))).toBe(false);
    expect((await place.type([...command, '--require', 'print'])).exitCode).toBe(0);
  });

  it('opens for a member of a group that was granted rights', async () => {
    const original = place.write('group.txt', 'content');
    await place.type(['protect', original, ...asAlice, '--grant', 'board@contoso.com=Viewer']);
    const command = [
      'open',
      place.path('group.ptxt'),
      '--as',
      'dan@contoso.com',
      '--out',
      place.path('group'),
    ];
    expect((await place.type(command)).exitCode).toBe(3);
    expect((await place.type([...command, '--member-of', 'board@contoso.com'])).exitCode).toBe(0);
  });

  it('says that a mode of Microsoft does not detect changes', async () => {
    const original = place.write('interop.txt', 'content');
    await place.type(['protect', original, ...asAlice, ...bobMayRead, '--interop', 'microsoft']);
    const done = await place.type([
      'open',
      place.path('interop.ptxt'),
      ...asBob,
      '--out',
      place.path('interop'),
    ]);
    expect(done.stdout).toContain('MICROSOFT.CBC4K does not detect changes');
  });

  it('shows until when the content may be opened', async () => {
    const original = place.write('until.txt', 'content');
    await place.type(['protect', original, ...asAlice, ...bobMayRead, '--valid-until', '2099-12-31T17:00Z']);
    const done = await place.type(['open', place.path('until.ptxt'), ...asBob, '--out', place.path('until')]);
    expect(done.stdout).toContain('until 2099-12-31 17:00 UTC');
  });

  it('unprotects for the owner, and refuses who may only view', async () => {
    const plain = place.path('plain');
    const refused = await place.type(['unprotect', file, ...asBob, '--out', plain]);
    expect(refused).toMatchObject({ exitCode: 3, stdout: '' });
    const done = await place.type(['unprotect', file, ...asAlice, '--out', plain, '--json']);
    expect(done.exitCode).toBe(0);
    expect(Object.keys(done.json()[0] ?? {})).toEqual(['file', 'output', 'contentId', 'bytesIn', 'bytesOut']);
    expect(place.read('plain/report.txt').toString()).toBe('Third quarter: up.');
  });

  it('reprotects under another policy, under a new content id', async () => {
    const original = place.write('change.txt', 'content');
    const first = await place.type(['protect', original, ...asAlice, ...bobMayRead, '--json']);
    const changed = place.path('change.ptxt');
    const again = ['reprotect', changed, '--in-place', '--grant', 'carol@contoso.com=VIEW'];
    expect((await place.type([...again, ...asBob])).exitCode).toBe(3);
    const second = await place.type([...again, ...asAlice, '--json']);
    expect(second.exitCode).toBe(0);
    expect(second.json()[0]?.contentId).not.toBe(first.json()[0]?.contentId);
    expect((await place.type(['open', changed, ...asBob, '--out', place.path('c')])).exitCode).toBe(3);
    const carol = ['--as', 'carol@contoso.com'];
    expect((await place.type(['open', changed, ...carol, '--out', place.path('c')])).exitCode).toBe(0);
  });

  it('wants to be told where a reprotected file goes', async () => {
    const done = await place.type(['reprotect', file, ...asAlice, ...bobMayRead]);
    expect(done).toMatchObject({ exitCode: 2 });
    expect(done.stderr).toContain('--in-place');
  });
});
