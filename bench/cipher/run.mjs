// Every in-memory case, one process each, beside `openssl speed` in the same run: node bench/cipher/run.mjs
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { opensslSpeed } from './openssl-speed.mjs';

const script = fileURLToPath(new URL('in-memory.mjs', import.meta.url));
console.log(`Node ${process.version}, OpenSSL ${process.versions.openssl}, ${process.arch}`);

const windows = process.argv.slice(2).length > 0 ? process.argv.slice(2) : ['65536', '1048576', '8388608'];
const references = {
  'cbc-encrypt': ['aes-256-cbc', false],
  'cbc-decrypt': ['aes-256-cbc', true],
  ecb: ['aes-256-ecb', false],
  gcm: ['aes-256-gcm', false],
};
for (const [name, [cipher, decrypt]] of Object.entries(references))
  for (const window of windows) {
    const speed = opensslSpeed(cipher, decrypt);
    console.log(
      `openssl speed ${cipher}${decrypt ? ' decrypt' : ''}: ${speed?.toFixed(0) ?? 'no openssl here'} MB/s`,
    );
    spawnSync(process.execPath, [script, name, window], { stdio: 'inherit' });
  }
for (const name of ['stream', 'random-read'])
  spawnSync(process.execPath, [script, name], { stdio: 'inherit' });
spawnSync(process.execPath, [fileURLToPath(new URL('two-threads.mjs', import.meta.url))], {
  stdio: 'inherit',
});
