import { SealwrightError, type SealwrightErrorCode } from '../../errors.ts';

const codes: Readonly<Record<string, readonly [SealwrightErrorCode, string]>> = {
  EEXIST: ['AUTHORITY_EXISTS', 'exists already; choose another folder'],
  EACCES: ['PERMISSION_DENIED', 'cannot be used: permission denied. Check who owns it'],
  EPERM: ['PERMISSION_DENIED', 'cannot be used: permission denied. Check who owns it'],
  EROFS: ['PERMISSION_DENIED', 'is on a read-only disk; choose another folder'],
  ENOSPC: ['NO_SPACE', 'does not fit on the disk; free some space and try again'],
  ENOTDIR: ['NOT_A_FILE', 'is not in a folder; choose another path'],
  EISDIR: ['NOT_A_FILE', 'is a folder where a file is expected'],
};

/** The typed error for what the file system said about a file of the authority's folder. */
export function explainFolderError(cause: unknown, path: string): SealwrightError {
  if (cause instanceof SealwrightError) return cause;
  const errno = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const [code, sentence] = codes[errno] ?? [
    'IO_FAILED',
    `could not be read or written (${errno || 'unknown error'}). Check the disk`,
  ];
  return new SealwrightError(code, `${path} ${sentence}.`, { path, cause });
}
