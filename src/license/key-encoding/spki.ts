import { concatBytes } from '../../bytes/index.ts';
import type { RsaPublicKey } from '../index.ts';
import { derNull, malformedKey, parseDer, toAny, toDer } from './der.ts';
import { AlgorithmIdentifier, RsaPublicKeySequence, SubjectPublicKeyInfo } from './schema.ts';

const rsaEncryption = '1.2.840.113549.1.1.1';
const what = 'public key';

/** An XrML public key as DER SubjectPublicKeyInfo, which WebCrypto, Node and PEM tools read. */
export function encodeSpki(key: RsaPublicKey): Uint8Array {
  const sequence = new RsaPublicKeySequence();
  sequence.modulus = integer(new Uint8Array(key.modulus).reverse());
  sequence.publicExponent = integer(Uint8Array.of(1, 0, 1));
  const info = new SubjectPublicKeyInfo();
  info.algorithm = rsaAlgorithm();
  info.subjectPublicKey = toAny(sequence);
  return toDer(info);
}

/** Reads DER SubjectPublicKeyInfo of an RSA key with exponent 65537. Throws `MALFORMED_KEY`. */
export function decodeSpki(der: Uint8Array): RsaPublicKey {
  const info = parseDer(der, SubjectPublicKeyInfo, what);
  if (info.algorithm.algorithm !== rsaEncryption) throw malformedKey(what);
  const sequence = parseDer(info.subjectPublicKey, RsaPublicKeySequence, what);
  const exponent = unsigned(sequence.publicExponent);
  const modulus = unsigned(sequence.modulus);
  if (exponent.join() !== '1,0,1' || modulus.length < 64) throw malformedKey(what);
  return { modulus: modulus.reverse() };
}

function rsaAlgorithm(): AlgorithmIdentifier {
  const identifier = new AlgorithmIdentifier();
  identifier.algorithm = rsaEncryption;
  identifier.parameters = derNull();
  return identifier;
}

// A DER integer is signed: one zero byte in front keeps a modulus with its top bit set positive.
const integer = (bigEndian: Uint8Array): ArrayBuffer =>
  (((bigEndian[0] ?? 0) & 0x80) === 0 ? bigEndian : concatBytes([Uint8Array.of(0), bigEndian]))
    .buffer as ArrayBuffer;

function unsigned(der: ArrayBuffer): Uint8Array {
  const bytes = new Uint8Array(der);
  const start = bytes.findIndex((byte) => byte !== 0);
  return bytes.slice(start < 0 ? bytes.length : start);
}
