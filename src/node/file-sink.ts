import { type BigIntStats, constants } from 'node:fs';
import { dirname } from 'node:path';
import type { ByteSink, MaybePromise, WaitOptions } from '../bytes/index.ts';
import { Descriptor } from './descriptor.ts';
import { fileError, systemCodeOf } from './file-error.ts';
import type { FlushGroup } from './flush-group.ts';
import { freeSpace } from './free-space.ts';
import { smallFileLength } from './small-file.ts';
import { shareableSink } from './transfer/shared-file.ts';

/** A new file that is open for writing. */
export interface FileSink extends ByteSink {
  /** Bytes written so far, one after the other. */
  readonly length: number;
  writeAt(offset: number, bytes: Uint8Array, options?: WaitOptions): MaybePromise<void>;
  /** Gives the file the permission bits `mode` and of `facts` the times (unless told not to) and, if wanted and allowed, the owner. */
  copyFacts(facts: BigIntStats, mode: number, keepOwner: boolean, keepTimes?: boolean): void;
  /** Makes what was written survive a loss of power, together with what else `group` flushes. */
  sync(group?: FlushGroup): Promise<void>;
  /** Waits for writes that are under way and closes the file; may be called again. */
  close(): Promise<void>;
}

/** How a {@link FileSink} is opened and what its errors say. */
export interface FileSinkOptions {
  /** Path that errors name, if the file at `path` is only a temporary one. */
  readonly reportedPath?: string | undefined;
  /** Bytes that will be written, if known; for the message about a full disk. */
  readonly expectedSize?: number | undefined;
  /** Accept a file or device that exists already; by default only a new file is written. */
  readonly existing?: boolean | undefined;
}

/**
 * Creates a file of mode 0600 and opens it for writing. Writes may overlap: each takes the place after the
 * one before it when it is called.
 *
 * @throws SealwrightError `OUTPUT_EXISTS`, `FILE_NOT_FOUND` (no such folder), `PERMISSION_DENIED`,
 * `NOT_A_FILE`, `NO_SPACE`, `IO_FAILED`, also from writes.
 */
export async function createFileSink(path: string, options: FileSinkOptions = {}): Promise<FileSink> {
  const reported = options.reportedPath ?? path;
  const fail = (error: unknown): never => {
    throw fileError(error, {
      action: 'write',
      path: reported,
      needed: options.expectedSize,
      free: systemCodeOf(error) === 'ENOSPC' ? freeSpace(dirname(path)) : undefined,
    });
  };
  const flags = constants.O_RDWR | (options.existing ? 0 : constants.O_CREAT | constants.O_EXCL);
  const small = options.expectedSize !== undefined && options.expectedSize <= smallFileLength;
  let descriptor: Descriptor;
  try {
    descriptor = new Descriptor(path, flags, { mode: 0o600, small });
  } catch (error) {
    return fail(error);
  }
  let length = 0;

  function writeAt(offset: number, bytes: Uint8Array, wait?: WaitOptions): MaybePromise<void> {
    wait?.signal?.throwIfAborted();
    if (bytes.length === 0) return;
    let writing: MaybePromise<void>;
    try {
      writing = descriptor.write(bytes, offset);
    } catch (error) {
      return fail(error);
    }
    if (writing instanceof Promise) return writing.then(() => wait?.signal?.throwIfAborted(), fail);
  }

  const sink: FileSink = {
    get length() {
      return length;
    },
    write(bytes, wait) {
      const at = length;
      length += bytes.length;
      return writeAt(at, bytes, wait);
    },
    writeAt,
    copyFacts(facts, mode, keepOwner, keepTimes = true) {
      try {
        descriptor.copyFacts(facts, mode, keepOwner, keepTimes);
      } catch (error) {
        fail(error);
      }
    },
    sync: (group) => descriptor.sync(group).catch(fail),
    close: () => descriptor.close().catch(fail),
  };
  shareableSink(sink, () => ({
    ...descriptor.share(),
    operation: { action: 'write', path: reported, needed: options.expectedSize },
    position: length,
    advance(bytes) {
      length += bytes;
    },
  }));
  return sink;
}
