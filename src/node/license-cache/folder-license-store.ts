import { join } from 'node:path';
import { concatBytes, equalBytes, maxima, wipe } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { LicenseStore } from '../../licensing/index.ts';
import type { RandomBytes } from '../../rights/index.ts';
import { fileError, systemCodeOf } from '../file-error.ts';
import { writeWholeFile } from '../write-whole-file.ts';
import { clockFiles } from './clock-files.ts';
import { entryFiles, entryNames, removeDamaged, removeFile } from './entry-files.ts';
import { readOrMakeKeyFile } from './key-file.ts';
import { ensurePrivateFolder } from './private-folder.ts';
import { readSmallFile } from './read-small-file.ts';
import { fileSealer, sealLength } from './sealed-file.ts';

/** Key and limits of a folder of licenses. */
export interface FolderLicenseStoreOptions {
  /** 32 bytes, from a key store of the system for example. By default they are in a file of mode 0600 in the folder. */
  readonly key?: Uint8Array | undefined;
  /** Entries kept at most; those that were not used for longest go first. Default 1000. */
  readonly maximumEntries?: number | undefined;
  /** Bytes of all entries at most. Default 32 MiB. */
  readonly maximumBytes?: number | undefined;
  /** For nonces, in tests. */
  readonly randomBytes?: RandomBytes | undefined;
}

// In front of an entry: when it ends (milliseconds, infinite for never) and the hash of its group.
const endLength = 8;
const prefixLength = endLength + 32;
const longestEntry = prefixLength + maxima.licenseBytes;

/** Other processes write here, too: after so many entries of our own the folder is looked at again. */
const scanInterval = 50;

/**
 * Keeps licenses and certificates in a folder: one encrypted file each, under names that tell nothing. Several processes
 * may use the folder at once. The folder is made with mode 0700, and refused if others can use it.
 *
 * @param directory a folder for this alone
 * @throws `PERMISSION_DENIED` (others can read the folder or its key), `NOT_A_FILE`, `MALFORMED_KEY`, `INVALID_ARGUMENT`,
 *   `NO_SPACE`, `IO_FAILED`
 * @see spec/license-cache.md, "On disk"
 *
 * @example
 * ```ts
 * import { homedir } from 'node:os';
 * import { join } from 'node:path';
 * import { folderLicenseStore } from 'sealwright/node';
 * const store = await folderLicenseStore(join(homedir(), '.cache/contoso/licenses'));
 * ```
 */
export async function folderLicenseStore(
  directory: string,
  options: FolderLicenseStoreOptions = {},
): Promise<LicenseStore> {
  const maximumEntries = positive(options.maximumEntries ?? 1000, 'entries');
  const maximumBytes = positive(options.maximumBytes ?? 32 * 1024 * 1024, 'bytes');
  if (options.key !== undefined && options.key.length !== 32)
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      `The key of kept licenses has 32 bytes, not ${options.key.length}.`,
    );
  const licenses = join(directory, 'licenses');
  const times = join(directory, 'clock');
  for (const folder of [directory, licenses, times]) ensurePrivateFolder(folder);
  const key = (options.key && Uint8Array.from(options.key)) ?? (await readOrMakeKeyFile(directory));
  const sealer = await fileSealer(key, options.randomBytes);
  wipe(key);
  const clock = clockFiles(times, sealer);

  const guarded = async <T>(action: 'read' | 'write', work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw fileError(error, { action, path: directory });
    }
  };

  /** What is in the file: when it ends, its group, the entry. `undefined` if there is none, or a damaged one. */
  async function readEntry(name: string, used: boolean): Promise<Entry | undefined> {
    const path = join(licenses, name);
    let sealed: Uint8Array | undefined;
    try {
      sealed = readSmallFile(path, sealLength + longestEntry, { used })?.bytes;
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') return undefined;
      if (systemCodeOf(error) !== 'ELOOP') throw error;
    }
    const bytes = sealed && (await sealer.unseal(name, sealed));
    if (bytes === undefined || bytes.length < prefixLength) {
      removeDamaged(path);
      return undefined;
    }
    return {
      end: new DataView(bytes.buffer).getFloat64(0, true),
      group: bytes.subarray(endLength, prefixLength),
      bytes,
    };
  }

  async function removeWhere(condemned: (entry: Entry) => boolean): Promise<void> {
    for (const name of entryNames(licenses)) {
      const entry = await readEntry(name, false);
      if (entry === undefined) continue;
      if (condemned(entry)) removeFile(join(licenses, name));
      wipe(entry.bytes);
    }
  }

  let untilScan = 0;
  let room = { entries: 0, bytes: 0 };

  /** Removes what was not used for longest until everything fits, and a little more, so that it is seldom needed. */
  function makeRoom(): void {
    const entries = entryFiles(licenses);
    let bytes = entries.reduce((sum, { size }) => sum + size, 0);
    let count = entries.length;
    const over = count > maximumEntries || bytes > maximumBytes;
    const share = over ? 0.95 : 1;
    for (const { path, size } of entries) {
      if (count <= Math.ceil(maximumEntries * share) && bytes <= maximumBytes * share) break;
      removeFile(path);
      count--;
      bytes -= size;
    }
    untilScan = scanInterval;
    room = { entries: maximumEntries - count, bytes: maximumBytes - bytes };
  }

  return Object.freeze({
    get: (key) =>
      guarded('read', async () => {
        const entry = await readEntry(await sealer.nameFor(`entry ${key}`), true);
        if (entry === undefined) return undefined;
        const bytes = entry.bytes.slice(prefixLength);
        wipe(entry.bytes);
        return bytes;
      }),
    set: (key, bytes, { expires, group } = {}) =>
      guarded('write', async () => {
        if (bytes.length > maxima.licenseBytes)
          throw new SealwrightError(
            'LIMIT_EXCEEDED',
            `An entry of ${bytes.length} bytes cannot be kept; at most ${maxima.licenseBytes} can.`,
          );
        const name = await sealer.nameFor(`entry ${key}`);
        const prefix = new Uint8Array(prefixLength);
        new DataView(prefix.buffer).setFloat64(0, expires?.getTime() ?? Number.POSITIVE_INFINITY, true);
        if (group !== undefined) prefix.set(await sealer.hash(`group ${group}`), endLength);
        const plaintext = concatBytes([prefix, bytes]);
        const sealed = await sealer.seal(name, plaintext);
        wipe(plaintext);
        await writeWholeFile(join(licenses, name), [sealed], { overwrite: true });
        room = { entries: room.entries - 1, bytes: room.bytes - sealed.length };
        if (--untilScan < 0 || room.entries < 0 || room.bytes < 0) makeRoom();
      }),
    delete: (key) =>
      guarded('write', async () => removeFile(join(licenses, await sealer.nameFor(`entry ${key}`)))),
    deleteGroup: (group) =>
      guarded('write', async () => {
        const wanted = await sealer.hash(`group ${group}`);
        await removeWhere((entry) => equalBytes(entry.group, wanted));
      }),
    purge: (now) => guarded('write', () => removeWhere(({ end }) => end <= now.getTime())),
    clear: () =>
      guarded('write', async () => {
        for (const name of entryNames(licenses)) removeFile(join(licenses, name));
        clock.clear();
      }),
    latestTime: () => guarded('read', () => clock.latest()),
    noteTime: (time) => guarded('write', () => clock.note(time)),
  } satisfies LicenseStore);
}

interface Entry {
  readonly end: number;
  readonly group: Uint8Array;
  /** Everything, the prefix included. */
  readonly bytes: Uint8Array;
}

function positive(value: number, of: string): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new SealwrightError(
    'INVALID_ARGUMENT',
    `A license store cannot keep ${value} ${of}: give a whole number from 1.`,
  );
}
