import { encodeUtf8, wipe } from '../../bytes/index.ts';
import { decryptionFailed, SealwrightError } from '../../errors.ts';
import { derNull, malformedKey, octets, parseDer, toAny, toDer } from './der.ts';
import {
  AlgorithmIdentifier,
  EncryptedPrivateKeyInfo,
  Pbes2Parameters,
  Pbkdf2Parameters,
  PrivateKeyInfo,
} from './schema.ts';

const pbes2 = '1.2.840.113549.1.5.13';
const pbkdf2 = '1.2.840.113549.1.5.12';
const hmacWithSha256 = '1.2.840.113549.2.9';
const aes256Cbc = '2.16.840.1.101.3.4.1.42';

const what = 'encrypted private key';

/** Rounds for a passphrase a person chose; a random key file needs few. */
export const passphraseIterations = 600_000;
const maximumIterations = 10_000_000;

/** How {@link encryptPkcs8} works. */
export interface EncryptPkcs8Options {
  /** PBKDF2 rounds; 600,000 by default. */
  readonly iterations?: number;
  readonly randomBytes?: (length: number) => Uint8Array;
}

/**
 * Encrypts a PKCS#8 key under a passphrase: PBES2 with PBKDF2-HMAC-SHA-256 and AES-256-CBC, which
 * `openssl pkcs8` reads too.
 */
export async function encryptPkcs8(
  pkcs8: Uint8Array,
  passphrase: string | Uint8Array,
  options: EncryptPkcs8Options = {},
): Promise<Uint8Array> {
  const randomBytes = options.randomBytes ?? ((length) => crypto.getRandomValues(new Uint8Array(length)));
  const salt = randomBytes(16);
  const iv = randomBytes(16);
  const iterations = options.iterations ?? passphraseIterations;
  const key = await deriveKey(passphrase, salt, iterations);
  const encrypted = await crypto.subtle.encrypt(
    { name: 'AES-CBC', iv: iv as Uint8Array<ArrayBuffer> },
    key,
    pkcs8 as Uint8Array<ArrayBuffer>,
  );

  const derivation = new Pbkdf2Parameters();
  derivation.salt = octets(salt);
  derivation.iterationCount = iterations;
  derivation.prf = identifier(hmacWithSha256, derNull());
  const parameters = new Pbes2Parameters();
  parameters.keyDerivationFunc = identifier(pbkdf2, toAny(derivation));
  parameters.encryptionScheme = identifier(aes256Cbc, toAny(octets(iv)));
  const info = new EncryptedPrivateKeyInfo();
  info.encryptionAlgorithm = identifier(pbes2, toAny(parameters));
  info.encryptedData = octets(new Uint8Array(encrypted));
  return toDer(info);
}

/**
 * Opens what {@link encryptPkcs8} made. Throws `DECRYPTION_FAILED` for a wrong passphrase, `MALFORMED_KEY`
 * for other DER or other algorithms, `LIMIT_EXCEEDED` for an absurd number of rounds.
 */
export async function decryptPkcs8(der: Uint8Array, passphrase: string | Uint8Array): Promise<Uint8Array> {
  const info = parseDer(der, EncryptedPrivateKeyInfo, what);
  const parameters = parametersOf(info.encryptionAlgorithm, pbes2, Pbes2Parameters);
  const derivation = parametersOf(parameters.keyDerivationFunc, pbkdf2, Pbkdf2Parameters);
  const { encryptionScheme } = parameters;
  const iv = encryptionScheme.parameters
    ? new Uint8Array(encryptionScheme.parameters).subarray(2)
    : undefined;
  const supported =
    derivation.prf?.algorithm === hmacWithSha256 &&
    encryptionScheme.algorithm === aes256Cbc &&
    iv?.length === 16;
  if (!supported) throw malformedKey(what);
  const iterations = derivation.iterationCount;
  if (!(iterations >= 1 && iterations <= maximumIterations))
    throw new SealwrightError(
      'LIMIT_EXCEEDED',
      `The ${what} asks for ${iterations} rounds; at most ${maximumIterations} are accepted.`,
    );
  const key = await deriveKey(passphrase, new Uint8Array(derivation.salt.buffer), iterations);
  let opened: Uint8Array | undefined;
  try {
    opened = new Uint8Array(
      await crypto.subtle.decrypt({ name: 'AES-CBC', iv }, key, info.encryptedData.buffer),
    );
    // One wrong passphrase in some 256 leaves padding that looks right around noise.
    parseDer(opened, PrivateKeyInfo, what);
    return opened;
  } catch {
    wipe(opened);
    throw decryptionFailed();
  }
}

async function deriveKey(
  passphrase: string | Uint8Array,
  salt: Uint8Array,
  iterations: number,
): Promise<CryptoKey> {
  const secret = typeof passphrase === 'string' ? encodeUtf8(passphrase) : new Uint8Array(passphrase);
  try {
    const material = await crypto.subtle.importKey(
      'raw',
      secret as Uint8Array<ArrayBuffer>,
      'PBKDF2',
      false,
      ['deriveKey'],
    );
    return await crypto.subtle.deriveKey(
      { name: 'PBKDF2', hash: 'SHA-256', salt: salt as Uint8Array<ArrayBuffer>, iterations },
      material,
      { name: 'AES-CBC', length: 256 },
      false,
      ['encrypt', 'decrypt'],
    );
  } finally {
    wipe(secret);
  }
}

function identifier(algorithm: string, parameters: ArrayBuffer): AlgorithmIdentifier {
  const made = new AlgorithmIdentifier();
  made.algorithm = algorithm;
  made.parameters = parameters;
  return made;
}

function parametersOf<T>(found: AlgorithmIdentifier, algorithm: string, type: new () => T): T {
  if (found.algorithm !== algorithm || !found.parameters) throw malformedKey(what);
  return parseDer(found.parameters, type, what);
}
