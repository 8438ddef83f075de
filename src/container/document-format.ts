import type { ByteSink, ByteSource, WaitOptions } from '../bytes/index.ts';
import type { CipherMode, CipherModeName, CryptoBackend } from '../cipher/index.ts';
import type { ContainerReadOptions, FileFormat, ProtectedFacts } from './container-format.ts';
import type { MailOutput, MailSettings } from './mail/settings.ts';
import type { PdfSettings } from './pdf/settings.ts';

/** What encrypts or decrypts the parts of a document. The key belongs to the caller, who wipes it. */
export interface PartCipher {
  readonly mode: CipherMode;
  readonly key: Uint8Array;
  /** Who does the AES arithmetic; by default the fastest there is. */
  readonly backend?: CryptoBackend | undefined;
}

/** Options of writing a document. */
export interface DocumentTransferOptions extends WaitOptions {
  /** Called now and then with the plaintext bytes done and, where known, the total. */
  readonly onProgress?: ((done: number, total: number | undefined) => void) | undefined;
}

/** A document that is ready to be written, protected or opened. Nothing is done before `writeTo`. */
export interface DocumentWriter {
  /** Bytes of it, where known beforehand. */
  readonly size: number | undefined;
  /** Writes it from its first byte to its last and gives its size. Memory does not grow with the document. */
  writeTo(sink: ByteSink, options?: DocumentTransferOptions): Promise<number>;
}

/** A part that travels within a document, an attachment. */
export interface DocumentPart {
  /** Its file name, if it has one. */
  readonly name: string | undefined;
  /** Its place among the attachments: the same whenever the document is read. */
  readonly index: number;
  /** Seekable and of known size. */
  readonly source: ByteSource;
}

/** A part in its other form, and the name it has then. */
export interface WrittenPart extends DocumentWriter {
  readonly name: string | undefined;
}

/** What a document is protected with. */
export interface DocumentContents {
  readonly publishingLicense: Uint8Array;
  /** See {@link ProtectedFacts.metadata}. */
  readonly metadata?: Uint8Array | undefined;
  /** Label facts that stay readable as document properties. */
  readonly labelProperties?: readonly (readonly [name: string, value: string])[] | undefined;
  /** Name of the document, if known. */
  readonly name?: string | undefined;
  /** Format version to write; the format's newest by default. */
  readonly formatVersion?: string | undefined;
  readonly settings?: DocumentSettings | undefined;
  /**
   * Protects a part in a format of its own under the license of the document; `undefined` for one whose kind has no such
   * format, or that is protected already. Absent where attachments are to stay as they are.
   */
  readonly protectPart?:
    | ((part: DocumentPart, options?: WaitOptions) => Promise<WrittenPart | undefined>)
    | undefined;
}

/** What can be said of documents of one kind; others ignore it. */
export interface DocumentSettings {
  readonly pdf?: PdfSettings | undefined;
  readonly mail?: MailSettings | undefined;
}

/** How a document is to be opened. */
export interface OpenDocumentOptions extends WaitOptions {
  /** The form a message is to have; by default the one it came in. */
  readonly mail?: MailOutput | undefined;
  /** Opens a part that is protected under the license of the document; `undefined` for any other. */
  readonly openPart?:
    | ((part: DocumentPart, options?: WaitOptions) => Promise<WrittenPart | undefined>)
    | undefined;
}

/** A document whose parts are encrypted one by one, read so far as no key is needed. */
export interface ProtectedDocument extends ProtectedFacts {
  /**
   * The opened document.
   * Throws `DECRYPTION_FAILED`, `MALFORMED_CONTAINER`, `LIMIT_EXCEEDED`, here or while it is written.
   */
  open(cipher: PartCipher, options?: OpenDocumentOptions): Promise<DocumentWriter>;
}

/** One way of protecting a document part by part, each in its place. */
export interface DocumentFormat extends FileFormat {
  readonly encrypts: 'parts';
  /** The newest version, which is written. */
  readonly version: string;
  /** The modes it can carry, the one to ask for first; `undefined` if any. */
  readonly cipherModes: readonly CipherModeName[] | undefined;
  /** Reads the license and what else is in the clear. Throws `NOT_PROTECTED`, `MALFORMED_CONTAINER`, `UNSUPPORTED_VERSION`, `LIMIT_EXCEEDED`. */
  read(source: ByteSource, options?: ContainerReadOptions): Promise<ProtectedDocument>;
  /** Prepares the protected document. `document` is what `examine` found. Throws `INVALID_ARGUMENT`, `UNSUPPORTED_VERSION`. */
  protect(
    document: object,
    source: ByteSource,
    contents: DocumentContents,
    cipher: PartCipher,
  ): DocumentWriter;
}
