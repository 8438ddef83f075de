import type { FlushGroup } from './flush-group.ts';

/** Where a file goes. At most one of `out`, `to` and `inPlace`; by default it goes beside its original, which stays. */
export interface FileOutputOptions {
  /** Folder for the new file, which gets its usual name there; created if it does not exist. */
  readonly out?: string | undefined;
  /** Exact path of the new file. */
  readonly to?: string | undefined;
  /** The new file takes the place of the original. */
  readonly inPlace?: boolean | undefined;
  /** Replace a file that is there already; by default that is refused with `OUTPUT_EXISTS`. */
  readonly overwrite?: boolean | undefined;
  /** Permission bits of the new file, such as `0o640`, instead of the usual ones (spec/files.md, "Permissions"). */
  readonly mode?: number | undefined;
  /**
   * False leaves it to the system when the new file reaches the disk. That is faster, and after a loss of power
   * or a crash of the system the new file may be missing, empty or cut, and in place the original gone with it.
   * A crash of the process alone loses nothing. By default true: when the promise resolves, the file is on the disk.
   */
  readonly durable?: boolean | undefined;
  /** Shares the flushes to disk of files that are written at once; from `createFlushGroup`. */
  readonly flush?: FlushGroup | undefined;
  /** Called now and then with the plaintext bytes done (of a label, the bytes of the file) and, where known, the total. */
  readonly onProgress?: ((done: number, total: number | undefined) => void) | undefined;
}
