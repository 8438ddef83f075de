// What `openssl speed` says of one primitive, to stand beside.
import { spawnSync } from 'node:child_process';

/** MB/s in 64 KiB calls, or undefined without the program. */
export function opensslSpeed(cipher, decrypt = false) {
  const options = ['speed', '-elapsed', '-seconds', '1', '-bytes', '65536', ...(decrypt ? ['-decrypt'] : [])];
  const { stdout, status } = spawnSync('openssl', [...options, '-evp', cipher], { encoding: 'utf8' });
  const figure = status === 0 ? /([\d.]+)k\s*$/m.exec(stdout) : null;
  return figure ? Number(figure[1]) / 1000 : undefined;
}
