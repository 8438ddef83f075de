import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A PostgreSQL server of a test's own, in a temporary folder, on a port of its own. */
export interface PostgresServer {
  /** As `postgres`, who may do anything. */
  readonly url: string;
  readonly port: number;
  /** The address of a database that is made now. */
  database(name: string): string;
  /** Runs SQL as `postgres` and gives what `psql` prints, without decoration. */
  sql(database: string, text: string): string;
  /** Ends it as `pg_ctl stop -m` does. */
  stop(how?: 'fast' | 'immediate'): Promise<void>;
  start(): Promise<void>;
  /** Ends it and removes the folder. */
  remove(): Promise<void>;
}

/** Where the programs of the server are: `POSTGRES_BIN`, the path, or where Debian puts them. */
export function findPostgres(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    process.env.POSTGRES_BIN ?? '',
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env.PATH ?? '').split(':'),
  ];
  return folders.find(
    (folder) => folder !== '' && existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')),
  );
}

/** Starts a server. PostgreSQL refuses to run as root, so it then runs as `nobody`. */
export async function startPostgres(
  settings: readonly string[] = [],
  host = '127.0.0.1',
): Promise<PostgresServer> {
  const bin = findPostgres();
  if (bin === undefined) throw new Error('There is no PostgreSQL server here.');
  const folder = mkdtempSync(join(tmpdir(), 'sealwright-pg-'));
  const asRoot = process.getuid?.() === 0;
  if (asRoot) {
    const id = (flag: string): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
    chownSync(folder, id('-u'), id('-g'));
  }
  const run = (command: string, args: readonly string[]): readonly [string, string[]] =>
    asRoot
      ? ['runuser', ['-u', 'nobody', '--', join(bin, command), ...args]]
      : [join(bin, command), [...args]];
  const data = join(folder, 'data');
  const [initdb, initArguments] = run('initdb', [
    '-D',
    data,
    '-A',
    'trust',
    '-U',
    'postgres',
    '-N',
    '-E',
    'UTF8',
    '--locale=C',
  ]);
  execFileSync(initdb, initArguments, { cwd: folder, stdio: 'pipe' });
  const port = await freePort();
  let server: ChildProcess | undefined;
  const sql = (database: string, text: string): string =>
    execFileSync(
      join(bin, 'psql'),
      [
        '-h',
        host,
        '-p',
        String(port),
        '-U',
        'postgres',
        '-d',
        database,
        '-qAtX',
        '-v',
        'ON_ERROR_STOP=1',
        '-c',
        text,
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
    ).trim();
  const made: PostgresServer = {
    url: `postgres://postgres@${host}:${port}/postgres`,
    port,
    database(name) {
      sql('postgres', `CREATE DATABASE ${name}`);
      return `postgres://postgres@${host}:${port}/${name}`;
    },
    sql,
    async start() {
      const options = [
        `listen_addresses=${host === '127.0.0.1' ? host : `127.0.0.1,${host}`}`,
        `port=${port}`,
        `unix_socket_directories=${folder}`,
        ...settings,
      ];
      const [postgres, args] = run('postgres', ['-D', data, ...options.flatMap((option) => ['-c', option])]);
      server = spawn(postgres, args, { cwd: folder, stdio: 'ignore' });
      for (let tries = 0; ; tries++) {
        try {
          sql('postgres', 'SELECT 1');
          return;
        } catch (error) {
          if (tries > 150 || server.exitCode !== null) throw error;
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      }
    },
    async stop(how = 'fast') {
      const running = server;
      server = undefined;
      if (running === undefined || running.exitCode !== null) return;
      const ended = new Promise((resolve) => running.once('exit', resolve));
      const [control, args] = run('pg_ctl', ['stop', '-D', data, '-m', how, '-w']);
      execFileSync(control, args, { cwd: folder, stdio: 'pipe' });
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

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
