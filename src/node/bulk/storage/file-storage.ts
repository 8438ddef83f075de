import type { ByteSink, ByteSource, WaitOptions } from '../../../bytes/index.ts';

/** A file as a listing names it. */
export interface StoredFile {
  /** Path or key, with `/`. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly modifiedAt: Date;
}

/** A stored file, open for reading, as it was when it was opened: reads fail if it is replaced meanwhile. */
export interface StoredSource extends ByteSource {
  readonly path: string;
  readonly size: number;
  /** Says which content this is: an entity tag, or size and time. */
  readonly version: string;
  close(): Promise<void>;
}

/** Conditions under which a file is written. */
export interface StoreOptions extends WaitOptions {
  /** Replace a file that is there; by default that is `OUTPUT_EXISTS`. */
  readonly overwrite?: boolean | undefined;
  /** The new content takes the place of this one, which must be there unchanged (`IO_FAILED`). */
  readonly replaces?: StoredSource | undefined;
  /** Bytes that will be written, as far as known. */
  readonly expectedSize?: number | undefined;
}

/**
 * Where files are kept that are not on a path: an object store, a document library. What bulk runs need of one is
 * little: list, read at any offset, write whole or not at all, remove. Paths of this machine need none of it.
 */
export interface FileStorage {
  /** The files whose path begins with `prefix`, in the order of the storage. */
  list(prefix: string, options?: WaitOptions): AsyncIterable<StoredFile>;
  /** Throws `FILE_NOT_FOUND`, `PERMISSION_DENIED`, `IO_FAILED`. */
  open(path: string, options?: WaitOptions): Promise<StoredSource>;
  /**
   * Creates the file at `path` from what `write` writes and gives its size. Nobody ever sees a part of it; if anything
   * fails, what was there stays. Throws `OUTPUT_EXISTS`, `PERMISSION_DENIED`, `NO_SPACE`, `IO_FAILED`.
   */
  write(path: string, write: (sink: ByteSink) => Promise<number>, options?: StoreOptions): Promise<number>;
  /** Removes what was read, if it is there unchanged. */
  remove(source: StoredSource, options?: WaitOptions): Promise<void>;
}
