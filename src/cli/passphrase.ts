import { readFile } from 'node:fs/promises';
import { SealwrightError } from '../errors.ts';
import { usageError } from './usage-error.ts';

const maximumBytes = 64 * 1024;

/**
 * Reads a passphrase from a file: its only line. Passphrases are never taken from the command line, where
 * every other program on the machine could read them.
 */
export async function readPassphraseFile(path: string, option: string): Promise<string> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw unreadable(path, option, cause);
  });
  if (bytes.length > maximumBytes) {
    throw usageError(
      `${option}: ${path} is too long for a passphrase. It must hold one line with the passphrase.`,
    );
  }
  const [line = '', ...rest] = bytes
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/);
  bytes.fill(0);
  if (rest.some((other) => other !== '')) {
    throw usageError(
      `${option}: ${path} has several lines. It must hold one line with the passphrase, nothing else.`,
    );
  }
  if (line === '') throw usageError(`${option}: ${path} is empty. Write the passphrase into its first line.`);
  return line;
}

function unreadable(path: string, option: string, cause: NodeJS.ErrnoException): SealwrightError {
  if (cause.code === 'ENOENT') {
    return new SealwrightError(
      'FILE_NOT_FOUND',
      `${option}: there is no file ${path}. Write the passphrase into a file that only you may read, and name it.`,
      { path, cause },
    );
  }
  const code = cause.code === 'EACCES' || cause.code === 'EPERM' ? 'PERMISSION_DENIED' : 'IO_FAILED';
  return new SealwrightError(
    code,
    `${option}: ${path} cannot be read (${cause.code ?? cause.message}). Check that it is a file and that you may read it.`,
    { path, cause },
  );
}
