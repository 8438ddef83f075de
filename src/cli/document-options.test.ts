import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { messageTo } from '../protection/mail.test-support.ts';
import { drawnOn, onePage } from './testing/one-page.test-support.ts';
import { asAlice, asBob, makeWorkplace, type Workplace } from './testing/workplace.ts';

describe('What others see of a protected file', () => {
  let place: Workplace;
  beforeAll(async () => {
    place = await makeWorkplace();
    place.write('plan.pdf', onePage('Revenue'));
    place.write('mail.eml', messageTo([]));
    place.write('cover.pdf', onePage('Ask the help desk'));
    place.write('cover.txt', '\ufeffNicht für alle\n\nFragen Sie\ndie Rechtsabteilung.\n\nSie hilft.\n');
    place.write('stub.txt', 'Ask the help desk.');
    place.write('stub.html', '<p>Ask the <b>help desk</b>.</p>');
    place.write('binary.txt', new Uint8Array([0x41, 0, 0xff]));
    place.write('greek.txt', 'Αυτό το έγγραφο');
    place.write('empty.txt', ' \n');
    place.write('picture.png', new Uint8Array([0x89, 0x50, 0x4e, 0x47]));
    place.write('broken.pdf', '%PDF-1.7\nNothing else.');
  });
  afterAll(() => place.remove());

  /** Types options with the names of files of the place. */
  const protect = (file: string, ...options: string[]) =>
    place.type([
      'protect',
      place.path(file),
      ...asAlice,
      '--grant',
      'bob@contoso.com=VIEW',
      '--overwrite',
      '--out',
      place.path('out'),
      ...options.map((each) => (/^\w+\.\w+$/.test(each) ? place.path(each) : each)),
    ]);
  const text = (name: string) => place.read(name).toString('latin1');

  it.each([
    [['--cover', 'cover.pdf'], '(Ask the help desk) Tj'],
    [['--cover', 'cover.txt', '--cover-language', 'de', '--cover-paper', 'letter'], '/Lang (de)'],
    [['--cover', 'cover.txt'], '(Fragen Sie die Rechtsabteilung.) Tj'],
    [['--cover-language', 'nl,en'], '/Lang (nl)'],
    [['--cover-paper', 'letter'], '[0 0 612 792]'],
    [['--no-wrapper'], '/Filter /MicrosoftIRMServices'],
  ])('a PDF shows what %j says, and opens', async (options, shown) => {
    expect(await protect('plan.pdf', ...options)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(text('out/plan.pdf') + drawnOn(place.read('out/plan.pdf'))).toContain(shown);
    expect(text('out/plan.pdf')).not.toContain('Revenue');
    const opened = [
      'open',
      place.path('out/plan.pdf'),
      ...asBob,
      '--overwrite',
      '--out',
      place.path('opened'),
    ];
    expect((await place.type(opened)).exitCode).toBe(0);
    expect(text('opened/plan.pdf')).toContain('(Revenue) Tj');
  });

  it('a message shows what it says, as text and as HTML', async () => {
    expect((await protect('mail.eml', '--stub', 'stub.txt', '--stub-html', 'stub.html')).exitCode).toBe(0);
    expect(text('out/mail.eml')).toContain('Ask the help desk.');
    expect(text('out/mail.eml')).toContain('<b>help desk</b>');
    expect(text('out/mail.eml')).not.toContain('This message is protected.');
  });

  it('says that options for another kind of document had no effect', async () => {
    place.write('note.txt', 'A note.');
    const done = await protect('note.txt', '--cover-language', 'de', '--stub', 'stub.txt');
    expect(done.exitCode).toBe(0);
    expect(done.stdout).toContain(
      'note --cover-language and --stub had no effect: this is no PDF and no message',
    );
  });

  it.each([
    ['--cover picture.png', 'is neither'],
    ['--cover gone.pdf', 'gone.pdf does not exist'],
    ['--cover broken.pdf', 'cannot be used. The PDF that was given as the cover page'],
    ['--cover binary.txt', 'takes a text in UTF-8'],
    ['--cover empty.txt', 'is empty'],
    ['--cover greek.txt', 'only those of Western European languages can be set'],
    ['--cover cover.pdf --cover-language de', 'leave out --cover-language'],
    ['--cover cover.txt --cover-language de,en', 'a text in one language'],
    ['--cover cover.pdf --no-wrapper', 'leave out --no-wrapper or --cover'],
    ['--cover-language xx', 'only in en, de, fr, es, it, pt, nl'],
    ['--cover-language German', 'takes codes of languages'],
    ['--cover-paper a5', 'a4, letter'],
    ['--stub binary.txt', 'takes a text in UTF-8'],
    ['--stub-html stub.html', 'add the same as text with --stub'],
    ['--cover cover.pdf --format pfile', '--cover says nothing about files in the format pfile'],
    ['--stub stub.txt --format pdf', '--stub says nothing about files in the format pdf'],
  ])('refuses %s with the reason', async (options, reason) => {
    const done = await protect('plan.pdf', ...options.split(' '));
    expect(done.stderr).toContain(reason);
    expect(done.exitCode).toBe(options.includes('gone') ? 6 : 2);
  });
});
