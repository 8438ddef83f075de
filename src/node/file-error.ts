import { basename } from 'node:path';
import { SealwrightError } from '../errors.ts';
import { formatBytes } from './format-bytes.ts';

/** What was being done to which path when the operating system refused. */
export interface FileOperation {
  readonly action: 'read' | 'write' | 'replace' | 'list';
  readonly path: string;
  /** Bytes that the whole file needs, if known, and bytes that are free there; for the message about a full disk. */
  readonly needed?: number | undefined;
  readonly free?: number | undefined;
}

/** The `code` of an error from the operating system, such as `ENOENT`. */
export const systemCodeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

const actions = { read: 'read', write: 'written', replace: 'replaced', list: 'listed' } as const;

/**
 * The one place where errors of the operating system become ours (spec/files.md, "Errors"). Errors that are
 * ours already, and reasons of an abort, pass unchanged.
 */
export function fileError(cause: unknown, operation: FileOperation): unknown {
  const systemCode = systemCodeOf(cause);
  if (cause instanceof SealwrightError || systemCode === undefined) return cause;
  const { action, path } = operation;
  const fail = (code: SealwrightError['code'], message: string): SealwrightError =>
    new SealwrightError(code, message, { path, cause });
  const done = actions[action];

  switch (systemCode) {
    case 'ENOENT':
    case 'ENOTDIR':
      return action === 'write'
        ? fail(
            'FILE_NOT_FOUND',
            `${path} cannot be written because its folder does not exist: create the folder first.`,
          )
        : fail('FILE_NOT_FOUND', `${path} does not exist: check the name and the folder.`);
    case 'EISDIR':
      return fail('NOT_A_FILE', `${path} is a folder: name the files in it.`);
    case 'EACCES':
    case 'EPERM':
      return fail(
        'PERMISSION_DENIED',
        `${path} cannot be ${done} because you lack the permission: ask for it, or choose another place.`,
      );
    case 'EROFS':
      return fail(
        'PERMISSION_DENIED',
        `${path} cannot be ${done} on a read-only disk: choose another folder for the output.`,
      );
    case 'EEXIST':
    case 'ENOTEMPTY':
      return outputExists(path, cause);
    case 'ENOSPC':
    case 'EDQUOT':
      return noSpace(operation, systemCode === 'EDQUOT' ? 'quota' : 'disk', cause);
    case 'EFBIG':
      return fail(
        'IO_FAILED',
        `${path} became larger than this disk allows for one file: choose another disk.`,
      );
    case 'ENAMETOOLONG':
      return fail('INVALID_ARGUMENT', `${path} is too long a name for this disk: choose a shorter one.`);
    case 'EMFILE':
    case 'ENFILE':
      return fail(
        'IO_FAILED',
        `${path} cannot be opened because too many files are open: work on fewer at a time.`,
      );
    case 'EBUSY':
    case 'ETXTBSY':
      return fail(
        'IO_FAILED',
        `${path} cannot be ${done} while another program uses it: close it there and try again.`,
      );
    case 'ELOOP':
      return fail('IO_FAILED', `${path} is a symbolic link that leads in a circle: repair the link.`);
    case 'EIO':
      return fail(
        'IO_FAILED',
        `${path} cannot be ${done} because the disk reports an error: check the disk.`,
      );
    default:
      return fail('IO_FAILED', `${path} cannot be ${done}: the system reports ${systemCode}. Try again.`);
  }
}

/** Refuses to overwrite `path`. */
export const outputExists = (path: string, cause?: unknown): SealwrightError =>
  new SealwrightError(
    'OUTPUT_EXISTS',
    `${path} exists already: allow overwriting, or choose another place.`,
    {
      path,
      cause,
    },
  );

/** Says how much room is missing, as far as it is known. */
export function noSpace(
  operation: FileOperation,
  full: 'disk' | 'quota' = 'disk',
  cause?: unknown,
): SealwrightError {
  const { path, needed, free } = operation;
  const figures = [
    needed === undefined ? undefined : `${formatBytes(needed)} needed`,
    free === undefined ? undefined : `${formatBytes(free)} free`,
  ].filter((figure) => figure !== undefined);
  const reason = full === 'quota' ? 'your disk quota is used up' : 'the disk is full';
  return new SealwrightError(
    'NO_SPACE',
    `${path} cannot be written because ${reason}${figures.length > 0 ? ` (${figures.join(', ')})` : ''}: make room, or choose another disk.`,
    { path, cause },
  );
}

/**
 * A name that is no text in UTF-8: it cannot be given back to the system as Node gives it. Bytes that are no text are shown
 * as `\\xff`.
 */
export function nameUnreadable(path: string, name: Uint8Array): SealwrightError {
  const shown = [...name]
    .map((byte) =>
      byte >= 0x20 && byte < 0x7f && byte !== 0x5c
        ? String.fromCharCode(byte)
        : `\\x${byte.toString(16).padStart(2, '0')}`,
    )
    .join('');
  return new SealwrightError(
    'INVALID_ARGUMENT',
    `${path} cannot be opened because its name is no text in UTF-8 (its bytes are ${shown}): rename it.`,
    { path },
  );
}

/** Bytes of a path from which on its length is to blame, and not that of the name alone; systems take 1,024 or 4,096. */
const longPathBytes = 768;

/** A new file, or the temporary one it is written as, would have a longer name or path than the system takes; in bytes, as that counts. */
export function newNameTooLong(path: string, output: string, cause: unknown): SealwrightError {
  const [own, made] = [path, output].map((each) => Buffer.byteLength(basename(each)));
  const whole = Buffer.byteLength(output);
  return new SealwrightError(
    'INVALID_ARGUMENT',
    whole < longPathBytes
      ? `${path} has a name of ${own} bytes, and that of the new file would have ${made}, which is more than this disk takes: shorten the name, or choose another path for the new file.`
      : `${path} has a path of ${Buffer.byteLength(path)} bytes, and that of the new file would have ${whole} while it is written, which is more than the system takes: shorten the names of its folders, or choose another folder for the new file.`,
    { path, cause },
  );
}

/** The file is not what it was when it was opened. */
export const changedWhileRead = (path: string): SealwrightError =>
  new SealwrightError(
    'IO_FAILED',
    `${path} was changed while it was read: try again when nothing writes to it.`,
    {
      path,
    },
  );
