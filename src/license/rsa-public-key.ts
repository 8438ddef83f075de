import { decodeBase64, encodeBase64 } from '../bytes/index.ts';

/** An RSA public key as XrML holds it: exponent 65537, modulus least significant byte first. */
export interface RsaPublicKey {
  /** Little-endian modulus; its length times eight is the key size. */
  readonly modulus: Uint8Array;
}

/** Bits of the key. */
export const keyBits = (key: RsaPublicKey): number => key.modulus.length * 8;

/** The key as a JSON Web Key, whose numbers are big-endian base64url. */
export function toJsonWebKey(key: RsaPublicKey): JsonWebKey {
  return { kty: 'RSA', n: base64Url(new Uint8Array(key.modulus).reverse()), e: 'AQAB' };
}

/** The public part of an RSA JSON Web Key. */
export function fromJsonWebKey(key: JsonWebKey): RsaPublicKey {
  return { modulus: fromBase64Url(key.n ?? '').reverse() };
}

function base64Url(bytes: Uint8Array): string {
  return encodeBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function fromBase64Url(text: string): Uint8Array {
  return decodeBase64(text.replaceAll('-', '+').replaceAll('_', '/')) ?? new Uint8Array(0);
}
