import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Typed, type TypedOptions, typeCommand } from '../testing/type-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'sealwright-service-'));
const path = (name: string) => join(folder, name);
const stopping = new AbortController();
const type = (args: readonly string[], options: TypedOptions = {}): Promise<Typed> =>
  typeCommand(args, { ...options, env: { SEALWRIGHT_HOME: path('home'), ...options.env } });

let url: string;
let served: Promise<Typed>;

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const socket = createServer().listen(0, '127.0.0.1', () => {
      const { port } = socket.address() as AddressInfo;
      socket.close(() => resolve(port));
    });
  });

beforeAll(async () => {
  const port = await freePort();
  url = `http://localhost:${port}`;
  served = type(['serve', '--dev', '--authority', path('authority'), '--listen', String(port)], {
    signal: stopping.signal,
  });
  for (let tries = 0; tries < 200; tries += 1) {
    const up = await fetch(`${url}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error((await served).stderr);
});

afterAll(async () => {
  stopping.abort(new DOMException('Interrupted.', 'AbortError'));
  await served;
  rmSync(folder, { recursive: true, force: true });
});

const signIn = (who: string): Promise<Typed> => type(['login', url, '--as', who]);

describe('protecting and opening over the wire', () => {
  it('signs in by name at a development server, and remembers it', async () => {
    const typed = await signIn('alice@contoso.com');
    expect(typed).toMatchObject({ exitCode: 0, stderr: '' });
    expect(typed.stdout).toContain('Signed in as alice@contoso.com');
    const [whoami] = (await type(['whoami', '--json'])).json();
    expect(whoami).toMatchObject({ profile: 'alice@contoso.com', current: true, service: url });
  });

  it('needs neither --service nor --as after that, and lets the other person open what they were granted', async () => {
    writeFileSync(path('report.txt'), 'between us');
    await signIn('alice@contoso.com');
    expect((await type(['protect', path('report.txt'), '--grant', 'bob@contoso.com=VIEW'])).exitCode).toBe(0);
    await signIn('bob@contoso.com');
    const opened = await type(['open', path('report.ptxt'), '--out', path('opened')]);
    expect(opened).toMatchObject({ exitCode: 0, stderr: '' });
    expect(readFileSync(path('opened/report.txt'), 'utf8')).toBe('between us');
  });

  it('chooses among those signed in with --as, and says how to sign in as somebody else', async () => {
    const alice = await type([
      'open',
      path('report.ptxt'),
      '--out',
      path('for-alice'),
      '--as',
      'alice@contoso.com',
    ]);
    expect(alice.exitCode).toBe(0);
    const eve = await type([
      'open',
      path('report.ptxt'),
      '--out',
      path('for-eve'),
      '--as',
      'eve@contoso.com',
    ]);
    expect(eve).toMatchObject({ exitCode: 2 });
    expect(eve.stderr).toContain(`sealwright login --service ${url} --as eve@contoso.com`);
  });

  it('refuses whom the policy does not name, with exit code 3', async () => {
    await signIn('eve@contoso.com');
    const typed = await type(['open', path('report.ptxt'), '--out', path('for-eve')]);
    expect(typed.exitCode).toBe(3);
    expect(typed.stderr).toContain('ask alice@contoso.com');
  });

  it('opens once more from the kept license with --offline, and not what was never opened here', async () => {
    await signIn('bob@contoso.com');
    const again = await type(['open', path('report.ptxt'), '--out', path('offline'), '--offline']);
    expect(again.exitCode).toBe(0);
    writeFileSync(path('other.txt'), 'new');
    await type([
      'protect',
      path('other.txt'),
      '--grant',
      'bob@contoso.com=VIEW',
      '--as',
      'alice@contoso.com',
    ]);
    const never = await type(['open', path('other.ptxt'), '--out', path('offline'), '--offline']);
    expect(never.exitCode).toBe(5);
    expect(readdirSync(path('offline'))).toEqual(['report.txt']);
  });

  it('revokes and restores as who protected it', async () => {
    const [inspected] = (await type(['inspect', path('report.ptxt'), '--json'])).json();
    const id = String(inspected?.contentId);
    expect((await type(['revoke', id, '--as', 'alice@contoso.com'])).exitCode).toBe(0);
    const refused = await type([
      'open',
      path('report.ptxt'),
      '--out',
      path('revoked'),
      '--as',
      'bob@contoso.com',
    ]);
    expect(refused.exitCode).toBe(3);
    expect((await type(['restore-access', id, '--as', 'alice@contoso.com'])).exitCode).toBe(0);
    const opened = await type([
      'open',
      path('report.ptxt'),
      '--out',
      path('restored'),
      '--as',
      'bob@contoso.com',
    ]);
    expect(opened.exitCode).toBe(0);
  });

  it('forgets a sign-in', async () => {
    await signIn('carol@contoso.com');
    expect((await type(['logout'])).exitCode).toBe(0);
    const profiles = (await type(['whoami', '--json'])).json().map(({ profile }) => profile);
    expect(profiles).not.toContain('carol@contoso.com');
  });

  it('takes a token from the environment, for scripts', async () => {
    writeFileSync(path('scripted.txt'), 'x');
    const typed = await type(
      ['protect', path('scripted.txt'), '--grant', 'bob@contoso.com=VIEW', '--service', url],
      {
        env: { SEALWRIGHT_TOKEN: 'bm90.YQ.dG9rZW4', SEALWRIGHT_HOME: path('empty') },
      },
    );
    expect(typed.exitCode).toBe(3);
    expect(typed.stderr).not.toContain('dG9rZW4');
  });
});

describe('a token', () => {
  const home = () => path('two-services');
  const told = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    type(['open', 'a.ptxt', '--out', 'b', ...args], { env: { SEALWRIGHT_HOME: home(), ...env } });

  it.each([
    ['on the command line', ['--profile', 'work', '--service', 'https://other.example'], {}],
    ['with the profile in the environment', ['--service', 'other.example'], { SEALWRIGHT_PROFILE: 'work' }],
    [
      'with the service in the environment',
      ['--profile', 'work'],
      { SEALWRIGHT_SERVICE: 'https://other.example' },
    ],
  ])('does not go to another service than its profile is for, named %s', async (_, args, env) => {
    mkdirSync(home(), { recursive: true });
    const profiles = { work: { service: 'https://rms.contoso.test', issuer: 'https://login.contoso.test' } };
    writeFileSync(join(home(), 'config.json'), JSON.stringify({ current: 'work', profiles }));
    const typed = await told(args, env);
    expect(typed.stderr).toContain('The profile "work" is for https://rms.contoso.test');
    expect(typed.exitCode).toBe(2);
  });
});

describe('signing in anew', () => {
  const profileOf = (home: string) => JSON.parse(readFileSync(join(home, 'config.json'), 'utf8'));

  it('does not take another key for the one that was pinned, and prints no password of a proxy', async () => {
    const home = path('pinned');
    const env = { SEALWRIGHT_HOME: home };
    await type(['login', url, '--as', 'dora@contoso.com'], { env });
    const before = profileOf(home);
    const dora = before.profiles['dora@contoso.com'];
    const other = { ...dora, keySha256: 'ab'.repeat(32), proxy: 'http://dora:s3cret@proxy:8080' };
    writeFileSync(
      join(home, 'config.json'),
      JSON.stringify({ ...before, profiles: { 'dora@contoso.com': other } }),
    );
    const again = await type(['login', url, '--as', 'dora@contoso.com'], { env });
    expect(again.exitCode).not.toBe(0);
    expect(again.stderr).toContain('another licensor key');
    expect(profileOf(home).profiles['dora@contoso.com'].keySha256).toBe('ab'.repeat(32));
    const shown = await type(['whoami', '--json'], { env });
    expect(shown.json()[0]?.proxy).toBe('http://proxy:8080');
  });

  it('refuses a server that has people get tokens for something else', async () => {
    const server = createHttpServer((_, response) => {
      const Issuers = [
        {
          Issuer: 'https://login.contoso.test',
          ClientId: 'a',
          Scope: 'openid https://graph.microsoft.com/.default',
        },
      ];
      response.end(JSON.stringify({ Name: 'Odd', KeySha256: 'ab'.repeat(32), Issuers }));
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const typed = await type(['login', `http://127.0.0.1:${port}`], {
      env: { SEALWRIGHT_HOME: path('odd') },
    });
    server.close();
    expect(typed.stderr).toContain('graph.microsoft.com');
    expect(typed.stderr).toContain('It was not asked for');
  });
});

describe('what a profile remembers', () => {
  it('is the server without a path behind it, and files wherever the next command is typed', async () => {
    const home = path('remembers');
    writeFileSync(path('proxy.pac'), "function FindProxyForURL() { return 'DIRECT'; }");
    const pac = relative(process.cwd(), path('proxy.pac'));
    const typed = await type(['login', `${url}/my/v2`, '--as', 'ana@contoso.com', '--pac', pac, '--json'], {
      env: { SEALWRIGHT_HOME: home },
    });
    expect(typed.exitCode).toBe(0);
    expect(typed.json()[0]).toMatchObject({ service: url, pac: path('proxy.pac') });
  });

  it('ends with the sign-in at the issuer, and then the message says what to type', async () => {
    const env = { SEALWRIGHT_HOME: path('ended') };
    await type(['login', url, '--as', 'ana@contoso.com'], { env });
    for (const name of readdirSync(path('ended/tokens'))) rmSync(join(path('ended/tokens'), name));
    writeFileSync(path('late.txt'), 'late');
    const typed = await type(['protect', path('late.txt'), '--grant', 'bob@contoso.com=VIEW'], { env });
    expect(typed.exitCode).toBe(3);
    expect(typed.stderr).toContain(`sealwright login --service ${url} --as ana@contoso.com`);
  });
});

describe('mistakes with services', () => {
  it.each([
    [
      'an authority and a service at once',
      ['open', 'a.ptxt', '--out', 'b', '--authority', 'a', '--service', 'https://b.example'],
      'exclude each other',
    ],
    [
      'a service that is no URL',
      ['open', 'a.ptxt', '--out', 'b', '--service', 'ftp://b.example'],
      'takes a URL such as https://',
    ],
    ['no service at all', ['login'], 'Which service?'],
    [
      'a profile there is not',
      ['open', 'a.ptxt', '--out', 'b', '--profile', 'nobody'],
      'There is no profile "nobody"',
    ],
    [
      'that nobody signs in over a connection that others can read and change',
      ['login', '--service', 'http://rms.contoso.test'],
      'https://',
    ],
    ['a server without an issuer', ['serve', '--authority', 'a'], '--issuer'],
    [
      'half of a certificate',
      [
        'serve',
        '--authority',
        'a',
        '--url',
        'https://a.example',
        '--issuer',
        'https://b.example',
        '--audience',
        'c',
        '--tls-key',
        'k',
      ],
      'belong together',
    ],
    ['a configuration and options', ['serve', '--config', 'c.json', '--dev'], '--dev'],
  ])('explains %s', async (_, args, expected) => {
    const typed = await type(args, { env: { SEALWRIGHT_HOME: path('nowhere') } });
    expect(typed.exitCode).toBe(2);
    expect(typed.stderr).toContain(expected);
  });

  it('says that a server does not answer, and what finds out more', async () => {
    const typed = await type(['login', `http://localhost:${await freePort()}`]);
    expect(typed.exitCode).toBe(5);
    expect(typed.stderr).toContain('sealwright doctor --service');
  });
});
