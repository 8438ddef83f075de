import { readFileSync, statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messageTo } from '../../protection/mail.test-support.ts';
import { asAlice, asBob, makeWorkplace, type Workplace } from '../testing/workplace.ts';

const hello = new TextEncoder().encode('Hello');

describe('messages on the command line', () => {
  let place: Workplace;
  let file: string;
  const original = messageTo([
    { type: 'text/plain', name: '../../note.txt', bytes: hello },
    { type: 'text/plain', name: 'NOTE.txt', bytes: hello },
    { type: 'text/plain', name: 'aux.txt', bytes: hello },
    {
      type: 'message/rfc822',
      bytes: 'From: carol@contoso.com\r\nTo: alice@contoso.com\r\nSubject: Idea\r\n\r\nLater.',
    },
  ]);
  beforeAll(async () => {
    place = await makeWorkplace();
    file = place.write('mail.eml', original);
    const done = await place.type([
      'protect',
      file,
      ...asAlice,
      '--do-not-forward',
      '--out',
      place.path('out'),
    ]);
    expect(done).toMatchObject({ exitCode: 0, stderr: '' });
  });
  afterAll(() => place.remove());
  const type = (...args: string[]) => place.type([...args, '--json']);

  it('protects a message for those it is sent to, and keeps its name', async () => {
    expect(place.list('out')).toEqual(['mail.eml']);
    expect(place.read('out/mail.eml').toString()).not.toContain('Revenue');
    const done = await type('inspect', place.path('out/mail.eml'));
    expect(done.json()[0]).toMatchObject({ protected: true, format: 'mail', policyName: 'Do Not Forward' });
  });

  it('opens it as it was and says what its recipient may not do', async () => {
    const done = await place.type([
      'open',
      place.path('out/mail.eml'),
      ...asBob,
      '--out',
      place.path('opened'),
    ]);
    expect(done.exitCode).toBe(0);
    expect(done.stdout).toContain(
      'note bob@contoso.com may not forward it, copy from it or print it (FORWARD, EXTRACT, PRINT not granted).',
    );
    expect(place.read('opened/mail.eml').equals(original)).toBe(true);
    const line = (
      await type('open', place.path('out/mail.eml'), ...asBob, '--out', place.path('json'))
    ).json()[0];
    expect(line).toMatchObject({ format: 'mail', notGranted: ['FORWARD', 'EXTRACT', 'PRINT'] });
  });

  it('says nothing of the kind to its sender, and opens it for nobody else', async () => {
    const protectedFile = place.path('out/mail.eml');
    const sender = await type('open', protectedFile, ...asAlice, '--out', place.path('alice'));
    expect(sender.json()[0]).toMatchObject({ notGranted: [] });
    const other = await type('open', protectedFile, '--as', 'eve@contoso.com', '--out', place.path('eve'));
    expect(other.exitCode).toBe(3);
  });

  it('writes an Outlook item if asked', async () => {
    const done = await type(
      'open',
      place.path('out/mail.eml'),
      ...asBob,
      '--mail-as',
      'msg',
      '--out',
      place.path('m'),
    );
    expect(done).toMatchObject({ exitCode: 0, stderr: '' });
    expect(place.read('m/mail.msg').subarray(0, 4).toString('hex')).toBe('d0cf11e0');
  });

  it('writes a folder if asked, with names that lead nowhere else, for the user alone', async () => {
    const command = [
      'open',
      place.path('out/mail.eml'),
      ...asBob,
      '--mail-as',
      'folder',
      '--out',
      place.path('f'),
    ];
    expect(await place.type(command)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(place.list('f')).toEqual(['mail']);
    expect(place.list('f/mail')).toEqual(['attachments', 'header.txt', 'message.txt']);
    expect(place.list('f/mail/attachments')).toEqual(['Idea', 'NOTE (2).txt', '_aux.txt', 'note.txt']);
    expect(place.read('f/mail/message.txt').toString()).toBe('Revenue is up: 12 €.\r\nKeep it quiet.');
    expect(place.read('f/mail/attachments/Idea/message.txt').toString()).toBe('Later.');
    expect(statSync(place.path('f/mail')).mode & 0o777).toBe(0o700);
    expect(statSync(place.path('f/mail/attachments/note.txt')).mode & 0o777).toBe(0o600);
    expect((await place.type(command)).exitCode).toBe(6);
    expect((await place.type([...command, '--overwrite'])).exitCode).toBe(0);
    expect(place.list('f')).toEqual(['mail']);
  });

  it('says where the form of messages was asked for, and there is none', async () => {
    const text = place.write('note.txt', 'A note.');
    await place.type(['protect', text, ...asAlice, '--grant', 'bob@contoso.com=VIEW']);
    const open = (form: string) =>
      place.type(['open', place.path('note.ptxt'), ...asBob, '--mail-as', form, '--out', place.path('n')]);
    expect((await open('msg')).stdout).toContain('note --mail-as had no effect: this is no message');
    const refused = await open('folder');
    expect(refused.exitCode).toBe(4);
    expect(refused.stderr).toContain(
      'is no message, so it cannot be opened as a folder: leave --mail-as out',
    );
  });

  it('tells that what is only named like a message became a PFILE', async () => {
    const empty = place.write('empty.eml', '');
    const done = await place.type(['protect', empty, ...asAlice, '--only-me']);
    expect(done.stdout).toContain('note only named like a message, or damaged: it became a PFILE');
  });

  it('opens a bare message.rpmsg to message.eml', async () => {
    const base64 = /name="message\.rpmsg"[\s\S]*?\r\n\r\n([\s\S]*?)\r\n--/.exec(
      place.read('out/mail.eml').toString(),
    );
    const bare = place.write('message.rpmsg', Buffer.from(base64?.[1] ?? '', 'base64'));
    const done = await type('open', bare, ...asBob, '--out', place.path('bare'));
    expect(done).toMatchObject({ exitCode: 0, stderr: '' });
    expect(readFileSync(place.path('bare/message.eml'), 'utf8')).toContain('Keep it quiet.');
  });

  it('takes recipients that are named instead, for any file', async () => {
    const text = place.write('plan.txt', 'A plan.');
    const args = ['protect', text, ...asAlice, '--encrypt-only', '--recipient', 'carol@contoso.com'];
    expect(await place.type(args)).toMatchObject({ exitCode: 0, stderr: '' });
    const carol = ['--as', 'carol@contoso.com', '--out', place.path('carol')];
    expect((await type('open', place.path('plan.ptxt'), ...carol)).exitCode).toBe(0);
  });

  it.each([
    [['--do-not-forward', '--encrypt-only'], 'exclude each other'],
    [['--do-not-forward', '--grant', 'bob@contoso.com=VIEW'], 'exclude each other'],
    [['--do-not-forward', '--only-me'], 'exclude each other'],
    [['--encrypt-only', '--template', 'x'], 'exclude each other'],
    [['--encrypt-only', '--offline-days', '7'], '--offline-days'],
    [['--recipient', 'bob@contoso.com', '--only-me'], '--recipient goes with'],
  ])('refuses %j', async (options, message) => {
    const done = await place.type(['protect', file, ...asAlice, ...options, '--out', place.path('never')]);
    expect(done.exitCode).toBe(2);
    expect(done.stderr).toContain(message);
  });

  it('asks for recipients where a file names none', async () => {
    const text = place.write('other.txt', 'A plan.');
    const done = await place.type(['protect', text, ...asAlice, '--do-not-forward']);
    expect(done.exitCode).toBe(2);
    expect(done.stderr).toContain('--recipient');
  });
});
