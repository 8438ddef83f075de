import type { ByteSink, ByteSource, MaybePromise } from '../bytes/index.ts';
import type { ContentTransform } from './content-transform.ts';
import type { TransferOptions } from './protected-content.ts';

/**
 * Everything it takes to move a content through its cipher somewhere else than here, in plain data. The key is in it: it goes to
 * threads of this process only, and whoever got a copy wipes it.
 */
export interface CarriedCipher {
  readonly direction: 'encrypt' | 'decrypt';
  readonly cipherMode: string;
  readonly key: Uint8Array;
  /** Of the content as it is or will be stored: what stands before its first segment. */
  readonly preamble: Uint8Array;
  readonly binding: Uint8Array | undefined;
  /** Zeros that fill the end of the plaintext, for modes without padding. */
  readonly fillTo: number;
  /** Bytes of plaintext that the container states, when decrypting. */
  readonly statedSize: number | undefined;
  /** Bytes behind that size that may be dropped. */
  readonly filling: number;
}

/** A content on its way from a source to a sink. */
export interface ContentJourney {
  /** The segments, without preamble. */
  readonly source: ByteSource;
  /** Where their counterpart goes, one after the other, at the sink's present end. */
  readonly sink: ByteSink;
  /** For whoever does it in this thread; it is then used for nothing else. */
  readonly transform: ContentTransform;
  /** Throws once the content may not be given any more; asked before each window or range. */
  readonly admit?: (() => void) | undefined;
  /** For whoever does not; absent where the cipher mode or the back-end is somebody else's. */
  readonly cipher: CarriedCipher | undefined;
}

/**
 * Moves contents. The one in `pump.ts` does it in this thread; `sealwright/node` has one that gives large files to
 * worker threads, each with ranges of its own.
 */
export interface ContentCarrier {
  /** Gives the bytes written. */
  carry(journey: ContentJourney, options: TransferOptions): MaybePromise<number>;
}
