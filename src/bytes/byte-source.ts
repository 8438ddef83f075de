/** A value that may be there already. Callers `await` it; hot paths look first and skip the promise. */
export type MaybePromise<T> = T | Promise<T>;

/** Options of everything that may wait. */
export interface WaitOptions {
  /** Cancels the operation; it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Where bytes come from: memory, a Blob, a file handle, a stream, or a slice of another source.
 * Formats read through this and know neither network nor disk.
 */
export interface ByteSource {
  /** Total bytes, or `undefined` while a stream has not ended yet. */
  readonly size: number | undefined;
  /** False for a stream: reads must go forward, within a bounded look-back. */
  readonly seekable: boolean;
  /**
   * Reads `length` bytes at `offset`; fewer only at the end of the source. The result may be a view of
   * memory the source owns: valid until the next read, never to be written to.
   */
  read(offset: number, length: number, options?: WaitOptions): MaybePromise<Uint8Array>;
  /** Reads into the caller's buffer and gives the number of bytes; absent where it would only copy. */
  readInto?(offset: number, target: Uint8Array, options?: WaitOptions): MaybePromise<number>;
  /** Of a slice: the source that it is a part of in the end, and where it begins there. */
  readonly origin?: { readonly source: ByteSource; readonly offset: number } | undefined;
  /** A window on this source, sharing its lifetime. Without `length` it reaches to the end. */
  slice(offset: number, length?: number): ByteSource;
  /** Releases what the source holds. Slices do not close their parent. */
  close?(): MaybePromise<void>;
}

/** Where bytes go. `write` is done with the memory when it returns or resolves. */
export interface ByteSink {
  write(bytes: Uint8Array, options?: WaitOptions): MaybePromise<void>;
  /** Overwrites bytes already written; absent where the sink cannot seek. */
  writeAt?(offset: number, bytes: Uint8Array, options?: WaitOptions): MaybePromise<void>;
}
