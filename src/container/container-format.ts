import type { ByteSource, WaitOptions } from '../bytes/index.ts';

/** The container formats there are. Adding one adds a folder and a line in `registry.ts`. */
export type ContainerName = 'pfile';

/** A protected file, read up to where its content starts. No key and no network were needed. */
export interface ProtectedContainer {
  readonly format: ContainerName;
  /** The format's own version, `3.0`. */
  readonly formatVersion: string;
  /** The license exactly as stored, every byte. */
  readonly publishingLicense: Uint8Array;
  /** Container metadata exactly as stored; empty if there is none. Neither encrypted nor signed. */
  readonly metadata: Uint8Array;
  /** The stored extension with its dot, if it is safe to use in a file name; else `undefined`. */
  readonly originalExtension: string | undefined;
  /** The stored plaintext size, if known. */
  readonly originalSize: number | undefined;
  readonly contentOffset: number;
  /** Bytes of content, or `undefined` while a stream has not ended. */
  readonly contentLength: number | undefined;
  /** The encrypted content. */
  readonly content: ByteSource;
  /** What an authenticated mode binds into its key: the header without the fields that are known only at the end. Made anew at each access. */
  readonly binding: Uint8Array;
  /** The mode to use when the license says `licensed` (older versions of a format override it). */
  cipherModeFor(licensed: string): string;
}

/** What a container is written from. */
export interface ContainerContents {
  readonly publishingLicense: Uint8Array;
  /** Extension of the original file with its dot, or empty. */
  readonly originalExtension: string;
  readonly metadata?: Uint8Array | undefined;
  /** Plaintext bytes where known when writing starts. */
  readonly originalSize?: number | undefined;
  /** Format version to write; the format's newest by default. */
  readonly formatVersion?: string | undefined;
}

/** The start of a container, to be followed by the encrypted content. */
export interface ContainerHeader {
  readonly bytes: Uint8Array;
  /** See {@link ProtectedContainer.binding}. */
  readonly binding: Uint8Array;
  /** Where and how to write the plaintext size once it is known; absent if the format has no such field. */
  readonly originalSizeField?: { readonly offset: number; encode(size: number): Uint8Array };
}

/** One way of carrying a license and encrypted content in a file. */
export interface ContainerFormat {
  readonly name: ContainerName;
  /** Whether a file that starts with `head` (at least {@link detectionBytes}, or the whole file) is of this format. */
  detect(head: Uint8Array): boolean;
  /** Reads everything up to the content. Throws `NOT_PROTECTED` (not of this format), `MALFORMED_CONTAINER`, `UNSUPPORTED_VERSION`, `LIMIT_EXCEEDED`. */
  read(source: ByteSource, options?: WaitOptions): Promise<ProtectedContainer>;
  /** Lays out the start of a new container. */
  header(contents: ContainerContents): ContainerHeader;
  /** The name of the protected file for `name`: `a.txt` to `a.ptxt`, `a.vsd` to `a.vsd.pfile`. */
  protectedName(name: string): string;
  /** The name of the opened file: the stored extension wins over what `name` suggests. */
  originalName(name: string, originalExtension: string | undefined): string;
}

/** Bytes of the start of a file that suffice to tell the formats apart. */
export const detectionBytes = 4096;
