import { ByteReader, ByteWriter, concatBytes, equalBytes, sha256OfUtf16le, wipe } from '../bytes/index.ts';
import { decryptionFailed } from '../errors.ts';
import { decryptBlocks, encryptBlocks } from './block-cipher.ts';
import { encryptTo, type KeyCustodian } from './key-custodian.ts';
import { type HeadedKey, readHeadedKey, writeHeadedKey } from './key-header.ts';
import type { RsaPublicKey } from './rsa-public-key.ts';

/** Type of the ENABLINGBITS we write: OAEP and SHA-256. */
export const sealedKeyType = 'sealed-key-v2';

const version = 2;
const hashLength = 32;

/** The hash inside a sealed key, over the text that the key is bound to. */
export const boundHash = (boundText: string): Uint8Array => sha256OfUtf16le(boundText);

/**
 * Seals `headedKey` (header and key) to `recipient`, bound to `boundText`, as ENABLINGBITS of type
 * `sealed-key-v2`: an RSA block with a session key, then the key and a hash under the session key
 * (spec/licenses.md, "Sealed keys").
 */
export async function sealKey(
  headedKey: Uint8Array,
  recipient: RsaPublicKey,
  boundText: string,
  randomBytes: (length: number) => Uint8Array,
): Promise<Uint8Array> {
  const sessionKey = randomBytes(32);
  const headedSessionKey = writeHeadedKey(sessionKey, 'MICROSOFT.ECB');
  const payload = new ByteWriter()
    .uint32(version)
    .uint32(headedKey.length + hashLength)
    .uint32(0)
    .uint32(0)
    .bytes(headedKey)
    .bytes(boundHash(boundText))
    .toBytes();
  try {
    const [rsaBlock, sealed] = await Promise.all([
      encryptTo(recipient, headedSessionKey),
      encryptBlocks(sessionKey, payload),
    ]);
    return concatBytes([rsaBlock, sealed]);
  } finally {
    wipe(sessionKey, headedSessionKey, payload);
  }
}

/**
 * Opens ENABLINGBITS of type `sealed-key-v2`. Throws `DECRYPTION_FAILED` if it was sealed to someone else,
 * was changed, or does not belong to the text that `bound` is the {@link boundHash} of.
 */
export async function unsealKey(
  enablingBits: Uint8Array,
  custodian: KeyCustodian,
  bound: Uint8Array,
): Promise<HeadedKey> {
  const rsaLength = custodian.publicKey.modulus.length;
  const sealed = enablingBits.subarray(rsaLength);
  if (enablingBits.length <= rsaLength || sealed.length % 16 !== 0) throw decryptionFailed();
  const headedSessionKey = await custodian.decrypt(enablingBits.subarray(0, rsaLength));
  let payload: Uint8Array | undefined;
  const session = readSession(headedSessionKey);
  try {
    payload = await decryptBlocks(session, sealed);
    return readPayload(payload, bound);
  } finally {
    wipe(headedSessionKey, session, payload);
  }
}

function readSession(headed: Uint8Array): Uint8Array {
  const { key } = readHeadedKey(headed);
  if (key.length === 16 || key.length === 24 || key.length === 32) return key;
  wipe(key);
  throw decryptionFailed();
}

function readPayload(payload: Uint8Array, bound: Uint8Array): HeadedKey {
  const reader = new ByteReader(payload, { what: 'sealed key', code: 'DECRYPTION_FAILED' });
  if (reader.uint32('version') !== version) throw decryptionFailed();
  const size = reader.uint32('size');
  reader.uint64('reserved fields');
  if (size <= hashLength || size > reader.remaining) throw decryptionFailed();
  const headed = reader.bytes(size - hashLength, 'key');
  const hash = reader.bytes(hashLength, 'hash');
  if (!equalBytes(hash, bound)) throw decryptionFailed();
  return readHeadedKey(headed);
}
