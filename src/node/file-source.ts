import { type BigIntStats, constants, statSync } from 'node:fs';
import { type ByteSource, type MaybePromise, sliceSource, type WaitOptions } from '../bytes/index.ts';
import { SealwrightError } from '../errors.ts';
import { Descriptor } from './descriptor.ts';
import { changedWhileRead, fileError } from './file-error.ts';
import { smallFileLength } from './small-file.ts';
import { endOfBorrower } from './small-memory.ts';
import { shareableSource } from './transfer/shared-file.ts';

/** A file that is open for reading, as it was when it was opened. */
export interface FileSource extends ByteSource {
  readonly path: string;
  readonly size: number;
  /** Identity, permission bits, owner and times. */
  readonly facts: BigIntStats;
  readInto(offset: number, target: Uint8Array, options?: WaitOptions): MaybePromise<number>;
  /** Throws `IO_FAILED` if the file was written to since it was opened. */
  assertUnchanged(): void;
  /** Waits for reads that are under way and closes the file; may be called again. */
  close(): Promise<void>;
}

// A FIFO that takes the place of the file between `stat` and `open` must not make us wait for its writer.
const readFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Opens the file at `path` for random access; symbolic links are followed (spec/files.md, "Inputs").
 * Reads may overlap. Close it when done.
 *
 * @throws SealwrightError `FILE_NOT_FOUND`; `NOT_A_FILE` for folders, pipes, sockets and devices;
 * `PERMISSION_DENIED`; `IO_FAILED`, also from reads, if the file is changed meanwhile.
 * @example
 * ```ts
 * import { openFileSource } from 'sealwright/node';
 * const source = await openFileSource('report.docx');
 * const head = await source.read(0, 4096);
 * await source.close();
 * ```
 */
export async function openFileSource(path: string): Promise<FileSource> {
  let descriptor: Descriptor | undefined;
  try {
    const before = statSync(path, { bigint: true });
    assertRegular(before, path);
    descriptor = new Descriptor(path, readFlags, { small: before.size <= BigInt(smallFileLength) });
    const facts = descriptor.facts();
    assertRegular(facts, path);
    return sourceOver(descriptor, path, facts);
  } catch (error) {
    await descriptor?.close();
    throw fileError(error, { action: 'read', path });
  }
}

function sourceOver(descriptor: Descriptor, path: string, facts: BigIntStats): FileSource {
  const size = Number(facts.size);

  function readInto(offset: number, target: Uint8Array, options?: WaitOptions): MaybePromise<number> {
    const signal = options?.signal;
    const length = Math.max(0, Math.min(target.length, size - offset));
    const finish = (count: number): number => {
      signal?.throwIfAborted();
      if (count < length) throw changedWhileRead(path);
      return count;
    };
    const fail = (error: unknown): never => {
      throw fileError(error, { action: 'read', path });
    };
    signal?.throwIfAborted();
    if (length === 0) return 0;
    let count: MaybePromise<number>;
    try {
      count = descriptor.read(target.length === length ? target : target.subarray(0, length), offset);
    } catch (error) {
      return fail(error);
    }
    return count instanceof Promise ? count.then(finish, fail) : finish(count);
  }

  const source: FileSource = {
    path,
    size,
    seekable: true,
    facts,
    readInto,
    read(offset, length, options) {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      const count = readInto(offset, bytes, options);
      return count instanceof Promise ? count.then(() => bytes) : bytes;
    },
    slice: (offset, length) => sliceSource(source, offset, length),
    assertUnchanged() {
      const now = descriptor.facts();
      // Files that the kernel makes up state no size, but go on.
      if (now.size !== facts.size || now.mtimeNs !== facts.mtimeNs || descriptor.reaches(size))
        throw changedWhileRead(path);
    },
    close() {
      endOfBorrower(source);
      return descriptor.close();
    },
  };
  shareableSource(source, () => ({ ...descriptor.share(), operation: { action: 'read', path } }));
  return source;
}

function assertRegular(facts: BigIntStats, path: string): void {
  if (facts.isFile()) return;
  throw new SealwrightError(
    'NOT_A_FILE',
    facts.isDirectory()
      ? `${path} is a folder: name the files in it.`
      : `${path} is not a regular file but a pipe, socket or device: copy its content to a file first.`,
    { path },
  );
}
