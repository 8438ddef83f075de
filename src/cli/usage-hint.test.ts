import { describe, expect, it } from 'vitest';
import { typeCommand } from './testing/type-command.ts';

describe('what people type first', () => {
  it.each([
    [['help'], 'The quickest way to start'],
    [['help', 'protect'], 'Usage: sealwright protect'],
    [['help', 'templates', 'add'], 'Usage: sealwright templates add'],
    [['version'], '0.'],
  ])('%j is understood', async (args, text) => {
    const done = await typeCommand(args);
    expect(done).toMatchObject({ exitCode: 0, stderr: '' });
    expect(done.stdout).toContain(text);
  });

  it.each([
    [['-v'], '--version'],
    [['decrypt', 'x.docx'], 'Did you mean open?'],
    [['watermark', 'x.docx'], '"sealwright --help" lists the commands'],
    [['label', 'add', 'x.docx'], 'Did you mean set?'],
    [['label', 'rub-out', 'x.docx'], 'After "label" stands one of get, set, remove.'],
    [['help', 'protetc'], 'Did you mean protect?'],
    [['--authority', 'a', 'protect', 'x'], 'Options go after the command'],
    [['--authority=a', 'protect', 'x'], 'Options go after the command'],
    [['open', 'x.ptxt', '-o', 'out'], 'Did you mean --out FOLDER?'],
    [['protect', '-dash.txt'], './-dash.txt'],
    [['revoke', 'x.ptxt'], 'sealwright inspect x.ptxt'],
    [['inspect', ''], 'empty'],
    [['init', 'a', '--authority', 'b'], 'named twice'],
  ])('%j is answered with what to type instead', async (args, text) => {
    const done = await typeCommand(args);
    expect(done).toMatchObject({ exitCode: 2, stdout: '' });
    expect(done.stderr).toContain(text);
  });

  it('tells a program the hint, too', async () => {
    const done = await typeCommand(['open', 'x.ptxt', '-o', 'out', '--json']);
    expect(done.json()).toMatchObject([
      { error: { code: 'INVALID_ARGUMENT', message: expect.stringContaining('--out FOLDER') } },
    ]);
  });
});
