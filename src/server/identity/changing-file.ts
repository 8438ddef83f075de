import { open } from 'node:fs/promises';
import { SealwrightError } from '../../errors.ts';

/** How a file is read that somebody may edit while the server runs. */
export interface ChangingFileOptions<T> {
  /** Reads the text, or throws: then the last good reading stays. */
  readonly parse: (text: string) => T;
  readonly maxBytes: number;
  /** What there is without a file; absent, a missing file is an error. */
  readonly missing?: T | undefined;
  readonly now?: (() => Date) | undefined;
  /** Hears of a file that became unusable, once. */
  readonly onProblem?: ((problem: SealwrightError) => void) | undefined;
}

/** What a file says, kept up to date. */
export interface ChangingFile<T> {
  /** The last good reading; looks in the background whether there is a newer one. The same object until it changes. */
  current(): T;
  /** Reads the file if it changed. Throws where it is unusable. */
  refresh(): Promise<T>;
  /**
   * What to wait for before `current()` may be relied on; `undefined` if it is fresh enough. Without it, whoever asks first
   * after a quiet hour would get what the file said an hour ago. Never rejects.
   */
  settle(): Promise<void> | undefined;
}

const checkInterval = 2_000;

/** Reads `path` now and whenever it changes. Throws `FILE_NOT_FOUND`, `IO_FAILED`, and what `parse` throws. */
export async function changingFile<T>(
  path: string,
  options: ChangingFileOptions<T>,
): Promise<ChangingFile<T>> {
  const now = options.now ?? (() => new Date());
  let stamp: string | undefined;
  let checkedAt = now().getTime();
  let running: Promise<T> | undefined;
  let value: T;
  /** What is wrong with the file as it stands. */
  let problem: unknown;
  let reported: unknown;

  async function read(): Promise<T> {
    checkedAt = now().getTime();
    const found = await readIfChanged(path, stamp, options.maxBytes);
    if (found !== 'same') problem = undefined;
    if (found === 'missing') {
      if (options.missing === undefined)
        throw new SealwrightError('FILE_NOT_FOUND', `There is no file ${path}.`, { path });
      if (stamp !== 'missing') value = options.missing;
      stamp = 'missing';
    } else if (found !== 'same') {
      stamp = found.stamp;
      try {
        value = options.parse(found.text);
      } catch (error) {
        problem = error;
      }
    }
    if (problem !== undefined) throw problem;
    return value;
  }

  /** One after the other: what was begun before the file was replaced may still give what it said then. */
  function refresh(): Promise<T> {
    const begun = running === undefined ? read() : running.then(read, read);
    running = begun;
    const ended = (): void => {
      if (running === begun) running = undefined;
    };
    begun.then(ended, ended);
    return begun;
  }

  function report(error: unknown): void {
    if (error instanceof SealwrightError && error !== reported) options.onProblem?.(error);
    reported = error;
  }

  function settle(): Promise<void> | undefined {
    if (running === undefined && now().getTime() - checkedAt < checkInterval) return undefined;
    return (running ?? refresh()).then(() => undefined, report);
  }

  value = await refresh();
  return {
    refresh,
    settle,
    current() {
      if (running === undefined) void settle();
      return value;
    },
  };
}

type Found = 'same' | 'missing' | { readonly stamp: string; readonly text: string };

async function readIfChanged(path: string, known: string | undefined, maxBytes: number): Promise<Found> {
  try {
    const file = await open(path, 'r');
    try {
      const { dev, ino, mtimeMs, ctimeMs, size } = await file.stat();
      const stamp = [dev, ino, mtimeMs, ctimeMs, size].join(' ');
      if (stamp === known) return 'same';
      if (size > maxBytes)
        throw new SealwrightError('LIMIT_EXCEEDED', `${path} is longer than ${maxBytes} bytes.`, { path });
      return { stamp, text: await file.readFile('utf8') };
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof SealwrightError) throw cause;
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return 'missing';
    throw new SealwrightError('IO_FAILED', `${path} could not be read. Check its permissions.`, {
      path,
      cause,
    });
  }
}
