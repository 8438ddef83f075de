import type { ByteSink, WaitOptions } from '../bytes/index.ts';
import type { ContainerName } from '../container/index.ts';

/** Options of everything that moves content. */
export interface TransferOptions extends WaitOptions {
  /** Called now and then with the plaintext bytes done and, where known, the total. */
  readonly onProgress?: ((done: number, total: number | undefined) => void) | undefined;
}

/**
 * A protected file that is ready to be written. Its content is encrypted while it is taken, once, by one of
 * `stream`, `bytes` and `writeTo`; the content key is wiped at the end.
 */
export interface ProtectedContent {
  /** Name for the protected file, if the original's name was given. */
  readonly name: string | undefined;
  readonly format: ContainerName;
  readonly formatVersion: string;
  readonly cipherMode: string;
  /** GUID in braces: what `revoke` takes. */
  readonly contentId: string;
  readonly owner: string;
  readonly publishingLicense: Uint8Array;
  /** Bytes of the protected file where known beforehand. */
  readonly size: number | undefined;
  /** The protected file as a stream. */
  stream(options?: TransferOptions): ReadableStream<Uint8Array>;
  /** The protected file in memory. */
  bytes(options?: TransferOptions): Promise<Uint8Array>;
  /** Writes the protected file to a sink and gives its size; the fastest way to a file. */
  writeTo(sink: ByteSink, options?: TransferOptions): Promise<number>;
  /** Wipes the content key without writing anything. */
  discard(): void;
}
