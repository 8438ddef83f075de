import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { typeCommand } from '../testing/type-command.ts';
import { asAlice, asBob, bobMayRead, makeWorkplace, type Workplace } from '../testing/workplace.ts';

describe('the authority on the command line', () => {
  let place: Workplace;
  let contentId: string;
  beforeAll(async () => {
    place = await makeWorkplace();
    const file = place.write('report.txt', 'Third quarter: up.');
    const done = await place.type(['protect', file, ...asAlice, ...bobMayRead, '--json']);
    contentId = String(done.json()[0]?.contentId);
  });
  afterAll(() => place.remove());

  const open = (who: readonly string[]) =>
    place.type(['open', place.path('report.ptxt'), ...who, '--out', place.path('out'), '--overwrite']);

  describe('init', () => {
    it('warns in a folder that is not empty', async () => {
      const full = place.path('full');
      mkdirSync(full);
      place.write('full/other.txt', 'x');
      const done = await typeCommand(['init', full]);
      expect(done.exitCode).toBe(0);
      expect(done.stderr).toContain('was not empty');
    });

    it('says every documented field, and that identity is asserted', async () => {
      const done = await typeCommand([
        'init',
        '--authority',
        place.path('second'),
        '--name',
        'Second',
        '--json',
      ]);
      expect(Object.keys(done.json()[0] ?? {})).toEqual([
        'authority',
        'id',
        'name',
        'createdAt',
        'keyBits',
        'keySha256',
        'passphrase',
      ]);
      expect(done.json()[0]).toMatchObject({ name: 'Second', keyBits: 2048, passphrase: false });
      const told = await typeCommand(['init', '--authority', place.path('third')]);
      expect(told.stdout).toContain('whoever can open this folder can act as anyone');
    });

    it('leaves an authority that is there alone, with exit code 6', async () => {
      const done = await place.type(['init']);
      expect(done).toMatchObject({ exitCode: 6, stdout: '' });
    });

    it('refuses a key size it does not make', async () => {
      const done = await typeCommand(['init', '--authority', place.path('odd'), '--key-bits', '1024']);
      expect(done.exitCode).toBe(2);
      expect(existsSync(place.path('odd'))).toBe(false);
    });
  });

  describe('a passphrase', () => {
    let locked: string;
    let right: string;
    beforeAll(async () => {
      locked = place.path('locked');
      right = place.write('right.txt', 'correct horse\n');
      const made = await typeCommand(['init', '--authority', locked, '--passphrase-file', right]);
      expect(made.stdout).toContain('under your passphrase');
    });

    it('comes from a file that is named on the command line or in the environment', async () => {
      const list = ['templates', 'list', '--authority', locked];
      expect((await typeCommand([...list, '--passphrase-file', right])).exitCode).toBe(0);
      expect((await typeCommand(list, { env: { SEALWRIGHT_PASSPHRASE_FILE: right } })).exitCode).toBe(0);
    });

    it('is asked for on a terminal, and never shown', async () => {
      const done = await typeCommand(['templates', 'list', '--authority', locked], {
        terminal: true,
        answers: ['correct horse'],
      });
      expect(done.exitCode).toBe(0);
      expect(done.stderr).toContain('Passphrase of');
      expect(done.stdout + done.stderr).not.toContain('correct horse');
    });

    it('that is wrong or missing is exit code 3, in one sentence', async () => {
      const wrong = place.write('wrong.txt', 'wrong horse');
      const list = ['templates', 'list', '--authority', locked];
      for (const more of [[], ['--passphrase-file', wrong]]) {
        const done = await typeCommand([...list, ...more]);
        expect(done).toMatchObject({ exitCode: 3, stdout: '' });
        expect(done.stderr).toMatch(/^error: .+passphrase.+\n$/);
        expect(done.stderr).not.toContain('wrong horse');
      }
    });

    it.each([
      ['is not there', undefined, 6],
      ['is empty', '', 2],
      ['has several lines', 'a\nb\n', 2],
    ])('in a file that %s is a mistake', async (_, content, exitCode) => {
      const path = content === undefined ? place.path('none.txt') : place.write('odd.txt', content);
      const done = await typeCommand(['templates', 'list', '--authority', locked, '--passphrase-file', path]);
      expect(done.exitCode).toBe(exitCode);
    });

    it('is chosen on a terminal by typing it twice', async () => {
      const init = (folder: string) => ['init', '--authority', place.path(folder), '--ask-passphrase'];
      const terminal = true;
      expect((await typeCommand(init('typed'), { terminal, answers: ['a b', 'a b'] })).exitCode).toBe(0);
      const slip = await typeCommand(init('slip'), { terminal, answers: ['a b', 'a c'] });
      expect(slip.exitCode).toBe(2);
      expect(existsSync(place.path('slip'))).toBe(false);
      expect((await typeCommand(init('script'))).exitCode).toBe(2);
    });
  });

  describe('revoke and restore-access', () => {
    it('withdraw a content from everyone but its owner, and give it back', async () => {
      const done = await place.type(['revoke', contentId, ...asAlice, '--json']);
      expect(done.json()).toEqual([{ contentId, user: null, revoked: true }]);
      const refused = await open(asBob);
      expect(refused.exitCode).toBe(3);
      expect(refused.stderr).toContain('revoked');
      expect((await open(asAlice)).exitCode).toBe(0);
      const restored = await place.type(['restore-access', contentId.slice(1, -1), ...asAlice, '--json']);
      expect(restored.json()).toEqual([{ contentId, user: null, revoked: false }]);
      expect((await open(asBob)).exitCode).toBe(0);
    });

    it('do so for one person with --user', async () => {
      const user = ['--user', 'Bob@contoso.com'];
      const done = await place.type(['revoke', contentId, ...asAlice, ...user, '--json']);
      expect(done.json()).toEqual([{ contentId, user: 'bob@contoso.com', revoked: true }]);
      expect((await open(asBob)).exitCode).toBe(3);
      await place.type(['restore-access', contentId, ...asAlice, ...user]);
      expect((await open(asBob)).exitCode).toBe(0);
    });

    it('are refused to others with 3, and for what nobody knows with 2', async () => {
      expect((await place.type(['revoke', contentId, ...asBob])).exitCode).toBe(3);
      expect((await place.type(['revoke', 'report', ...asAlice])).exitCode).toBe(2);
      const unknown = '00000000-0000-4000-8000-000000000000';
      expect((await place.type(['revoke', unknown, ...asAlice])).exitCode).toBe(2);
    });
  });

  describe('log', () => {
    it('has a row for each request, refusals too, with every documented field', async () => {
      await open(['--as', 'mallory@example.net']);
      const done = await place.type(['log', '--format', 'json']);
      const rows = done.json();
      expect(Object.keys(rows[0] ?? {})).toEqual([
        'time',
        'rowId',
        'requestType',
        'userId',
        'result',
        'correlationId',
        'contentId',
        'ownerEmail',
        'issuer',
        'templateId',
        'fileName',
        'datePublished',
        'clientInfo',
        'clientAddress',
        'adminAction',
        'actingAsUser',
      ]);
      expect(rows.at(-1)).toMatchObject({ userId: 'mallory@example.net', result: 'AccessDenied', contentId });
      expect((await place.type(['log', '--json'])).json()).toEqual(rows);
    });

    it('is a W3C extended log where a program reads it, and a table on a terminal', async () => {
      const piped = await place.type(['log']);
      expect(piped.stdout).toMatch(/^#Software: RMS\n#Version: 1\.1\n#Fields: date\ttime\t/);
      const terminal = await place.type(['log'], { terminal: true, env: { NO_COLOR: '1' } });
      expect(terminal.stdout).toMatch(/^time \(UTC\) +who/);
      expect(terminal.stdout).toMatch(/mallory@example\.net +open +AccessDenied +report\.txt/);
    });

    it('can be cut to a time', async () => {
      expect((await place.type(['log', '--json', '--until', '2020-01-01'])).stdout).toBe('');
      expect((await place.type(['log', '--json', '--from', '2020-01-01'])).json().length).toBeGreaterThan(0);
    });
  });

  describe('export and import', () => {
    it('move the whole authority, in a file that only its owner reads', async () => {
      const secret = ['--archive-passphrase-file', place.write('archive.txt', 'battery staple')];
      const archive = place.path('backup');
      const exported = await place.type(['export', '--to', archive, ...secret, '--json']);
      expect(Object.keys(exported.json()[0] ?? {})).toEqual(['authority', 'output', 'size']);
      expect(statSync(archive).mode & 0o777).toBe(0o600);
      expect((await place.type(['export', '--to', archive, ...secret])).exitCode).toBe(6);

      const moved = ['--authority', place.path('moved')];
      const wrong = ['--archive-passphrase-file', place.write('archive-wrong.txt', 'staple')];
      const refused = await typeCommand(['import', archive, ...moved, ...wrong]);
      expect(refused.exitCode).toBe(4);
      expect(refused.stderr).toContain('passphrase');
      expect(existsSync(place.path('moved'))).toBe(false);

      expect((await typeCommand(['import', archive, ...moved, ...secret])).exitCode).toBe(0);
      const file = place.path('report.ptxt');
      const opened = await typeCommand(['open', file, ...moved, ...asBob, '--out', place.path('moved-out')]);
      expect(opened.exitCode).toBe(0);
    });

    it.each(['authority.key', 'authority.db', 'authority.db-wal', 'AUTHORITY.KEY'])(
      'never write the archive over the %s of the authority',
      async (name) => {
        const secret = ['--archive-passphrase-file', place.write('archive.txt', 'battery staple')];
        const to = join(place.path('authority'), name);
        for (const extra of [[], ['--overwrite']]) {
          const refused = await place.type(['export', '--to', to, ...secret, ...extra]);
          expect(refused.exitCode).toBe(2);
          expect(refused.stderr).toContain('belongs to the authority itself');
        }
        // SQLite itself may write to its own files or remove them meanwhile.
        const now = existsSync(to) ? readFileSync(to, 'latin1') : '';
        expect(now).not.toContain('SEALWRIGHT-AUTHORITY');
      },
    );

    it('want a passphrase and a place', async () => {
      expect((await place.type(['export'])).exitCode).toBe(2);
      expect((await place.type(['export', '--to', place.path('x')])).stderr).toContain(
        '--archive-passphrase-file',
      );
      expect((await place.type(['import', place.path('missing')])).exitCode).toBe(6);
    });
  });
});
