import type { MaybePromise } from '../bytes/index.ts';

/**
 * Who does the AES arithmetic: `node:crypto`, WebCrypto or `@noble/ciphers`. All three give the same bytes;
 * a synchronous one never makes a promise.
 */
export interface CryptoBackend {
  readonly name: 'node' | 'webcrypto' | 'noble';
  /** Whether this backend can work here with keys of `keyLength` bytes (some browsers lack AES-192). */
  supports(keyLength: number): boolean;
  /** Takes a copy of the key before it first waits; `wipe` of the result overwrites the copy. */
  importKey(key: Uint8Array): MaybePromise<AesKey>;
}

/**
 * AES under one key, over windows of whole blocks. `output` may be the input's memory where lengths agree.
 * `counters` and `nonces` are read before an operation first waits; the caller may then reuse them.
 * spec/cipher-modes.md, "Windows".
 */
export interface AesKey {
  ecbEncrypt(input: Uint8Array, output: Uint8Array): MaybePromise<void>;
  ecbDecrypt(input: Uint8Array, output: Uint8Array): MaybePromise<void>;
  /**
   * CBC over independent segments of `segmentLength` bytes, the last of which may be shorter.
   * `counters` holds 16 bytes a segment; a segment's IV is the encryption of its counter block.
   */
  cbcEncrypt(
    input: Uint8Array,
    output: Uint8Array,
    segmentLength: number,
    counters: Uint8Array,
  ): MaybePromise<void>;
  cbcDecrypt(
    input: Uint8Array,
    output: Uint8Array,
    segmentLength: number,
    counters: Uint8Array,
  ): MaybePromise<void>;
  /** AES-GCM over segments; `nonces` holds 12 bytes a segment, each segment's tag of 16 bytes follows it. */
  gcmEncrypt(
    input: Uint8Array,
    output: Uint8Array,
    segmentLength: number,
    nonces: Uint8Array,
  ): MaybePromise<void>;
  /** Throws `DECRYPTION_FAILED` if any tag is wrong; `output` is then zeroed. */
  gcmDecrypt(
    input: Uint8Array,
    output: Uint8Array,
    segmentLength: number,
    nonces: Uint8Array,
  ): MaybePromise<void>;
  wipe(): void;
}
