import { type BigIntStats, closeSync, constants, fstatSync, futimesSync, openSync, readSync } from 'node:fs';

/** A file that is read whole, and what it is. */
export interface SmallFile {
  readonly bytes: Uint8Array;
  readonly facts: BigIntStats;
}

/**
 * Reads a regular file of at most `maximum` bytes; `undefined` for anything else that has that name. A symbolic link is
 * not followed, a pipe not waited for. Errors are the system's own.
 *
 * @param used notes that it was used now, in its time of modification
 */
export function readSmallFile(
  path: string,
  maximum: number,
  options: { readonly used?: boolean } = {},
): SmallFile | undefined {
  // Windows has neither flag, and makes links for administrators only.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const fd = openSync(path, flags);
  try {
    const facts = fstatSync(fd, { bigint: true });
    if (!facts.isFile() || facts.size > BigInt(maximum)) return undefined;
    const bytes = new Uint8Array(Number(facts.size));
    let done = 0;
    for (let count = -1; count !== 0 && done < bytes.length; done += count)
      count = readSync(fd, bytes, done, bytes.length - done, done);
    if (done < bytes.length) return undefined;
    if (options.used === true) markUsed(fd);
    return { bytes, facts };
  } finally {
    closeSync(fd);
  }
}

function markUsed(fd: number): void {
  const now = Date.now() / 1000;
  try {
    futimesSync(fd, now, now);
  } catch {
    // A disk without times: the order of use is then that of writing.
  }
}
