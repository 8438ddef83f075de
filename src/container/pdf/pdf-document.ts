import type { ByteSource, MaybePromise, WaitOptions } from '../../bytes/index.ts';

/** `12 0 R`. */
export interface PdfReference {
  readonly kind: 'reference';
  readonly number: number;
  readonly generation: number;
}

/** A name without its slash, `#xx` resolved; one character per byte. */
export interface PdfName {
  readonly kind: 'name';
  readonly text: string;
}

/** A string, its escapes or hexadecimal digits resolved. */
export interface PdfString {
  readonly kind: 'string';
  readonly bytes: Uint8Array;
}

/** A number as it stands in the file, so that writing it again changes nothing. */
export interface PdfNumber {
  readonly kind: 'number';
  readonly text: string;
}

export interface PdfArray {
  readonly kind: 'array';
  readonly items: readonly PdfValue[];
}

/** Keys as {@link PdfName} has them, in the order of the file; of a key that stands twice, the last counts. */
export interface PdfDictionary {
  readonly kind: 'dictionary';
  readonly entries: ReadonlyMap<string, PdfValue>;
}

export type PdfValue =
  | null
  | boolean
  | PdfNumber
  | PdfName
  | PdfString
  | PdfReference
  | PdfArray
  | PdfDictionary;

/** Where the newest version of an object is. */
export interface PdfObjectEntry {
  readonly number: number;
  readonly generation: number;
  /** File offset of `12 0 obj`; absent for an object inside of an object stream. */
  readonly offset?: number | undefined;
  /** The number of the object stream it is in, and its index there. */
  readonly inStream?: { readonly number: number; readonly index: number } | undefined;
}

/** An indirect object. Its stream data, if it has any, is not read yet. */
export interface PdfObject {
  readonly number: number;
  readonly generation: number;
  readonly value: PdfValue;
  /** Whether it comes from an object stream, which is encrypted as a whole: the strings of `value` are in the clear then. */
  readonly inStream: boolean;
  /** The stream's bytes as stored, neither decrypted nor filters undone; `undefined` if it is no stream. */
  readonly data: ByteSource | undefined;
}

/**
 * Gives the stored bytes of an encrypted stream as they were before encryption, filters not undone: `stream.data`
 * decrypted. It is asked for object streams and for what goes through {@link PdfDocument.decoded}.
 */
export type DecryptPdfStream = (
  stream: PdfObject & { readonly data: ByteSource },
  options?: WaitOptions,
) => MaybePromise<ByteSource>;

/**
 * A PDF whose cross-references were read (or found anew by scanning, where they were damaged), of any number of
 * updates. Objects are read when they are asked for; nothing of a stream is held in memory.
 */
export interface PdfDocument {
  /** `1.7`, from the header or the newer one of the catalog. */
  readonly version: string;
  /** The keys of the newest trailer, and those of older ones that it lacks. */
  readonly trailer: PdfDictionary;
  /**
   * Whether cross-references were damaged and found anew by scanning. Of one that leads nowhere this shows when its object
   * is asked for: then, too, the file is scanned once.
   */
  readonly rebuilt: boolean;
  /** Whether the trailer has `/Encrypt`. Object streams can then be read through {@link PdfDocument.decrypting} only. */
  readonly encrypted: boolean;
  /**
   * The live objects, ascending by file offset (objects of an object stream behind the stream), the streams of
   * cross-references that were used left out, object streams included. Streams of `/Type /XRef` that nothing leads to may
   * be among them. Needs no decryption, unless `rebuilt`.
   */
  readonly entries: readonly PdfObjectEntry[];
  /**
   * An object as stored, strings and data not decrypted; `undefined` for one that does not exist, as a reference to it
   * means null. Throws `UNSUPPORTED_FORMAT` (reason `encrypted`) for one in an object stream that is encrypted.
   */
  object(number: number, options?: WaitOptions): Promise<PdfObject | undefined>;
  /**
   * The same without waiting, where all of it is in memory already, as that of an object behind the one read last mostly
   * is. `undefined` for any other: ask for it by {@link PdfDocument.object}.
   */
  objectAtHand(number: number): PdfObject | undefined;
  /** What a value is, references followed up to a bounded depth. */
  resolve(value: PdfValue | undefined, options?: WaitOptions): Promise<PdfValue>;
  /** The data of a stream with its filters undone, for the kinds of filter that structure takes (Flate, with predictors; none); bounded by `limit` bytes, `LIMIT_EXCEEDED`. Decrypted first under {@link PdfDocument.decrypting}, else as stored. */
  decoded(object: PdfObject, limit: number, options?: WaitOptions): Promise<Uint8Array>;
  /** The same document with object streams, and what `decoded` gives, decrypted; `object` still gives what is stored. */
  decrypting(decrypt: DecryptPdfStream, options?: WaitOptions): Promise<PdfDocument>;
}
