import type { TokenAlgorithm } from './issuer-settings.ts';

const minRsaBits = 2048;
const maxRsaBits = 8192;
const maxExponentBytes = 5;
const maxKeyIdLength = 1024;

/** The public part of a published key, and what it may be used for. */
export interface VerificationKey {
  readonly kid: string | undefined;
  /** The one algorithm the key is for, where the issuer says so. */
  readonly algorithm: string | undefined;
  readonly jwk: Readonly<Record<string, string>>;
  readonly tooSmall: boolean;
}

/** Reads one entry of a key set; `undefined` for one that verifies no signature of ours. */
export function readVerificationKey(entry: unknown): VerificationKey | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined;
  const { kid, alg, use, key_ops, ...rest } = entry as Readonly<Record<string, unknown>>;
  if (use !== undefined && use !== 'sig') return undefined;
  if (Array.isArray(key_ops) && !key_ops.includes('verify')) return undefined;
  const jwk = publicPart(rest);
  if (jwk === undefined) return undefined;
  return {
    kid: typeof kid === 'string' && kid.length <= maxKeyIdLength ? kid : undefined,
    algorithm: typeof alg === 'string' ? alg : undefined,
    jwk,
    tooSmall: jwk.kty === 'RSA' && bitLength(jwk.n ?? '') < minRsaBits,
  };
}

/** Whether signatures of this algorithm can be made with the key. */
export function fitsAlgorithm(key: VerificationKey, algorithm: TokenAlgorithm): boolean {
  const { kty, crv } = key.jwk;
  const sameFamily = algorithm === 'EdDSA' || algorithm === 'Ed25519';
  if (key.algorithm !== undefined && key.algorithm !== algorithm)
    if (!sameFamily || (key.algorithm !== 'EdDSA' && key.algorithm !== 'Ed25519')) return false;
  switch (algorithm) {
    case 'ES256':
      return kty === 'EC' && crv === 'P-256';
    case 'ES384':
      return kty === 'EC' && crv === 'P-384';
    case 'ES512':
      return kty === 'EC' && crv === 'P-521';
    case 'EdDSA':
    case 'Ed25519':
      return kty === 'OKP' && crv === 'Ed25519';
    default:
      return kty === 'RSA';
  }
}

/** Members that make up the public key, whatever else somebody published beside them. */
function publicPart(jwk: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> | undefined {
  const { kty, n, e, crv, x, y } = jwk;
  if (kty === 'RSA') {
    if (!isBase64Url(n) || !isBase64Url(e)) return undefined;
    // A long exponent would make each check slow.
    if (bitLength(n) > maxRsaBits || bitLength(e) > maxExponentBytes * 8) return undefined;
    return { kty, n, e };
  }
  if (kty === 'EC' && typeof crv === 'string' && isBase64Url(x) && isBase64Url(y)) return { kty, crv, x, y };
  if (kty === 'OKP' && typeof crv === 'string' && isBase64Url(x)) return { kty, crv, x };
  return undefined;
}

const isBase64Url = (value: unknown): value is string =>
  typeof value === 'string' && value.length < 4096 && /^[A-Za-z0-9_-]+$/.test(value);

/** Bits of a number in base64url, leading zeros left out. */
function bitLength(text: string): number {
  const bytes = new Uint8Array(Buffer.from(text, 'base64url'));
  const first = bytes.findIndex((byte) => byte !== 0);
  return first < 0 ? 0 : (bytes.length - first) * 8 - Math.clz32(bytes[first] ?? 0) + 24;
}
