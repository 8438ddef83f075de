import { SealwrightError, type SealwrightErrorCode } from '../../errors.ts';

/** The `code` of an error from the operating system, such as `ENOENT`. */
export const systemCodeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

const codes: Readonly<Record<string, SealwrightErrorCode>> = {
  EACCES: 'PERMISSION_DENIED',
  EPERM: 'PERMISSION_DENIED',
  EROFS: 'PERMISSION_DENIED',
  ELOOP: 'PERMISSION_DENIED',
  EISDIR: 'NOT_A_FILE',
  ENOTDIR: 'NOT_A_FILE',
  ENOSPC: 'NO_SPACE',
  EDQUOT: 'NO_SPACE',
};

/** What the operating system says about a store's file, as an error of ours. */
export function storeError(cause: unknown, done: 'read' | 'written' | 'removed', path: string): unknown {
  const systemCode = systemCodeOf(cause);
  if (cause instanceof SealwrightError || systemCode === undefined) return cause;
  return new SealwrightError(
    codes[systemCode] ?? 'IO_FAILED',
    `The sign-in in ${path} cannot be ${done} (${systemCode}): check the folder and its permissions.`,
    { path, cause },
  );
}
