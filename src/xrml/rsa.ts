import { decodeHex, encodeHex, equalBytes } from '../bytes/index.ts';
import type { DigestAlgorithm } from './digest.ts';
import { nativePublicOperation } from './native-rsa.ts';
import type { XrmlPublicKey } from './public-key.ts';

/** DER of DigestInfo up to the digest itself, with NULL parameters (RFC 8017, section 9.2, note 1). */
const digestInfoPrefixes: Readonly<Record<DigestAlgorithm, readonly number[]>> = {
  SHA1: [0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14],
  SHA256: [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
    0x04, 0x20,
  ],
};

/** The block a signature turns into under the public key, ready to be compared with digests. */
export interface OpenedSignature {
  /** Whether the block is exactly the encoding of this digest and nothing else. */
  isOver(algorithm: DigestAlgorithm, digest: Uint8Array): boolean;
}

/**
 * Applies an RSA public key to a signature (RFC 8017, sections 5.2.2 and 8.2.2).
 *
 * The bare operation instead of a ready verification, because a document states a digest of its own and the
 * signature has to be held against that one too, which an interface that hashes for itself cannot do.
 * Everything here is public, so it needs no constant time; the block is rebuilt and compared whole,
 * never parsed, so forged padding has nowhere to hide.
 *
 * @param signature big-endian, exactly as long as the modulus
 * @returns `undefined` if the signature cannot belong to this key
 */
export function openSignature(key: XrmlPublicKey, signature: Uint8Array): OpenedSignature | undefined {
  const length = Math.ceil(key.bits / 8);
  if (signature.length !== length) return undefined;
  const block = nativePublicOperation(key, signature) ?? publicOperation(key, signature);
  if (block === undefined) return undefined;
  return {
    isOver(algorithm, digest) {
      const expected = encodeBlock(algorithm, digest, length);
      return expected !== undefined && equalBytes(expected, block);
    },
  };
}

/** The bare RSA operation in plain arithmetic; `undefined` for what cannot be a value or a modulus. */
export function publicOperation(key: XrmlPublicKey, signature: Uint8Array): Uint8Array | undefined {
  const modulus = toBigInt(new Uint8Array(key.modulus).reverse());
  const value = toBigInt(signature);
  if (value >= modulus || modulus % 2n === 0n) return undefined;
  return toBytes(power65537(value, modulus), signature.length);
}

/** EMSA-PKCS1-v1_5 (RFC 8017, section 9.2); `undefined` if the digest does not fit. */
function encodeBlock(algorithm: DigestAlgorithm, digest: Uint8Array, length: number): Uint8Array | undefined {
  const prefix = digestInfoPrefixes[algorithm];
  // The last byte of the prefix is the length of the digest.
  if (digest.length !== prefix.at(-1)) return undefined;
  const digestInfoLength = prefix.length + digest.length;
  if (length < digestInfoLength + 11) return undefined;
  const block = new Uint8Array(length).fill(0xff);
  block[0] = 0;
  block[1] = 1;
  block[length - digestInfoLength - 1] = 0;
  block.set(prefix, length - digestInfoLength);
  block.set(digest, length - digest.length);
  return block;
}

function power65537(base: bigint, modulus: bigint): bigint {
  let result = base;
  for (let i = 0; i < 16; i++) result = (result * result) % modulus;
  return (result * base) % modulus;
}

const toBigInt = (bigEndian: Uint8Array): bigint => BigInt(`0x0${encodeHex(bigEndian)}`);

const toBytes = (value: bigint, length: number): Uint8Array =>
  decodeHex(value.toString(16).padStart(2 * length, '0'));
