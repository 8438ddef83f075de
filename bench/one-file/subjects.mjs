// Who is measured on one file: copying, the library in its modes, and the peers. Each has `encrypt` and `decrypt`, or
// `copy`, which give the processes to run, one after the other.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { versionOf } from '../measuring/machine.mjs';

const inBench = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const flushed = (path) => ({ program: 'sync', args: [path] });

/** `cp`, and `cp` followed by a flush of the new file. */
export const copies = ({ flush }) =>
  [
    { name: 'cp', flush: false, copy: (from, to) => [{ program: 'cp', args: [from, to] }] },
    {
      name: 'cp, flushed',
      flush: true,
      copy: (from, to) => [{ program: 'cp', args: [from, to] }, flushed(to)],
    },
  ].filter((each) => flush.includes(each.flush));

/** The library: every mode, with every number of threads, flushed and not. */
export function sealwright({ authorityFolder, modes, threads, flush }) {
  const run = (work, cipherMode, threadCount, durable) => (from, to) => [
    {
      program: process.execPath,
      args: [
        inBench('one-file/sealwright-case.mjs'),
        JSON.stringify({ work, authorityFolder, from, to, cipherMode, threads: threadCount, durable }),
      ],
    },
  ];
  return flush.flatMap((durable) =>
    modes.flatMap((mode) =>
      threads.map((count) => ({
        name: `sealwright ${mode.split('.')[1]}, ${count} thread${count === 1 ? '' : 's'}${durable ? ', flushed' : ''}`,
        ours: true,
        flush: durable,
        // One thread is this one; more are threads beside it.
        encrypt: run('encrypt', mode, count === 1 ? 0 : count, durable),
        decrypt: run('decrypt', mode, count === 1 ? 0 : count, durable),
      })),
    ),
  );
}

/** Peers whose programs or packages are installed; the names of the others go to `missing`. */
export function peers(folder, missing) {
  return [
    ...cpp(folder, missing),
    ...openssl(missing),
    ...gpg(folder, missing),
    ...age(folder, missing),
    ...packages(folder, missing),
  ];
}

/** Builds the C++ program into `folder` and gives its path; `undefined` without a compiler. */
export function builtCbc4k(folder, missing) {
  const program = join(folder, 'cbc4k');
  if (existsSync(program)) return program;
  try {
    execFileSync('g++', ['-O2', '-o', program, inBench('peers/cbc4k.cpp'), '-lcrypto'], { stdio: 'pipe' });
    return program;
  } catch {
    missing.push('C++ CBC4K (needs g++ and libssl-dev)');
    return undefined;
  }
}

/** A key for the programs that take one in hexadecimal digits; it protects nothing but random bytes. */
const throwawayKey = 'a3'.repeat(32);

function cpp(folder, missing) {
  const program = builtCbc4k(folder, missing);
  if (!program) return [];
  const run = (manner, work) => (from, to) => [
    { program, args: [manner, work, from, to], env: { CBC4K_KEY: throwawayKey } },
  ];
  return Object.entries({
    sdk: "C++ CBC4K, the C++ SDK's way",
    careful: 'C++ CBC4K, contexts reused',
  }).map(([manner, name]) => ({ name, encrypt: run(manner, 'encrypt'), decrypt: run(manner, 'decrypt') }));
}

function openssl(missing) {
  if (!versionOf('openssl', ['version'])) {
    missing.push('openssl');
    return [];
  }
  const run = (decrypt) => (from, to) => [
    {
      program: 'openssl',
      args: [
        ...['enc', '-aes-256-cbc', ...(decrypt ? ['-d'] : [])],
        ...['-K', throwawayKey, '-iv', '00'.repeat(16), '-in', from, '-out', to],
      ],
    },
  ];
  return [{ name: 'openssl enc, aes-256-cbc', encrypt: run(false), decrypt: run(true) }];
}

function gpg(folder, missing) {
  if (!versionOf('gpg', ['--version'])) {
    missing.push('gpg');
    return [];
  }
  const home = join(folder, 'gnupg');
  const passphrase = join(home, 'passphrase');
  mkdirSync(home, { mode: 0o700, recursive: true });
  writeFileSync(passphrase, 'of no secret', { mode: 0o600 });
  const common = [
    ...['--homedir', home, '--batch', '--yes', '--quiet', '--no-symkey-cache'],
    ...['--pinentry-mode', 'loopback', '--passphrase-file', passphrase],
  ];
  const encrypting = ['--symmetric', '--cipher-algo', 'AES256', '--compress-algo', 'none'];
  return [
    {
      name: 'gpg --symmetric, AES-256',
      // The key is derived with few rounds, so that the file is what is measured.
      encrypt: (from, to) => [
        { program: 'gpg', args: [...common, ...encrypting, '--s2k-count', '65536', '-o', to, from] },
      ],
      decrypt: (from, to) => [{ program: 'gpg', args: [...common, '--decrypt', '-o', to, from] }],
      /** The agent that gpg starts in its folder. */
      close: () => spawnSync('gpgconf', ['--homedir', home, '--kill', 'all'], { stdio: 'ignore' }),
    },
  ];
}

function age(folder, missing) {
  if (!versionOf('age', ['--version'])) {
    missing.push('age (Debian: age)');
    return [];
  }
  const identity = join(folder, 'age-identity');
  execFileSync('age-keygen', ['-o', identity], { stdio: 'pipe' });
  const recipient = execFileSync('age-keygen', ['-y', identity], { encoding: 'utf8' }).trim();
  return [
    {
      name: 'age (Go)',
      encrypt: (from, to) => [{ program: 'age', args: ['-r', recipient, '-o', to, from] }],
      decrypt: (from, to) => [{ program: 'age', args: ['-d', '-i', identity, '-o', to, from] }],
    },
  ];
}

function packages(folder, missing) {
  if (!existsSync(inBench('peers/node_modules'))) {
    missing.push('the packages (npm ci --prefix bench/peers)');
    return [];
  }
  return Object.entries({
    libsodium: 'libsodium-wrappers secretstream',
    'aws-unsigned': 'AWS Encryption SDK, unsigned, 64 KiB',
    'aws-defaults': 'AWS Encryption SDK, defaults',
    'openpgp-gcm': 'OpenPGP.js, GCM',
    'openpgp-cfb': 'OpenPGP.js, CFB and MDC',
    typage: 'age-encryption (typage)',
  }).map(([name, title]) => {
    const keys = join(folder, `keys-${name}`);
    const run = (...args) => ({
      program: process.execPath,
      args: [inBench('peers/peer.mjs'), name, ...args],
    });
    execFileSync(process.execPath, run('keys', keys).args);
    return {
      name: title,
      encrypt: (from, to) => [run('encrypt', keys, from, to)],
      decrypt: (from, to) => [run('decrypt', keys, from, to)],
    };
  });
}
