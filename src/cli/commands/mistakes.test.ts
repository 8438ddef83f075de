import { chmodSync, copyFileSync, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { typeCommand } from '../testing/type-command.ts';
import { asAlice, asBob, bobMayRead, makeWorkplace, type Workplace } from '../testing/workplace.ts';

const negatives = fileURLToPath(new URL('../../../../shared/data/samples/negatives', import.meta.url));
const oneSentenceWithAdvice = /^error: .+[.?].*\n$/;

describe('mistakes on the command line', () => {
  let place: Workplace;
  let file: string;
  beforeAll(async () => {
    place = await makeWorkplace();
    file = place.write('report.txt', 'Third quarter: up.');
    await place.type(['protect', file, ...asAlice, ...bobMayRead]);
    file = place.write('other.txt', 'Fourth quarter: open.');
  });
  afterAll(() => place.remove());

  it.each([
    ['nobody who acts', [...bobMayRead], /--as you@example\.com/],
    ['no policy', [...asAlice], /Who may open it\?/],
    [
      'a template and a grant',
      [...asAlice, ...bobMayRead, '--template', 'x'],
      /--template and --grant exclude/,
    ],
    [
      'a template and a date',
      [...asAlice, '--template', 'x', '--valid-until', '+1d'],
      /--template and --valid-until/,
    ],
    ['a grant and --only-me', [...asAlice, ...bobMayRead, '--only-me'], /--only-me and --grant exclude/],
    ['two places', [...asAlice, ...bobMayRead, '--out', 'x', '--in-place'], /--out and --in-place exclude/],
    ['a mistyped right', [...asAlice, '--grant', 'bob@contoso.com=VIEW,PIRNT'], /[Dd]id you mean PRINT\?/],
    ['a grant without rights', [...asAlice, '--grant', 'bob@contoso.com'], /WHO=RIGHTS/],
    ['somebody who is no address', ['--as', 'alice', ...bobMayRead], /--as takes an e-mail address/],
    [
      'a day that does not exist',
      [...asAlice, ...bobMayRead, '--valid-until', '2026-02-30'],
      /--valid-until/,
    ],
    ['a time that is over', [...asAlice, ...bobMayRead, '--valid-until', '2020-01-01'], /over already/],
    ['too many offline days', [...asAlice, ...bobMayRead, '--offline-days', '10000'], /--offline-days/],
    ['a vendor nobody knows', [...asAlice, ...bobMayRead, '--interop', 'acme'], /microsoft/],
    ['an option nobody knows', [...asAlice, ...bobMayRead, '--otu', 'x'], /Did you mean --out\?/],
    ['a template nobody made', [...asAlice, '--template', 'Staff only'], /There is no template "Staff only"/],
    [
      'the id of a template nobody made',
      [...asAlice, '--template', '9a3c1b52-7d64-4f0e-b1c8-3e5f7a9d2c41'],
      /template 9a3c1b52/,
    ],
  ])('protecting with %s is exit code 2 and says what to do', async (_, options, message) => {
    const done = await place.type(['protect', file, ...options]);
    expect(done).toMatchObject({ exitCode: 2, stdout: '' });
    expect(done.stderr).toMatch(message);
  });

  it.each([
    ['protect'],
    ['open'],
    ['inspect'],
    ['revoke'],
    ['templates', 'show'],
    ['import'],
    ['completion'],
  ])('%s without its argument is exit code 2', async (...command) => {
    expect(await place.type(command)).toMatchObject({ exitCode: 2, stdout: '' });
  });

  it('a command nobody knows is exit code 2, with the one that was meant', async () => {
    const done = await place.type(['protetc', file]);
    expect(done.exitCode).toBe(2);
    expect(done.stderr).toContain('Did you mean protect?');
  });

  it('a usage error is told to programs, too', async () => {
    const done = await place.type(['protect', file, ...asAlice, '--json']);
    expect(done.json()).toMatchObject([{ error: { code: 'INVALID_ARGUMENT' } }]);
    const unknown = await place.type(['protect', file, '--nonsense', '--json']);
    expect(unknown.json()).toMatchObject([{ error: { code: 'INVALID_ARGUMENT' } }]);
  });

  it('a missing authority is exit code 2 if none was named and 5 if none is there', async () => {
    const command = ['protect', file, ...asAlice, ...bobMayRead];
    expect(await typeCommand(command)).toMatchObject({ exitCode: 2 });
    const nowhere = await typeCommand([...command, '--authority', place.path('nowhere')]);
    expect(nowhere.exitCode).toBe(5);
    expect(nowhere.stderr).toMatch(oneSentenceWithAdvice);
  });

  describe('about files', () => {
    const cases = (): [string, string, number][] => [
      ['a missing file', place.path('missing.ptxt'), 6],
      ['a folder', place.path('authority'), 6],
      ['an empty file', place.write('empty.ptxt', ''), 4],
      ['garbage', place.write('garbage.ptxt', new Uint8Array(4096).fill(7)), 4],
      ['a text that was renamed', place.write('renamed.pfile', 'just text'), 4],
      ['a head that was cut', place.write('head.ptxt', place.read('report.ptxt').subarray(0, 1000)), 4],
    ];

    it('are one sentence with advice, the right exit code, and nothing is written', async () => {
      for (const [what, path, exitCode] of cases()) {
        const done = await place.type(['open', path, ...asBob, '--out', place.path('never')]);
        expect([what, done.exitCode, done.stdout]).toEqual([what, exitCode, '']);
        expect(done.stderr).toMatch(oneSentenceWithAdvice);
      }
      expect(existsSync(place.path('never'))).toBe(false);
    });

    it('name a file that was cut in half, and leave no opened half', async () => {
      const half = place.read('report.ptxt');
      const cut = place.write('half.ptxt', half.subarray(0, half.length - 10));
      const done = await place.type(['open', cut, ...asBob, '--out', place.path('half')]);
      expect(done.exitCode).toBe(4);
      expect(done.stderr).toMatch(oneSentenceWithAdvice);
      expect(existsSync(place.path('half')) ? readdirSync(place.path('half')) : []).toEqual([]);
    });

    it('tell a protected file that is protected again', async () => {
      const done = await place.type(['protect', place.path('report.ptxt'), ...asAlice, ...bobMayRead]);
      expect(done).toMatchObject({ exitCode: 4, stdout: '' });
      expect(done.stderr).toContain('reprotect');
    });

    it('tell a file of another authority', async () => {
      const other = await makeWorkplace();
      const done = await other.type([
        'open',
        place.path('report.ptxt'),
        ...asBob,
        '--out',
        other.path('out'),
      ]);
      expect(done).toMatchObject({ exitCode: 3, stdout: '' });
      expect(done.stderr).toMatch(oneSentenceWithAdvice);
      other.remove();
    });

    it('tell that the place of the output is a file', async () => {
      const taken = place.write('taken', 'x');
      const done = await place.type(['open', place.path('report.ptxt'), ...asBob, '--out', taken]);
      expect(done).toMatchObject({ exitCode: 6, stdout: '' });
      expect(done.stderr).toContain('--out takes a folder');
      expect(place.read('taken').toString()).toBe('x');
    });

    it('tell how to replace a file that is there already', async () => {
      const again = await place.type(['unprotect', place.path('report.ptxt'), ...asAlice]);
      expect(again).toMatchObject({ exitCode: 6, stdout: '' });
      expect(again.stderr).toMatch(/--overwrite.*--out/);
    });

    it('tell that a plain file has no protection to take off', async () => {
      const done = await place.type(['unprotect', file, ...asAlice]);
      expect(done).toMatchObject({ exitCode: 4, stdout: '' });
      expect(done.stderr).toContain('no protection to take off');
    });

    it.skipIf(process.getuid?.() === 0)('tell a file that may not be read (skipped for root)', async () => {
      const secret = place.write('unreadable.txt', 'x');
      chmodSync(secret, 0);
      expect(await place.type(['protect', secret, ...asAlice, ...bobMayRead])).toMatchObject({ exitCode: 6 });
    });

    it('want --out of "open"', async () => {
      const done = await place.type(['open', place.path('report.ptxt'), ...asBob]);
      expect(done).toMatchObject({ exitCode: 2, stdout: '' });
      expect(done.stderr).toContain('--out FOLDER');
    });

    it.skipIf(!existsSync(negatives))(
      'tell an Office file with a password from a protected one (needs the sample files)',
      async () => {
        const name = readdirSync(negatives).find((each) => each.endsWith('.docx')) ?? '';
        const office = place.path('office.docx');
        copyFileSync(join(negatives, name), office);
        const done = await place.type(['open', office, ...asBob, '--out', place.path('never')]);
        expect(done).toMatchObject({ exitCode: 4, stdout: '' });
        expect(done.stderr).toContain('password');
        const inspected = await place.type(['inspect', office]);
        expect(inspected).toMatchObject({ exitCode: 0 });
        expect(inspected.stdout).toContain('encrypted with a password');
        expect(statSync(office).size).toBe(statSync(join(negatives, name)).size);
      },
    );
  });
});
