import { createPrivateKey } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, rm, rmdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { wipe } from '../../bytes/index.ts';
import { SealwrightError, type SealwrightErrorCode } from '../../errors.ts';
import { custodianFromPkcs8, generateRsaKey, type KeyCustodian } from '../../license/index.ts';
import { readArchive } from '../archive/read-archive.ts';
import type { Authority } from '../authority.ts';
import { createAuthority } from '../create-authority.ts';
import type { AuthorityStore } from '../store/authority-store.ts';
import { explainFolderError } from './folder-error.ts';
import { keyFileName, readKeyFile, unlockFileName, writeKeyFile } from './key-file.ts';
import { withServicesInThreads } from './service-in-thread.ts';
import { loadSqliteDriver } from './sqlite-driver.ts';
import { openSqliteStore } from './sqlite-store.ts';

const databaseName = 'authority.db';

/** Options of {@link initAuthority}. */
export interface InitOptions {
  /** Name of the authority, as licenses show it. */
  readonly name?: string | undefined;
  /** Locks the private key; without one, a random key file of mode 0600 beside it opens it. */
  readonly passphrase?: string | undefined;
  /** Bits of the RSA key: 2048 (default), 3072 or 4096. */
  readonly keyBits?: 2048 | 3072 | 4096 | undefined;
  /** The clock, for tests. */
  readonly now?: (() => Date) | undefined;
}

/** Options of {@link openAuthority}. */
export interface OpenAuthorityOptions {
  readonly passphrase?: string | undefined;
  /** The clock, for tests. */
  readonly now?: (() => Date) | undefined;
}

/** Options of {@link restoreAuthority}. */
export interface RestoreOptions extends OpenAuthorityOptions {
  /** The passphrase the export was made with. */
  readonly archivePassphrase: string;
}

/**
 * Creates an authority in a folder: an RSA key, encrypted at rest, and a database. Whoever can read the
 * folder (and knows the passphrase, if there is one) can act as anyone: keep it as you would keep a key.
 *
 * @param directory is created if missing
 * @throws `AUTHORITY_EXISTS`, `PERMISSION_DENIED`, `NO_SPACE`, `SERVICE_UNAVAILABLE` if no SQLite is there
 * @see spec/authority.md
 *
 * @example
 * ```ts
 * import { initAuthority } from 'sealwright/authority/folder';
 * const authority = await initAuthority('./authority', { name: 'Contoso' });
 * await authority.close();
 * ```
 */
export async function initAuthority(directory: string, options: InitOptions = {}): Promise<Authority> {
  const pkcs8 = await generateRsaKey(checkedBits(options.keyBits ?? 2048));
  try {
    return await establish(directory, pkcs8, options, async () => undefined);
  } finally {
    wipe(pkcs8);
  }
}

/**
 * Opens the authority in a folder. Several processes may have it open.
 *
 * @throws `AUTHORITY_NOT_FOUND`, `AUTHORITY_LOCKED` for a wrong or missing passphrase, `MALFORMED_KEY` and `IO_FAILED`
 *   for damaged files, `PERMISSION_DENIED`, `SERVICE_UNAVAILABLE`
 *
 * @example
 * ```ts
 * import { openAuthority } from 'sealwright/authority/folder';
 * const authority = await openAuthority('./authority');
 * const service = authority.as('alice@contoso.com'); // you vouch that it is her
 * ```
 */
export async function openAuthority(
  directory: string,
  options: OpenAuthorityOptions = {},
): Promise<Authority> {
  const pkcs8 = await readKeyFile(directory, options.passphrase);
  try {
    const custodian = await custodianFromPkcs8(pkcs8);
    const path = join(directory, databaseName);
    // `init` would rightly refuse the folder, so "not found, create one" is no help.
    if (!existsSync(path)) throw lostRecords('AUTHORITY_NOT_FOUND', path, 'is missing');
    const store = await openSqliteStore(path);
    return await closingOnFailure(store, async () => {
      await refuseNameless(store, () => lostRecords('IO_FAILED', path, 'is empty or damaged'));
      const authority = await createAuthority({
        store,
        custodian,
        exportKey: () => readKeyFile(directory, options.passphrase),
        now: options.now,
      });
      return opened(authority, path, pkcs8, custodian, options);
    });
  } finally {
    wipe(pkcs8);
  }
}

/**
 * Makes an authority in a new folder from an export of another one: the same keys, templates, contents,
 * revocations and log. Nothing is left behind if the export turns out to be damaged.
 *
 * @throws `AUTHORITY_EXISTS`, `MALFORMED_ARCHIVE`, `DECRYPTION_FAILED` for a wrong passphrase or a changed file
 */
export async function restoreAuthority(
  directory: string,
  archive: ReadableStream<Uint8Array>,
  options: RestoreOptions,
): Promise<Authority> {
  await refuseExisting(directory);
  const { privateKey, records } = await readArchive(archive, options.archivePassphrase);
  try {
    return await establish(directory, privateKey, options, async (store) => {
      await store.importRecords(records);
      await refuseNameless(
        store,
        () =>
          new SealwrightError(
            'MALFORMED_ARCHIVE',
            'The authority export does not say whose it is. Use an export that nobody changed.',
          ),
      );
    });
  } finally {
    wipe(privateKey);
    // Where the folder could not be filled, the export was not read to its end.
    await records[Symbol.asyncIterator]().return?.();
  }
}

/** Fills a new folder. The key file comes last: with it, the authority is there. */
async function establish(
  directory: string,
  pkcs8: Uint8Array,
  options: InitOptions,
  fill: (store: AuthorityStore) => Promise<void>,
): Promise<Authority> {
  await refuseExisting(directory);
  const custodian = await custodianFromPkcs8(pkcs8);
  const made = await mkdir(directory, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw explainFolderError(cause, directory);
  });
  await claim(join(directory, databaseName));
  let store: AuthorityStore | undefined;
  try {
    store = await openSqliteStore(join(directory, databaseName), { create: true });
    await fill(store);
    const authority = await createAuthority({
      store,
      custodian,
      exportKey: () => readKeyFile(directory, options.passphrase),
      name: options.name,
      now: options.now,
    });
    await writeKeyFile(directory, pkcs8, options.passphrase);
    return await opened(authority, join(directory, databaseName), pkcs8, custodian, options);
  } catch (error) {
    await store?.close();
    await removeFiles(directory, made !== undefined);
    throw error;
  }
}

/** A clock that somebody handed in cannot be sent to other threads. */
async function opened(
  authority: Authority,
  database: string,
  pkcs8: Uint8Array,
  { publicKey }: KeyCustodian,
  { now }: OpenAuthorityOptions,
): Promise<Authority> {
  if (now !== undefined) return authority;
  const der = Buffer.from(pkcs8.buffer, pkcs8.byteOffset, pkcs8.length);
  const key = createPrivateKey({ key: der, type: 'pkcs8', format: 'der' });
  const { name: driver } = await loadSqliteDriver();
  return withServicesInThreads(authority, { database: resolve(database), key, publicKey, driver });
}

async function refuseExisting(directory: string): Promise<void> {
  const found = [keyFileName, databaseName, unlockFileName].find((name) => existsSync(join(directory, name)));
  if (found === undefined) return;
  throw new SealwrightError(
    'AUTHORITY_EXISTS',
    `${directory} holds ${found === keyFileName ? 'an authority' : `the file ${found} of an authority`} already. Use it, or choose another folder.`,
    { path: directory },
  );
}

/**
 * Records that do not say whose they are were lost: to begin anew with them would give back what was withdrawn.
 */
async function refuseNameless(store: AuthorityStore, error: () => SealwrightError): Promise<void> {
  if ((await store.getSetting('authority')) === undefined) throw error();
}

const lostRecords = (code: SealwrightErrorCode, path: string, state: string): SealwrightError =>
  new SealwrightError(
    code,
    `The key of an authority is here, but its records are not: ${path} ${state}. Put it back from a backup, or import the last export into a new folder.`,
    { path },
  );

/** Of two processes that make an authority in one folder, one gets the database file and the other this error. */
async function claim(path: string): Promise<void> {
  const file = await open(path, 'wx', 0o600).catch((cause: unknown) => {
    throw explainFolderError(cause, path);
  });
  await file.close();
}

async function removeFiles(directory: string, folderIsOurs: boolean): Promise<void> {
  const ours = [keyFileName, unlockFileName, databaseName, `${databaseName}-wal`, `${databaseName}-shm`];
  await Promise.all(ours.map((name) => rm(join(directory, name), { force: true })));
  if (folderIsOurs) await rmdir(directory).catch(() => undefined);
}

async function closingOnFailure(store: AuthorityStore, make: () => Promise<Authority>): Promise<Authority> {
  try {
    return await make();
  } catch (error) {
    await store.close();
    throw error;
  }
}

function checkedBits(bits: number): 2048 | 3072 | 4096 {
  if (bits === 2048 || bits === 3072 || bits === 4096) return bits;
  throw new SealwrightError(
    'INVALID_ARGUMENT',
    `An RSA key of ${bits} bits is not offered: choose 2048, 3072 or 4096.`,
  );
}
