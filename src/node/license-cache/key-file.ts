import { join } from 'node:path';
import { decodeBase64, encodeBase64, encodeUtf8, wipe } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import { systemRandomBytes } from '../../rights/index.ts';
import { fileError, systemCodeOf } from '../file-error.ts';
import { writeWholeFile } from '../write-whole-file.ts';
import { refuseShared } from './private-folder.ts';
import { readSmallFile } from './read-small-file.ts';

/** Holds the key of a folder of licenses, in base64. Mode 0600. */
export const keyFileName = 'cache.key';

const longestKeyFile = 256;

/**
 * The 32 bytes in the key file of `directory`, which is made where it is missing; of several processes that make it, all
 * get the same. Throws `PERMISSION_DENIED`, `MALFORMED_KEY`, and what writing a file throws.
 */
export async function readOrMakeKeyFile(directory: string): Promise<Uint8Array> {
  const path = join(directory, keyFileName);
  const present = readKey(path);
  if (present !== undefined) return present;
  const key = systemRandomBytes(32);
  const text = encodeUtf8(`${encodeBase64(key)}\n`);
  try {
    await writeWholeFile(path, [text]);
    return key;
  } catch (error) {
    const theirs =
      error instanceof SealwrightError && error.code === 'OUTPUT_EXISTS' ? readKey(path) : undefined;
    wipe(key);
    if (theirs !== undefined) return theirs;
    throw error;
  } finally {
    wipe(text);
  }
}

function readKey(path: string): Uint8Array | undefined {
  let file: ReturnType<typeof readSmallFile>;
  try {
    file = readSmallFile(path, longestKeyFile);
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === 'ENOENT') return undefined;
    if (code !== 'ELOOP') throw fileError(error, { action: 'read', path });
  }
  if (file !== undefined) refuseShared(path, file.facts, 'opens the kept licenses', '600');
  const key = file && decodeBase64(new TextDecoder().decode(file.bytes));
  wipe(file?.bytes);
  if (key?.length === 32) return key;
  throw new SealwrightError(
    'MALFORMED_KEY',
    `${path} does not hold the key of the kept licenses. Delete the folder: licenses are fetched anew.`,
    { path },
  );
}
