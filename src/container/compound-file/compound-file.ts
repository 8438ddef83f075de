import type { ByteSource, WaitOptions } from '../../bytes/index.ts';

/** What storages and streams of a compound file have in common, [MS-CFB] 2.6.1. */
interface CompoundEntryFacts {
  readonly name: string;
  /** CLSID, 16 bytes in file order; zero where none was given. */
  readonly classId: Uint8Array;
  readonly stateBits: number;
  /** FILETIME: 100 ns since 1601, 0 where not recorded. */
  readonly created: bigint;
  readonly modified: bigint;
}

/** A stream: a name for a run of bytes. Read it with {@link CompoundFile.open}. */
export interface CompoundStream extends CompoundEntryFacts {
  readonly kind: 'stream';
  /** Bytes of content. */
  readonly size: number;
}

/** A storage: a folder. The root is one, named `Root Entry`. */
export interface CompoundStorage extends CompoundEntryFacts {
  readonly kind: 'storage';
  /** What is directly inside, in the order of the format: shorter names first, then by letters. */
  readonly entries: readonly CompoundEntry[];
}

export type CompoundEntry = CompoundStorage | CompoundStream;

/** A compound file whose directory was read. Contents are read when asked for. */
export interface CompoundFile {
  /** 3: sectors of 512 bytes; 4: of 4096. */
  readonly version: 3 | 4;
  readonly root: CompoundStorage;
  /**
   * The entry at a path from the root, `find('\x06DataSpaces', 'Version')`; names compare as the format
   * compares them, without case. `undefined` if there is none.
   */
  find(...path: readonly string[]): CompoundEntry | undefined;
  /**
   * The content of a stream of this file for random access, without loading it. Its chain of sectors is
   * followed and checked at the first read. Reads throw `MALFORMED_CONTAINER` or `LIMIT_EXCEEDED`.
   *
   * @param exact refuse a stream that the file ends inside of, instead of reading zeros there
   */
  open(stream: CompoundStream, exact?: boolean): ByteSource;
  /** A small stream as a whole, a copy; `LIMIT_EXCEEDED` if it has more than `maximum` bytes. */
  read(stream: CompoundStream, maximum: number, options?: WaitOptions): Promise<Uint8Array>;
  /** File offset of a stream's first byte, or `undefined` if it is empty or its chain does not begin. */
  offsetOf(stream: CompoundStream, options?: WaitOptions): Promise<number | undefined>;
}
