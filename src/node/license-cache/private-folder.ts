import { type BigIntStats, lstatSync, mkdirSync } from 'node:fs';
import { SealwrightError } from '../../errors.ts';
import { fileError } from '../file-error.ts';

/**
 * Makes sure that `path` is a folder of mode 0700 that belongs to this account, and makes it where it is missing.
 * Throws `PERMISSION_DENIED`, `NOT_A_FILE`, `IO_FAILED`.
 */
export function ensurePrivateFolder(path: string): void {
  let facts: BigIntStats;
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    facts = lstatSync(path, { bigint: true });
  } catch (error) {
    throw fileError(error, { action: 'write', path });
  }
  if (!facts.isDirectory())
    throw new SealwrightError(
      'NOT_A_FILE',
      `${path} is no folder of its own but a link or a file: name the folder itself.`,
      { path },
    );
  refuseShared(path, facts, 'keeps licenses', '700');
}

/** Refuses what others may read or write, or what belongs to another account. */
export function refuseShared(path: string, facts: BigIntStats, what: string, mode: string): void {
  // Windows knows no such bits; folders of a profile are private there.
  if (process.platform === 'win32') return;
  if ((facts.mode & 0o077n) !== 0n)
    throw new SealwrightError(
      'PERMISSION_DENIED',
      `${path} ${what} and can be used by others. Protect it with: chmod ${mode} ${path}`,
      { path },
    );
  if (facts.uid !== BigInt(process.getuid?.() ?? Number(facts.uid)))
    throw new SealwrightError(
      'PERMISSION_DENIED',
      `${path} ${what} and belongs to another account. Choose a folder of your own.`,
      { path },
    );
}
