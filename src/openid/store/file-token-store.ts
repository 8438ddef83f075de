import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { SealwrightError } from '../../errors.ts';
import { lockFile } from './lock-file.ts';
import { storeError, systemCodeOf } from './store-error.ts';
import type { TokenStore } from './token-store.ts';

/** Far more than any sign-in needs. */
const longestStore = 1024 * 1024;

/**
 * Keeps a sign-in in a file that only its owner can read: mode 0600 in a folder that is made with mode 0700. Any number
 * of processes may share it. What it holds is not encrypted (spec/sign-in.md, "Stores").
 *
 * @param path The file; its folder is made if there is none
 * @throws SealwrightError from its members: `PERMISSION_DENIED` (others can read the file, or it cannot be written),
 * `NOT_A_FILE`, `LIMIT_EXCEEDED`, `NO_SPACE`, `IO_FAILED`, `TIMED_OUT` (another process keeps it locked)
 * @example
 * ```ts
 * import { homedir } from 'node:os';
 * import { join } from 'node:path';
 * import { fileTokenStore } from 'sealwright/openid';
 * const store = fileTokenStore(join(homedir(), '.config', 'contoso-app', 'sign-in.json'));
 * ```
 */
export function fileTokenStore(path: string): TokenStore {
  const file = resolve(path);
  const makeFolder = () => mkdir(dirname(file), { recursive: true, mode: 0o700 });

  return {
    async read() {
      try {
        return await readPrivateFile(file);
      } catch (error) {
        if (systemCodeOf(error) === 'ENOENT') return undefined;
        throw storeError(error, 'read', file);
      }
    },
    async write(content) {
      const temporary = `${file}.${randomUUID()}.tmp`;
      try {
        await makeFolder();
        const handle = await open(temporary, 'wx', 0o600);
        try {
          await handle.writeFile(content);
          await handle.sync();
        } finally {
          await handle.close();
        }
        await rename(temporary, file);
      } catch (error) {
        await rm(temporary, { force: true });
        throw storeError(error, 'written', file);
      }
    },
    async clear() {
      try {
        await rm(file, { force: true });
      } catch (error) {
        throw storeError(error, 'removed', file);
      }
    },
    async lock(options = {}) {
      try {
        await makeFolder();
      } catch (error) {
        throw storeError(error, 'written', file);
      }
      return lockFile(`${file}.lock`, options);
    },
  };
}

async function readPrivateFile(path: string): Promise<string> {
  // A link could lead to a file that somebody else prepared.
  const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    const facts = await handle.stat();
    if (!facts.isFile()) {
      throw new SealwrightError('NOT_A_FILE', `${path} is no file, so no sign-in can be kept in it.`, {
        path,
      });
    }
    // Windows keeps who may read a file elsewhere, and shows a mode that means nothing.
    if (process.platform !== 'win32' && (facts.mode & 0o077) !== 0) {
      throw new SealwrightError(
        'PERMISSION_DENIED',
        `${path} holds a sign-in and others can read it: remove it and sign in again, or give it mode 600 if nobody has read it.`,
        { path },
      );
    }
    if (facts.size > longestStore) {
      throw new SealwrightError('LIMIT_EXCEEDED', `${path} is too large for a sign-in: remove it.`, { path });
    }
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}
