import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Proxy programs these tests know. */
export type ProxyProgram = 'tinyproxy' | 'squid';

const places = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/opt/homebrew/bin'];
const passwordCheckers = ['/usr/lib/squid/basic_ncsa_auth', '/usr/lib64/squid/basic_ncsa_auth'];

/** Where a proxy program is installed, if it is. */
export const programPath = (program: ProxyProgram): string | undefined =>
  places.map((folder) => join(folder, program)).find((path) => existsSync(path));

/** A proxy process on loopback with files of its own in a temporary folder. */
export interface ProxyProcess {
  readonly port: number;
  /** What it wrote about requests. */
  log(): string;
  stop(): Promise<void>;
}

/** Starts a proxy, open or for one user name and password. */
export async function startProxyProcess(
  program: ProxyProgram,
  user?: { readonly name: string; readonly password: string },
): Promise<ProxyProcess> {
  const path = programPath(program);
  if (path === undefined) throw new Error(`${program} is not installed`);
  const folder = mkdtempSync(join(tmpdir(), 'sealwright-proxy-'));
  // Started by root, squid goes on as a user of its own.
  chmodSync(folder, 0o777);
  const port = await freePort();
  const log = join(folder, 'access.log');
  const config = join(folder, 'proxy.conf');
  writeFileSync(
    config,
    program === 'tinyproxy' ? tinyproxy(port, log, user) : squid(port, log, folder, user),
  );
  const args =
    program === 'tinyproxy' ? ['-d', '-c', config] : ['-n', `sealwright${port}`, '-N', '-f', config];
  const child = spawn(path, args, { stdio: 'ignore', cwd: folder });
  await accepting(child, port);
  return {
    port,
    log: () => (existsSync(log) ? readFileSync(log, 'utf8') : ''),
    async stop() {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const tinyproxy = (port: number, log: string, user?: { name: string; password: string }): string =>
  [
    `Port ${port}`,
    'Listen 127.0.0.1',
    'Allow 127.0.0.1',
    'Timeout 30',
    'MaxClients 50',
    `LogFile "${log}"`,
    'LogLevel Connect',
    ...(user === undefined ? [] : [`BasicAuth ${user.name} ${user.password}`]),
    '',
  ].join('\n');

function squid(port: number, log: string, folder: string, user?: { name: string; password: string }): string {
  const access = user === undefined ? ['http_access allow localhost'] : signIn(folder, user);
  return [
    `http_port 127.0.0.1:${port}`,
    ...access,
    'http_access deny all',
    `access_log stdio:${log}`,
    `cache_log ${join(folder, 'cache.log')}`,
    `pid_filename ${join(folder, 'squid.pid')}`,
    `coredump_dir ${folder}`,
    'cache deny all',
    'visible_hostname localhost',
    'shutdown_lifetime 0 seconds',
    'memory_cache_shared off',
    '',
  ].join('\n');
}

function signIn(folder: string, { name, password }: { name: string; password: string }): string[] {
  const checker = passwordCheckers.find((path) => existsSync(path));
  if (checker === undefined) throw new Error('squid has no basic_ncsa_auth');
  const hash = execFileSync('openssl', ['passwd', '-apr1', '-stdin'], { input: password, encoding: 'utf8' });
  const file = join(folder, 'users');
  writeFileSync(file, `${name}:${hash}`);
  return [
    `auth_param basic program ${checker} ${file}`,
    'auth_param basic realm test',
    'acl signed_in proxy_auth REQUIRED',
    'http_access allow signed_in',
  ];
}

async function accepting(child: ChildProcess, port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (child.exitCode !== null) throw new Error(`the proxy ended with ${child.exitCode}`);
    const socket = connect(port, '127.0.0.1');
    const open = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.destroy();
    if (open) return;
    await sleep(50);
  }
  child.kill('SIGKILL');
  throw new Error('the proxy does not listen');
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
