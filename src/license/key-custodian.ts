import { maxima } from '../bytes/index.ts';
import { decryptionFailed, SealwrightError } from '../errors.ts';
import { exclusiveKeys } from './exclusive-keys.ts';
import { nativeEncrypt, nativeSigner, type Sign } from './native-rsa.ts';
import { fromJsonWebKey, keyBits, type RsaPublicKey, toJsonWebKey } from './rsa-public-key.ts';

/**
 * Keeper of one RSA private key. The key itself never leaves: a file, an HSM or a remote service stand
 * behind the same three members.
 */
export interface KeyCustodian {
  readonly publicKey: RsaPublicKey;
  /** RSASSA-PKCS1-v1_5 with SHA-256 over `data`; the signature is big-endian. */
  sign(data: Uint8Array): Promise<Uint8Array>;
  /** RSA-OAEP (SHA-1, as Windows does it; spec/licenses.md, "Sealed keys"). Throws `DECRYPTION_FAILED`. */
  decrypt(ciphertext: Uint8Array): Promise<Uint8Array>;
}

const signing = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
/** Private-key operations at once: as many as the thread pool of Node usually has threads. */
const handles = 4;

const sealing = { name: 'RSA-OAEP', hash: 'SHA-1' };

/**
 * A custodian over a PKCS#8 key, kept by WebCrypto as a key that cannot be exported again; on Node, `node:crypto` holds
 * it too, and signs with it.
 *
 * @throws `MALFORMED_KEY` for anything but an undamaged RSA key with the exponent 65537, `LIMIT_EXCEEDED` for an absurdly long one
 */
export async function custodianFromPkcs8(pkcs8: Uint8Array): Promise<KeyCustodian> {
  const { subtle } = globalThis.crypto;
  const der = pkcs8 as Uint8Array<ArrayBuffer>;
  if (der.length > maxima.derBytes) throw tooLong(`${der.length} bytes`, `${maxima.derBytes} bytes`);
  let signingKey: CryptoKey;
  let sealingKeys: readonly CryptoKey[];
  let jwk: JsonWebKey;
  try {
    jwk = await subtle.exportKey('jwk', await subtle.importKey('pkcs8', der, signing, true, ['sign']));
    signingKey = await subtle.importKey('pkcs8', der, signing, false, ['sign']);
    sealingKeys = await Promise.all(
      Array.from({ length: handles }, () => subtle.importKey('pkcs8', der, sealing, false, ['decrypt'])),
    );
  } catch (cause) {
    throw new SealwrightError(
      'MALFORMED_KEY',
      'The private key is not an RSA key in PKCS#8 form. Export it again as PKCS#8.',
      { cause },
    );
  }
  const publicKey = fromJsonWebKey(jwk);
  const bits = keyBits(publicKey);
  if (bits > maxima.rsaModulusBits) throw tooLong(`${bits} bits`, `${maxima.rsaModulusBits} bits`);
  // XrML states the exponent, and everyone who reads it expects this one.
  if (jwk.e !== 'AQAB')
    throw new SealwrightError(
      'MALFORMED_KEY',
      'The private key has another public exponent than 65537. Make a new key with this one.',
    );
  const signature = await signatureBy(signingKey, publicKey);
  if (signature === undefined)
    throw new SealwrightError(
      'MALFORMED_KEY',
      'The private key is damaged: what it signs does not fit its public part. Put it back from a backup.',
    );
  const sign: Sign = async (data) =>
    new Uint8Array(await subtle.sign(signing.name, signingKey, data as Uint8Array<ArrayBuffer>));
  const lend = exclusiveKeys(sealingKeys);
  return {
    publicKey,
    sign: (await nativeSigner(pkcs8, handles, probe, signature)) ?? sign,
    async decrypt(ciphertext) {
      try {
        const bytes = ciphertext.slice();
        return new Uint8Array(await lend((key) => subtle.decrypt(sealing.name, key, bytes)));
      } catch {
        throw decryptionFailed();
      }
    },
  };
}

/** What is signed to see whether a key works. */
const probe = new Uint8Array(32);

/**
 * The signature of the probe, if it is good. Importing looks at the form of a key only: a damaged one is taken, and
 * fails or signs wrongly when it is used.
 */
async function signatureBy(signingKey: CryptoKey, publicKey: RsaPublicKey): Promise<Uint8Array | undefined> {
  const { subtle } = globalThis.crypto;
  try {
    const signature = await subtle.sign(signing.name, signingKey, probe);
    const verifying = await subtle.importKey('jwk', toJsonWebKey(publicKey), signing, false, ['verify']);
    const good = await subtle.verify(signing.name, verifying, signature, probe);
    return good ? new Uint8Array(signature) : undefined;
  } catch {
    return undefined;
  }
}

const tooLong = (found: string, most: string): SealwrightError =>
  new SealwrightError('LIMIT_EXCEEDED', `The private key has ${found}; at most ${most} are accepted.`);

/** Encrypts a short message to the holder of `recipient`, to be opened by {@link KeyCustodian.decrypt}. */
export async function encryptTo(recipient: RsaPublicKey, message: Uint8Array): Promise<Uint8Array> {
  const encrypted = nativeEncrypt(recipient, message);
  if (encrypted !== undefined) return encrypted;
  const { subtle } = globalThis.crypto;
  const key = await importPublicKey(recipient);
  return new Uint8Array(await subtle.encrypt(sealing.name, key, message as Uint8Array<ArrayBuffer>));
}

// Importing costs five times as much as using; the server key is used for every license.
const imported = new WeakMap<RsaPublicKey, Promise<CryptoKey>>();

function importPublicKey(key: RsaPublicKey): Promise<CryptoKey> {
  let ready = imported.get(key);
  if (ready === undefined) {
    ready = globalThis.crypto.subtle.importKey('jwk', toJsonWebKey(key), sealing, false, ['encrypt']);
    imported.set(key, ready);
  }
  return ready;
}

/** Makes a new RSA key and gives its PKCS#8 form. Wipe it when it is stored. */
export async function generateRsaKey(bits: 2048 | 3072 | 4096): Promise<Uint8Array> {
  const { subtle } = globalThis.crypto;
  const pair = await subtle.generateKey(
    { ...signing, modulusLength: bits, publicExponent: Uint8Array.of(1, 0, 1) },
    true,
    ['sign', 'verify'],
  );
  return new Uint8Array(await subtle.exportKey('pkcs8', pair.privateKey));
}
