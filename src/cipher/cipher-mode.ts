import type { MaybePromise } from '../bytes/index.ts';
import type { CryptoBackend } from './crypto-backend.ts';

/** The wire names of the modes we read and write; compared without regard to case. */
export const cipherModeNames = [
  'MICROSOFT.CBC4K',
  'MICROSOFT.CBC4K.NOPADDING',
  'MICROSOFT.CBC512.NOPADDING',
  'MICROSOFT.ECB',
  'SEALWRIGHT.GCM64K',
] as const;

/** One of {@link cipherModeNames}. */
export type CipherModeName = (typeof cipherModeNames)[number];

/**
 * How the bytes of a document are cut, chained and padded: a content is a preamble, then equal segments,
 * the last of which may be shorter. spec/cipher-modes.md and spec/gcm64k.md.
 */
export interface CipherMode {
  /** One of {@link cipherModeNames}, or the name of a mode of somebody else's that was handed in. */
  readonly name: string;
  /** Whether a changed, cut or foreign ciphertext is refused. None of Microsoft's modes does. */
  readonly authenticated: boolean;
  /** The key lengths the mode takes, in bytes. */
  readonly keyLengths: readonly number[];
  /** Bytes before the first segment (the salt of our own mode). */
  readonly preambleLength: number;
  /** Plaintext bytes of a whole segment. */
  readonly segmentLength: number;
  /** Ciphertext bytes of a whole segment. */
  readonly encryptedSegmentLength: number;
  /** The plaintext length must be a multiple of this: 1, or 16 for the modes without padding. */
  readonly alignment: 1 | 16;
  /** Content bytes for `plaintextLength` bytes, preamble included. Throws `INVALID_ARGUMENT` if unaligned or negative. */
  encryptedLength(plaintextLength: number): number;
  /** The smallest and largest plaintext that fits `encryptedLength` bytes; throws `MALFORMED_CONTAINER` if none does. */
  plaintextLengthBounds(encryptedLength: number): { readonly minimum: number; readonly maximum: number };
  /** Starts encrypting one content. Key length: 16, 24 or 32 bytes; 32 for our own mode. The key is copied. */
  encryptor(key: Uint8Array, options?: CipherOptions): MaybePromise<SegmentEncryptor>;
  /** Starts decrypting one content; `preamble` is its first {@link CipherMode.preambleLength} bytes. */
  decryptor(key: Uint8Array, preamble: Uint8Array, options?: CipherOptions): MaybePromise<SegmentDecryptor>;
}

/** What binds a content to its surroundings and says who computes. */
export interface CipherOptions {
  /** Bytes of the container's header that our own mode binds into the file key. Ignored by Microsoft's modes. */
  readonly binding?: Uint8Array | undefined;
  /** Who does the arithmetic; by default the fastest there is for the window. */
  readonly backend?: CryptoBackend | undefined;
  /** Random bytes for the preamble; only vectors pass their own. */
  readonly randomBytes?: ((length: number) => Uint8Array) | undefined;
}

/** Encrypts segments of one content, in any order, a window at a time. */
export interface SegmentEncryptor {
  /** What stands before the first segment. */
  readonly preamble: Uint8Array;
  /**
   * Encrypts `plaintext`, which starts at segment `firstSegment`, into `output` and gives the bytes written.
   * Unless `last`, it is a whole number of segments. Where both segment lengths agree, `output` may be the
   * same memory as `plaintext`. With `last`, padding is added; a content whose end was never passed is cut.
   */
  encrypt(
    plaintext: Uint8Array,
    firstSegment: number,
    last: boolean,
    output: Uint8Array,
  ): MaybePromise<number>;
  /** Overwrites the keys. The encryptor is of no use afterwards. */
  wipe(): void;
}

/** Decrypts segments of one content, in any order, a window at a time. */
export interface SegmentDecryptor {
  /**
   * Decrypts `ciphertext`, which starts at segment `firstSegment`, into `output` and gives the plaintext
   * bytes. Unless `last`, it is a whole number of segments. Throws `DECRYPTION_FAILED`.
   */
  decrypt(
    ciphertext: Uint8Array,
    firstSegment: number,
    last: boolean,
    output: Uint8Array,
  ): MaybePromise<number>;
  /** Overwrites the keys. The decryptor is of no use afterwards. */
  wipe(): void;
}
