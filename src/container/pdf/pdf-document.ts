import type { ByteSource, WaitOptions } from '../../bytes/index.ts';

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
  /** The stream's bytes as stored, filters not undone; `undefined` if it is no stream. */
  readonly data: ByteSource | undefined;
}

/**
 * A PDF whose cross-references were read (or found anew by scanning, where they were damaged), of any number of
 * updates. Objects are read when they are asked for; nothing of a stream is held in memory.
 */
export interface PdfDocument {
  /** `1.7`, from the header or the newer one of the catalog. */
  readonly version: string;
  /** The keys of the newest trailer, and those of older ones that it lacks. */
  readonly trailer: PdfDictionary;
  /** Whether the cross-references were damaged and found anew. */
  readonly rebuilt: boolean;
  /**
   * The live objects, ascending by file offset (objects of an object stream behind the stream), the streams of
   * cross-references left out, object streams included.
   */
  readonly entries: readonly PdfObjectEntry[];
  /** An object; `undefined` for one that does not exist, as a reference to it means null. */
  object(number: number, options?: WaitOptions): Promise<PdfObject | undefined>;
  /** What a value is, references followed up to a bounded depth. */
  resolve(value: PdfValue | undefined, options?: WaitOptions): Promise<PdfValue>;
  /** The data of a stream with its filters undone, for the kinds of filter that structure takes (Flate, with predictors; none); bounded by `limit` bytes, `LIMIT_EXCEEDED`. */
  decoded(object: PdfObject, limit: number, options?: WaitOptions): Promise<Uint8Array>;
}
