import type { ByteSink, ByteSource, MaybePromise, WaitOptions } from '../../../bytes/index.ts';
import type { PdfDictionary } from '../pdf-document.ts';

/** Options of writing the data of one stream. */
export interface UnitWriteOptions extends WaitOptions {
  /** Called with the bytes of the stream's data that were read so far. */
  readonly onRead?: ((bytes: number) => void) | undefined;
}

/** The data of a stream in its other form. */
export interface TransformedStream {
  /** Bytes of it, exactly. */
  readonly length: number;
  /** Writes them, once. */
  writeTo(sink: Pick<ByteSink, 'write'>, options?: UnitWriteOptions): MaybePromise<void>;
}

/** What becomes of the strings and streams of a document when it is written again. */
export interface UnitTransform {
  string(bytes: Uint8Array): MaybePromise<Uint8Array>;
  /** `data` is read in windows, and by no one else until it was written. */
  stream(data: ByteSource, dictionary: PdfDictionary, options?: WaitOptions): MaybePromise<TransformedStream>;
  /** Overwrites keys and what is left of plaintext. */
  wipe(): void;
}
