import { mkdirSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { messageTo } from '../../protection/mail.test-support.ts';
import { onePage } from '../testing/one-page.test-support.ts';
import { asAlice, asBob, makeWorkplace, type Workplace } from '../testing/workplace.ts';

const pdf = onePage('Revenue');

describe('PDFs and messages in a folder', () => {
  let place: Workplace;
  const forBob = messageTo([{ type: 'application/pdf', name: 'plan.pdf', bytes: pdf }]);
  const forCarol = Buffer.from(
    'From: alice@contoso.com\r\nTo: carol@contoso.com\r\nSubject: Idea\r\n\r\nLater.\r\n',
  );
  const toNobody = Buffer.from('From: alice@contoso.com\r\nSubject: A draft\r\n\r\nHm.\r\n');
  beforeAll(async () => {
    place = await makeWorkplace();
  });
  beforeEach(() => {
    for (const name of place.list().filter((each) => each !== 'authority'))
      rmSync(place.path(name), { recursive: true });
    mkdirSync(place.path('share'));
    place.write('share/bob.eml', forBob);
    place.write('share/carol.eml', forCarol);
    place.write('share/plan.pdf', pdf);
    place.write('share/note.txt', 'A note.');
  });
  afterAll(() => place.remove());

  const protect = (...options: string[]) =>
    place.type([
      'protect',
      '-r',
      place.path('share'),
      ...asAlice,
      '--out',
      place.path('out'),
      '--threads',
      '0',
      ...options,
    ]);
  const open = (name: string, who: string, ...options: string[]) =>
    place.type(['open', place.path(name), '--as', who, '--out', place.path('opened'), ...options]);
  const text = (name: string) => place.read(name).toString('latin1');

  it('are protected each for those it is sent to; what is no message is passed over and said to be', async () => {
    const done = await protect('--do-not-forward', '--json');
    expect(done.exitCode).toBe(0);
    expect(done.stderr).toContain('2 not a message, which says who gets it');
    expect(place.list('out')).toEqual(['bob.eml', 'carol.eml']);
    const skipped = done.json().flatMap(({ skipped }) => (skipped === undefined ? [] : [skipped]));
    expect(skipped).toHaveLength(2);
    expect(skipped[0]).toMatchObject({ code: null, reason: 'not-a-message' });
    expect((await open('out/carol.eml', 'carol@contoso.com')).stdout).toContain('may not forward it');
    expect((await open('out/carol.eml', 'bob@contoso.com')).exitCode).toBe(3);
    expect((await open('out/bob.eml', 'bob@contoso.com')).exitCode).toBe(0);
    expect(place.read('opened/bob.eml').equals(forBob)).toBe(true);
  });

  it('are told beforehand, in a dry run', async () => {
    place.write('share/draft.eml', toNobody);
    const done = await protect('--encrypt-only', '--dry-run');
    expect(done.stderr).toContain('2 files would be protected, 1 file failed, 2 files skipped.');
    expect(done.stderr).toContain('names nobody in To, Cc or Bcc');
    expect(place.list()).not.toContain('out');
  });

  it('fail if a message names nobody who gets it', async () => {
    place.write('share/draft.eml', toNobody);
    const done = await protect('--do-not-forward');
    expect(done.exitCode).toBe(1);
    expect(done.stderr).toContain('draft.eml names nobody in To, Cc or Bcc');
    expect(place.list('out')).toEqual(['bob.eml', 'carol.eml']);
  });

  it('fail if they are named like messages and are none', async () => {
    place.write('share/empty.eml', '');
    const done = await protect('--do-not-forward');
    expect(done.exitCode).toBe(1);
    expect(done.stderr).toContain('empty.eml is named like a message and is none, or is damaged');
  });

  it('share a license where their format can, and PDFs have one each', async () => {
    expect((await protect('--only-me', '--one-license', '--json')).exitCode).toBe(0);
    const inspected = await place.type(['inspect', '-r', place.path('out'), '--json']);
    const ids = new Map(inspected.json().map((line) => [line.format, line.contentId]));
    expect(inspected.json()).toHaveLength(4);
    expect(new Set(inspected.json().map((line) => line.contentId)).size).toBe(2);
    expect(ids.get('pdf')).not.toBe(ids.get('mail'));
    expect(ids.get('pfile')).toBe(ids.get('mail'));
  });

  it('open as Outlook items if asked, and what is no message opens as it is', async () => {
    await protect('--grant', 'bob@contoso.com=VIEW');
    const args = ['open', '-r', place.path('out'), ...asBob, '--out', place.path('opened')];
    expect((await place.type([...args, '--mail-as', 'msg'])).exitCode).toBe(0);
    expect(place.list('opened')).toEqual(['bob.msg', 'carol.msg', 'note.txt', 'plan.pdf']);
    const refused = await place.type([...args, '--mail-as', 'folder']);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('Use --mail-as eml or msg, or name the messages.');
  });

  it('get the cover page and the stub that were asked for, through threads and a journal', async () => {
    const stub = place.write('stub.txt', 'Ask the help desk of Contoso.');
    const run = ['--only-me', '--threads', '1', '--journal', place.path('journal')];
    const said = ['--cover-language', 'de', '--stub', stub, '--plain-attachments'];
    expect((await protect(...run, ...said)).exitCode).toBe(0);
    expect(text('out/plan.pdf')).toContain('/Lang (de)');
    expect(text('out/bob.eml')).toContain('Ask the help desk of Contoso.');
    const other = await protect(...run, '--cover-language', 'fr', '--stub', stub, '--plain-attachments');
    expect(other.exitCode).not.toBe(0);
    expect(other.stderr).toContain('belongs to a run that was asked for something else');
  });

  it('get what rules say, before what the run says', async () => {
    place.write('cover.pdf', onePage('Ask the help desk'));
    const rules = (first: object) =>
      place.write(
        'rules.json',
        JSON.stringify({
          rules: [first, { match: { extensions: ['eml'] }, messagePolicy: 'encrypt-only' }, { skip: true }],
        }),
      );
    const first = { match: { extensions: ['pdf'] }, policy: { grants: [] } };
    rules({ ...first, settings: { pdf: { cover: { document: 'cover.pdf' } } } });
    const said = ['--rules', place.path('rules.json'), '--cover-language', 'de', '--plain-attachments'];
    expect((await protect(...said)).exitCode).toBe(0);
    expect(place.list('out')).toEqual(['bob.eml', 'carol.eml', 'plan.pdf']);
    expect(text('out/plan.pdf')).toContain('(Ask the help desk) Tj');
    rules({ ...first, settings: { pdf: { cover: { document: 'gone.pdf', color: 'red' } } } });
    const wrong = await protect(...said);
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stderr).toContain('rules[0].settings.pdf.cover: there is no field "color"');
    expect(wrong.stderr).toContain('rules[0].settings.pdf.cover.document');
  });

  it.each([['--do-not-forward'], ['--plain-attachments'], ['--no-wrapper']])(
    'are not submitted to be opened with %s, which would say nothing',
    async (option) => {
      const done = await place.type(['bulk', 'submit', 'open', place.path('share'), option]);
      expect(done.exitCode).toBe(2);
      expect(done.stderr).toContain(`${option} says how files are protected`);
    },
  );

  it('keep their rules when they are protected anew, each message by whom it is sent to', async () => {
    await protect('--do-not-forward');
    const again = ['reprotect', '-r', place.path('out'), ...asAlice, '--in-place', '--encrypt-only'];
    expect((await place.type(again)).exitCode).toBe(0);
    const opened = await open('out/carol.eml', 'carol@contoso.com', '--json');
    expect(opened.json()[0]).toMatchObject({ notGranted: [] });
  });
});
