import * as fs from 'node:fs';
import { promisify } from 'node:util';

const openFile = promisify(fs.open);
const closeFile = promisify(fs.close);
const syncFile = promisify(fs.fsync);

/** Most bytes of one call; the system takes at most 2 GiB. */
const callLength = 1024 * 1024 * 1024;

/**
 * An open file. It is closed only when every call on it has come back, because the number of a closed
 * descriptor may belong to another file at once. Errors are the system's own.
 */
export class Descriptor {
  readonly #fd: number;
  #pending = 0;
  #closed: Promise<void> | undefined;
  #whenIdle: (() => void) | undefined;

  private constructor(fd: number) {
    this.#fd = fd;
  }

  static async open(path: string, flags: number, mode?: number): Promise<Descriptor> {
    return new Descriptor(await openFile(path, flags, mode));
  }

  /** Fills `target` from `position` on and gives the bytes read; fewer only at the end of the file. */
  read(target: Uint8Array, position: number): Promise<number> {
    return this.#call((settle, reject) => {
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
  write(bytes: Uint8Array, position: number): Promise<void> {
    return this.#call((settle, reject) => {
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

  facts(): Promise<fs.BigIntStats> {
    return this.#call((settle, reject) =>
      fs.fstat(this.#fd, { bigint: true }, (error, stats) => (error ? reject(error) : settle(stats))),
    );
  }

  /** Makes what was written survive a loss of power. */
  sync(): Promise<void> {
    return this.#call((settle, reject) => void syncFile(this.#fd).then(settle, reject));
  }

  /** Sets permission bits, times and, if wanted, the owner, each as far as the disk and the system allow it. */
  copyFacts(facts: fs.BigIntStats, mode: number, keepOwner: boolean): void {
    this.#assertOpen();
    let kept = mode;
    const own = fs.fstatSync(this.#fd, { bigint: true });
    if (keepOwner && (own.uid !== facts.uid || own.gid !== facts.gid)) {
      const changed = allowed(() => fs.fchownSync(this.#fd, Number(facts.uid), Number(facts.gid)));
      // Bits for the group mean something else if the group could not be kept.
      if (!changed && own.gid !== facts.gid) kept = mode & ~0o070;
    }
    allowed(() => fs.fchmodSync(this.#fd, kept));
    allowed(() => fs.futimesSync(this.#fd, seconds(facts.atimeNs), seconds(facts.mtimeNs)));
  }

  /** Waits for calls that are under way and closes; may be called again. */
  close(): Promise<void> {
    this.#closed ??= (async () => {
      if (this.#pending > 0)
        await new Promise<void>((resolve) => {
          this.#whenIdle = resolve;
        });
      await closeFile(this.#fd);
    })();
    return this.#closed;
  }

  #call<T>(start: (settle: (value: T) => void, reject: (error: unknown) => void) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#assertOpen();
      this.#pending++;
      const ended = (): void => {
        this.#pending--;
        if (this.#pending === 0) this.#whenIdle?.();
      };
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

  #assertOpen(): void {
    if (this.#closed !== undefined) throw Object.assign(new Error('closed'), { code: 'EBADF' });
  }
}

/** Whether a change of ownership, mode or times went through; disks without such a notion refuse it. */
function allowed(change: () => void): boolean {
  try {
    change();
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EPERM' || code === 'EACCES' || code === 'EINVAL' || code === 'ENOSYS' || code === 'ENOTSUP')
      return false;
    throw error;
  }
}

/** Half a microsecond more, because what is below a microsecond is cut off on the way to the system. */
const seconds = (nanoseconds: bigint): number => (Number(nanoseconds / 1000n) + 0.5) / 1e6;
