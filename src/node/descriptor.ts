import * as fs from 'node:fs';
import type { MaybePromise } from '../bytes/index.ts';
import { systemCodeOf } from './file-error.ts';
import type { FlushGroup } from './flush-group.ts';

/** Reads of up to this many bytes block whatever the size of the file: heads and directories, seldom content. */
const smallReadLength = 64 * 1024;

/** Most bytes of one call; the system takes at most 2 GiB. */
const callLength = 1024 * 1024 * 1024;

/**
 * An open file. Calls that only look or rename are made at once and block for microseconds; what moves
 * content waits in the background, unless the file or the read is small: then waiting would cost more than reading.
 * It is closed only when every call on it has come back, because the number of a closed descriptor may
 * belong to another file at once. Errors are the system's own.
 */
export class Descriptor {
  readonly #fd: number;
  readonly #small: boolean;
  #pending = 0;
  #closed: Promise<void> | undefined;
  #whenIdle: (() => void) | undefined;

  /** @param small whether reads and writes may block */
  constructor(path: string, flags: number, options: { readonly mode?: number; readonly small: boolean }) {
    this.#fd = fs.openSync(path, flags, options.mode);
    this.#small = options.small;
  }

  /** Fills `target` from `position` on and gives the bytes read; fewer only at the end of the file. */
  read(target: Uint8Array, position: number): MaybePromise<number> {
    this.#assertOpen();
    if (this.#small || target.length <= smallReadLength) {
      let done = 0;
      for (let count = -1; count !== 0 && done < target.length; done += count)
        count = fs.readSync(this.#fd, target, done, target.length - done, position + done);
      return done;
    }
    return this.#wait((settle, reject) => {
      let done = 0;
      const step = (): void => {
        const length = Math.min(target.length - done, callLength);
        fs.read(this.#fd, target, done, length, position + done, (error, count) => {
          if (error !== null) return reject(error);
          done += count;
          if (count === 0 || done === target.length) settle(done);
          else step();
        });
      };
      step();
    });
  }

  /** Writes all of `bytes` at `position`. */
  write(bytes: Uint8Array, position: number): MaybePromise<void> {
    this.#assertOpen();
    if (this.#small) {
      for (let done = 0; done < bytes.length; )
        done += fs.writeSync(this.#fd, bytes, done, bytes.length - done, position + done);
      return;
    }
    return this.#wait((settle, reject) => {
      let done = 0;
      const step = (): void => {
        const length = Math.min(bytes.length - done, callLength);
        fs.write(this.#fd, bytes, done, length, position + done, (error, count) => {
          if (error !== null) return reject(error);
          done += count;
          if (done === bytes.length) settle();
          else step();
        });
      };
      step();
    });
  }

  facts(): fs.BigIntStats {
    this.#assertOpen();
    return fs.fstatSync(this.#fd, { bigint: true });
  }

  /** Whether the file goes on at `position`. */
  reaches(position: number): boolean {
    this.#assertOpen();
    return fs.readSync(this.#fd, new Uint8Array(1), 0, 1, position) > 0;
  }

  /** Makes what was written survive a loss of power, together with what else `group` flushes. */
  sync(group?: Pick<FlushGroup, 'file'>): Promise<void> {
    this.#assertOpen();
    return this.#wait((settle, reject) => {
      if (group !== undefined) group.file(this.#fd).then(settle, reject);
      else fs.fsync(this.#fd, (error) => (error === null ? settle() : reject(error)));
    });
  }

  /** Sets permission bits and, if wanted, owner and times, each as far as the disk and the system allow it. */
  copyFacts(facts: fs.BigIntStats, mode: number, keepOwner: boolean, keepTimes: boolean): void {
    let kept = mode;
    const own = this.facts();
    if (keepOwner && (own.uid !== facts.uid || own.gid !== facts.gid)) {
      const changed = allowed(() => fs.fchownSync(this.#fd, Number(facts.uid), Number(facts.gid)));
      // Bits for the group mean something else if the group could not be kept.
      if (!changed && own.gid !== facts.gid) kept = mode & ~0o070;
    }
    allowed(() => fs.fchmodSync(this.#fd, kept));
    if (!keepTimes) return;
    allowed(() => fs.futimesSync(this.#fd, seconds(facts.atimeNs), seconds(facts.mtimeNs)));
  }

  /**
   * Gives the number of the descriptor to other threads of this process, for calls of their own. As with any
   * call, the file stays open until `release`.
   */
  share(): { readonly number: number; release(): void } {
    this.#assertOpen();
    this.#pending++;
    let shared = true;
    return {
      number: this.#fd,
      release: () => {
        if (shared) this.#ended();
        shared = false;
      },
    };
  }

  /** Waits for calls that are under way and closes; may be called again. */
  close(): Promise<void> {
    this.#closed ??= (async () => {
      if (this.#pending > 0)
        await new Promise<void>((resolve) => {
          this.#whenIdle = resolve;
        });
      fs.closeSync(this.#fd);
    })();
    return this.#closed;
  }

  #wait<T>(start: (settle: (value: T) => void, reject: (error: unknown) => void) => void): Promise<T> {
    this.#pending++;
    const ended = (): void => this.#ended();
    return new Promise<T>((resolve, reject) => {
      start(
        (value) => {
          ended();
          resolve(value);
        },
        (error) => {
          ended();
          reject(error);
        },
      );
    });
  }

  #ended(): void {
    this.#pending--;
    if (this.#pending === 0) this.#whenIdle?.();
  }

  #assertOpen(): void {
    if (this.#closed !== undefined) throw Object.assign(new Error('The file is closed.'), { code: 'EBADF' });
  }
}

const refusals = new Set(['EPERM', 'EACCES', 'EINVAL', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP']);

/** Whether a change of ownership, mode or times went through; disks without such a notion refuse it. */
function allowed(change: () => void): boolean {
  try {
    change();
    return true;
  } catch (error) {
    if (refusals.has(systemCodeOf(error) ?? '')) return false;
    throw error;
  }
}

/** Half a microsecond more, because older Nodes cut off what is below a microsecond on the way to the system. */
const seconds = (nanoseconds: bigint): number => (Number(nanoseconds / 1000n) + 0.5) / 1e6;
