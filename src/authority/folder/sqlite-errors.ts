import { SealwrightError } from '../../errors.ts';

// Primary result codes of SQLite (https://www.sqlite.org/rescode.html).
const busy = 5;
const locked = 6;
const cannotOpen = 14;
const corrupt = 11;
const full = 13;
const notADatabase = 26;
const permission = 3;
const readOnly = 8;

/** The primary result code of an error that SQLite threw, or `undefined` for any other error. */
function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined;
  // The upper bits say more precisely what happened.
  return error.errcode & 0xff;
}

/** Whether another process, or another connection, was in the way and trying again can help. */
export function isBusy(error: unknown): boolean {
  const code = resultCode(error);
  return code === busy || code === locked;
}

/** The error of this library for one that SQLite threw; any other error as it is. */
export function explainSqliteError(error: unknown, path: string): unknown {
  const code = resultCode(error);
  if (code === undefined) return error;
  const explain = (name: SealwrightError['code'], message: string) =>
    new SealwrightError(name, message, { path, cause: error });
  switch (code) {
    case busy:
    case locked:
      return explain(
        'SERVICE_UNAVAILABLE',
        `${path} was in use by other processes for too long: try again, or end the one that holds it.`,
      );
    case full:
      return explain(
        'NO_SPACE',
        `There is no space left for ${path}: free some, then try again. Nothing was lost.`,
      );
    case permission:
    case readOnly:
      return explain(
        'PERMISSION_DENIED',
        `${path} cannot be written: use an account that may write the folder it is in.`,
      );
    case corrupt:
    case notADatabase:
      return explain(
        'IO_FAILED',
        `${path} is damaged or not the records of an authority: put back a copy, or import the last export.`,
      );
    case cannotOpen:
      return explain(
        'IO_FAILED',
        `${path} cannot be opened: check that its folder exists and that you may read and write it.`,
      );
    default:
      return explain(
        'IO_FAILED',
        `Reading or writing ${path} failed (SQLite result ${code}): check the disk, then try again.`,
      );
  }
}
