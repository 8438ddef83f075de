import { fsync } from 'node:fs';
import { SealwrightError } from '../errors.ts';
import { syncFolder } from './sync-folder.ts';

/**
 * Gathers the flushes to disk of many files that are written at once. Each promise resolves when what was
 * written before the call survives a loss of power; calls that come while the disk is busy share the next flush.
 */
export interface FlushGroup {
  /** Flushes the content of the file that is open as `descriptor`. */
  file(descriptor: number): Promise<void>;
  /** Flushes the names in a folder. Never fails: some systems cannot. */
  folder(path: string): Promise<void>;
}

/** Options of {@link createFlushGroup}. */
export interface FlushGroupOptions {
  /**
   * Most flushes under way at once, of files and folders together, from 1. By default one less than Node has
   * threads for such work (`UV_THREADPOOL_SIZE`, 4), so that signing and reading do not wait for the disk.
   */
  readonly atOnce?: number | undefined;
}

/**
 * Makes a group that `protectFile` and its like take as `flush`, for programs that write many files at once.
 * Every file is flushed as it is without a group: its content before it gets its name, its folder before the
 * promise resolves. But flushes overlap up to a bound, and calls for a folder that is being flushed wait for that
 * to end and share the next one (spec/files.md, "Speed").
 *
 * @throws SealwrightError `INVALID_ARGUMENT` for a bound below 1
 *
 * @example
 * ```ts
 * import { createFlushGroup, protectFile } from 'sealwright/node';
 * const flush = createFlushGroup();
 * await Promise.all(paths.map((path) => protectFile(path, { service, policy, inPlace: true, flush })));
 * ```
 */
export function createFlushGroup(options: FlushGroupOptions = {}): FlushGroup {
  const atOnce = options.atOnce ?? Math.max(1, poolThreads() - 1);
  if (!(atOnce >= 1))
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      'A group of flushes takes one flush at once, or more: give atOnce from 1.',
    );
  const inTurn = limit(atOnce);
  const folders = new Map<string, FolderFlushes>();

  async function flushFolder(path: string, flushes: FolderFlushes): Promise<void> {
    // Also where nothing is under way this waits a turn, so that `waiting` is set before the flush begins.
    await flushes.running;
    await inTurn(() => {
      // From here on a new name may be too late for this flush.
      flushes.running = flushes.waiting;
      flushes.waiting = undefined;
      return syncFolder(path);
    });
    flushes.running = undefined;
    if (flushes.waiting === undefined) folders.delete(path);
  }

  return Object.freeze({
    file: (descriptor: number) => inTurn(() => flushFile(descriptor)),
    folder(path: string) {
      const flushes = folders.get(path) ?? { running: undefined, waiting: undefined };
      folders.set(path, flushes);
      flushes.waiting ??= flushFolder(path, flushes);
      return flushes.waiting;
    },
  });
}

/** The flushes of one folder: the one under way, and the one that has not begun, which can still be shared. */
interface FolderFlushes {
  running: Promise<void> | undefined;
  waiting: Promise<void> | undefined;
}

const flushFile = (descriptor: number): Promise<void> =>
  new Promise((resolve, reject) =>
    fsync(descriptor, (error) => (error === null ? resolve() : reject(error))),
  );

/** Runs what it is given, first come first served, `most` at once. */
function limit(most: number): (work: () => Promise<void>) => Promise<void> {
  let running = 0;
  const queue: (() => void)[] = [];
  const next = (): void => {
    running--;
    queue.shift()?.();
  };
  return (work) =>
    new Promise<void>((resolve) => {
      const begin = (): void => {
        running++;
        resolve(work().finally(next));
      };
      if (running < most) begin();
      else queue.push(begin);
    });
}

/** Threads of the runtime for calls that wait, as libuv counts them. */
function poolThreads(): number {
  const stated = Number.parseInt(process.env.UV_THREADPOOL_SIZE ?? '', 10);
  return stated > 0 ? Math.min(stated, 1024) : 4;
}
