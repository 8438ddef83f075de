import type { ByteSource, WaitOptions } from '../bytes/index.ts';
import type { CompoundFile } from './compound-file/compound-file.ts';
import type { PdfDocument } from './pdf/pdf-document.ts';

/** The container formats there are. Adding one adds a folder and a line in `registry.ts`. */
export type ContainerName = 'pfile' | 'office' | 'pdf' | 'mail';

/** What a protected file tells without any key and without any network. */
export interface ProtectedFacts {
  readonly format: ContainerName;
  /** The format's own version, `3.0`. */
  readonly formatVersion: string;
  /** The license exactly as stored, every byte. */
  readonly publishingLicense: Uint8Array;
  /**
   * Label metadata as stored: an XMP packet in a PFILE or a PDF, LabelInfo in an Office file, in a message the text of the field
   * `msip_labels` on one line and in UTF-8; empty if there is none. Not encrypted.
   */
  readonly metadata: Uint8Array;
  /** The `\x05DocumentSummaryInformation` stream of an Office file, where older labels stand; else empty. Not encrypted. */
  readonly documentSummary?: Uint8Array | undefined;
  /** Texts of the Info dictionary of a PDF's wrapper, where labels stand. Not encrypted. */
  readonly labelProperties?: readonly (readonly [name: string, value: string])[] | undefined;
  /** The stored extension with its dot, if it is safe to use in a file name; else `undefined`. */
  readonly originalExtension: string | undefined;
  /** The stored plaintext size, if known. */
  readonly originalSize: number | undefined;
  /** File offset of the first byte of content. */
  readonly contentOffset: number;
  /** Bytes of content, or `undefined` while a stream has not ended. */
  readonly contentLength: number | undefined;
  /** The mode to use when the license says `licensed` (a format or an older version of it may override it). */
  cipherModeFor(licensed: string): string;
}

/** A protected file whose content is one run of encrypted bytes, read up to where that starts. */
export interface ProtectedContainer extends ProtectedFacts {
  /** The encrypted content, with whatever fills it up to a round size. */
  readonly content: ByteSource;
  /** Bytes behind the content proper that the format may fill it up with; 0 where the cipher mode alone decides. */
  readonly filling: number;
  /** What an authenticated mode binds into its key: what of the container must not change. Made anew at each access. */
  readonly binding: Uint8Array;
}

/** A document that is to be protected, as far as a format wants to look at it. */
export interface DocumentInput {
  /** The first bytes, `detectionBytes` of them or the whole document. */
  readonly head: Uint8Array;
  /** The whole document; seekable and of known size where the format needs random access. */
  readonly source: ByteSource;
  /** Its file name, if known. */
  readonly name: string | undefined;
  /** The directory, if the document is a compound file and it was read already. */
  readonly compoundFile?: CompoundFile | undefined;
  /** What was read of `source`, if it is a PDF and that was read already. */
  readonly pdf?: PdfDocument | undefined;
}

/** What a container is written from. */
export interface ContainerContents {
  readonly publishingLicense: Uint8Array;
  /** Extension of the original file with its dot, or empty. */
  readonly originalExtension: string;
  /** See {@link ProtectedContainer.metadata}. */
  readonly metadata?: Uint8Array | undefined;
  /** Label facts that stay readable as document properties, where the format has such. */
  readonly labelProperties?: readonly (readonly [name: string, value: string])[] | undefined;
  /** Plaintext bytes where known when writing starts. */
  readonly originalSize?: number | undefined;
  /** Content bytes, filling included, where known when writing starts. */
  readonly contentSize?: number | undefined;
  /** Format version to write; the format's newest by default. */
  readonly formatVersion?: string | undefined;
  /** What {@link ContainerFormat.examine} found; formats that need it say so. */
  readonly document?: object | undefined;
}

/** The bytes of a container around the encrypted content. */
export interface ContainerHeader {
  /** Everything before the content. */
  readonly bytes: Uint8Array;
  /** The format version that was laid out. */
  readonly formatVersion: string;
  /** Bytes of the format's own that stand within the content, each before the content byte at its offset; ascending. */
  readonly insertions?: readonly ContentInsertion[] | undefined;
  /** Everything after the content. */
  readonly trailer?: Uint8Array | undefined;
  /** See {@link ProtectedContainer.binding}. */
  readonly binding: Uint8Array;
  /** Where and how to write the plaintext size once it is known; absent if the format has no such field. */
  readonly originalSizeField?: { readonly offset: number; encode(size: number): Uint8Array };
}

/** Bytes that are not content in the middle of it. */
export interface ContentInsertion {
  readonly contentOffset: number;
  readonly bytes: Uint8Array;
}

/** What a file is read from: the source, and what was read of it to tell its format. */
export interface ContainerReadOptions extends WaitOptions {
  /** The directory, if the source is a compound file and it was read already. */
  readonly compoundFile?: CompoundFile | undefined;
  /** What was read of the source, if it is a PDF and that was read already. */
  readonly pdf?: PdfDocument | undefined;
}

/** What every way of carrying a license in a file has. */
export interface FileFormat {
  readonly name: ContainerName;
  /** Whether reading and writing take random access: streams are collected first. */
  readonly needsRandomAccess: boolean;
  /** Whether a document that begins with `head` may be one for this format; decides whether a stream is collected. */
  mayTake(head: Uint8Array, name: string | undefined): boolean;
  /**
   * Looks at a document that is to be protected: what is needed to know of it when it is written, or
   * `undefined` if documents of its kind are not protected in this format. Throws `UNSUPPORTED_FORMAT`, with the
   * reason, for a document of its kind that cannot be protected as it is.
   */
  examine(document: DocumentInput, options?: WaitOptions): Promise<object | undefined>;
  /** The name of the protected file for `name`: `a.txt` to `a.ptxt`, `a.vsd` to `a.vsd.pfile`. */
  protectedName(name: string): string;
  /** The name of the opened file: the stored extension wins over what `name` suggests. */
  originalName(name: string, originalExtension: string | undefined): string;
}

/** One way of carrying a license and content that is encrypted as one run of bytes. */
export interface ContainerFormat extends FileFormat {
  readonly encrypts: 'content';
  /** Reads everything up to the content. Throws `NOT_PROTECTED` (not of this format), `MALFORMED_CONTAINER`, `UNSUPPORTED_VERSION`, `LIMIT_EXCEEDED`. */
  read(source: ByteSource, options?: ContainerReadOptions): Promise<ProtectedContainer>;
  /** The content is filled with zeros up to a multiple of this in `mode`, which has the given alignment. */
  fillTo(mode: { readonly name: string; readonly alignment: number }): number;
  /** Lays out a new container. */
  header(contents: ContainerContents): ContainerHeader;
}

/** Bytes of the start of a file that suffice to tell the formats apart, or to know where else to look. */
export const detectionBytes = 4096;
