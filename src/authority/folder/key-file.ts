import { constants } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeBase64, encodeBase64, wipe } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import { decodePem, decryptPkcs8, encodePem, encryptPkcs8 } from '../../license/key-encoding/index.ts';
import { systemRandomBytes } from '../../rights/index.ts';
import { explainFolderError } from './folder-error.ts';
import { keyIsWhole } from './key-is-whole.ts';

/** The authority's private key, encrypted: PEM that `openssl pkcs8` reads too. Its presence makes the authority. */
export const keyFileName = 'authority.key';

/** Holds the random secret that opens the key of an authority without a passphrase. Mode 0600. */
export const unlockFileName = 'authority.unlock';

// A secret of 256 random bits needs no stretching.
const unlockIterations = 1000;

/** Encrypts the key under the passphrase or a new unlock file, and writes both to `directory`. */
export async function writeKeyFile(
  directory: string,
  pkcs8: Uint8Array,
  passphrase: string | undefined,
): Promise<void> {
  let encrypted: Uint8Array;
  if (passphrase === undefined) {
    const secret = systemRandomBytes(32);
    encrypted = await encryptPkcs8(pkcs8, secret, { iterations: unlockIterations });
    await writePrivately(join(directory, unlockFileName), `${encodeBase64(secret)}\n`);
    wipe(secret);
  } else encrypted = await encryptPkcs8(pkcs8, passphrase);
  await writePrivately(join(directory, keyFileName), encodePem('ENCRYPTED PRIVATE KEY', encrypted));
}

/** Opens the key in `directory`. Throws `AUTHORITY_NOT_FOUND`, `AUTHORITY_LOCKED`, `MALFORMED_KEY`. */
export async function readKeyFile(directory: string, passphrase: string | undefined): Promise<Uint8Array> {
  const path = join(directory, keyFileName);
  const pem = await readText(path);
  if (pem === undefined)
    throw new SealwrightError(
      'AUTHORITY_NOT_FOUND',
      `There is no authority in ${directory}. Create one with: sealwright init --authority ${directory}`,
      { path: directory },
    );
  const secret = passphrase ?? (await readUnlockFile(directory));
  try {
    const pkcs8 = await decryptPkcs8(decodePem('ENCRYPTED PRIVATE KEY', pem), secret);
    if (keyIsWhole(pkcs8)) return pkcs8;
    wipe(pkcs8);
    throw damaged(path);
  } catch (cause) {
    if (!(cause instanceof SealwrightError)) throw cause;
    if (cause.code === 'MALFORMED_KEY') throw damaged(path, cause);
    if (cause.code !== 'DECRYPTION_FAILED') throw cause;
    throw new SealwrightError(
      'AUTHORITY_LOCKED',
      `The passphrase does not open the authority in ${directory}. Give the one it was created with.`,
      { path: directory, cause },
    );
  } finally {
    if (typeof secret !== 'string') wipe(secret);
  }
}

const damaged = (path: string, cause?: unknown): SealwrightError =>
  new SealwrightError(
    'MALFORMED_KEY',
    `${path} is damaged. Put it back from a backup, or import the last export into a new folder.`,
    { path, cause },
  );

async function readUnlockFile(directory: string): Promise<Uint8Array> {
  const path = join(directory, unlockFileName);
  const text = await readText(path);
  if (text === undefined)
    throw new SealwrightError(
      'AUTHORITY_LOCKED',
      `The authority in ${directory} is locked with a passphrase. Give it with --passphrase-file FILE or SEALWRIGHT_PASSPHRASE_FILE.`,
      { path: directory },
    );
  const { mode } = await stat(path);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw new SealwrightError(
      'PERMISSION_DENIED',
      `${path} opens the authority's key and can be read by others. Protect it with: chmod 600 ${path}`,
      { path },
    );
  const secret = decodeBase64(text);
  if (secret?.length !== 32)
    throw new SealwrightError('MALFORMED_KEY', `${path} is damaged. Restore it from a backup.`, { path });
  return secret;
}

async function writePrivately(path: string, text: string): Promise<void> {
  try {
    const file = await open(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw explainFolderError(cause, path);
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR'))
      return undefined;
    throw explainFolderError(cause, path);
  }
}
