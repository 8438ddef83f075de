// A PostgreSQL server of a program's own, in a temporary folder. Runs as `nobody` where we are root, which it refuses to be.
import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where the programs of the server are: `POSTGRES_BIN`, where Debian puts them, or the path. */
export function findPostgres() {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    process.env.POSTGRES_BIN ?? '',
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env.PATH ?? '').split(':'),
  ];
  return folders.find((folder) => folder !== '' && existsSync(join(folder, 'initdb')));
}

/** Starts a server that listens on these addresses. */
export async function startPostgres(addresses, port, network) {
  const bin = findPostgres();
  if (bin === undefined)
    throw new Error('There is no PostgreSQL server here: install the package postgresql.');
  const folder = mkdtempSync(join(tmpdir(), 'sealwright-postgres-'));
  const root = process.getuid?.() === 0;
  const id = (flag) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  if (root) chownSync(folder, id('-u'), id('-g'));
  const command = (name, args) =>
    root ? ['runuser', ['-u', 'nobody', '--', join(bin, name), ...args]] : [join(bin, name), args];
  const data = join(folder, 'data');
  const run = (name, args) =>
    execFileSync(...command(name, args), {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
    });
  run('initdb', ['-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--locale=C']);
  if (network !== undefined) appendFileSync(join(data, 'pg_hba.conf'), `host all all ${network} trust\n`);
  let server;
  const psql = (text) =>
    execFileSync(
      'psql',
      ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', '-qAtX', '-v', 'ON_ERROR_STOP=1', '-c', text],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
    ).trim();
  const made = {
    psql,
    async start() {
      const settings = [
        `listen_addresses=${addresses.join(',')}`,
        `port=${port}`,
        `unix_socket_directories=${folder}`,
      ];
      const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
      server = spawn(...command('postgres', args), { cwd: folder, stdio: 'ignore' });
      for (let tries = 0; ; tries++) {
        try {
          return psql('SELECT 1');
        } catch (error) {
          if (tries > 200 || server.exitCode !== null) throw error;
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      }
    },
    async stop(how) {
      if (server === undefined || server.exitCode !== null) return;
      const ended = new Promise((resolve) => server.once('exit', resolve));
      run('pg_ctl', ['stop', '-D', data, '-m', how, '-w']);
      await ended;
    },
    async remove() {
      await made.stop('immediate').catch(() => undefined);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await made.start();
  return made;
}
