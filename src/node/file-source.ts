import { type BigIntStats, constants } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type ByteSource, sliceSource, type WaitOptions } from '../bytes/index.ts';
import { SealwrightError } from '../errors.ts';
import { Descriptor } from './descriptor.ts';
import { changedWhileRead, fileError } from './file-error.ts';

/** A file that is open for reading, as it was when it was opened. */
export interface FileSource extends ByteSource {
  readonly path: string;
  readonly size: number;
  /** Identity, permission bits, owner and times. */
  readonly facts: BigIntStats;
  readInto(offset: number, target: Uint8Array, options?: WaitOptions): Promise<number>;
  /** Throws `IO_FAILED` if the file was written to since it was opened. */
  assertUnchanged(): Promise<void>;
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
  const operation = { action: 'read', path } as const;
  let descriptor: Descriptor;
  try {
    assertRegular(await stat(path, { bigint: true }), path);
    descriptor = await Descriptor.open(path, readFlags);
  } catch (error) {
    throw fileError(error, operation);
  }
  try {
    const facts = await descriptor.facts();
    assertRegular(facts, path);
    return sourceOver(descriptor, path, facts);
  } catch (error) {
    await descriptor.close();
    throw fileError(error, operation);
  }
}

function sourceOver(descriptor: Descriptor, path: string, facts: BigIntStats): FileSource {
  const size = Number(facts.size);

  async function readInto(offset: number, target: Uint8Array, options?: WaitOptions): Promise<number> {
    const length = Math.max(0, Math.min(target.length, size - offset));
    options?.signal?.throwIfAborted();
    if (length === 0) return 0;
    let count: number;
    try {
      count = await descriptor.read(target.length === length ? target : target.subarray(0, length), offset);
    } catch (error) {
      throw fileError(error, { action: 'read', path });
    }
    options?.signal?.throwIfAborted();
    if (count < length) throw changedWhileRead(path);
    return count;
  }

  const source: FileSource = {
    path,
    size,
    seekable: true,
    facts,
    readInto,
    async read(offset, length, options) {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      await readInto(offset, bytes, options);
      return bytes;
    },
    slice: (offset, length) => sliceSource(source, offset, length),
    async assertUnchanged() {
      const now = await descriptor.facts();
      // Beyond its end nothing may be read; files that the kernel makes up state no size and fail here.
      const beyond = await descriptor.read(new Uint8Array(1), size);
      if (now.size !== facts.size || now.mtimeNs !== facts.mtimeNs || beyond > 0)
        throw changedWhileRead(path);
    },
    close: () => descriptor.close(),
  };
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
