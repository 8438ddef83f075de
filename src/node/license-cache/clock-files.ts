import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { encodeHex } from '../../bytes/index.ts';
import { systemRandomBytes } from '../../rights/index.ts';
import { systemCodeOf } from '../file-error.ts';
import { writeWholeFile } from '../write-whole-file.ts';
import { removeDamaged, removeFile } from './entry-files.ts';
import { readSmallFile } from './read-small-file.ts';
import { type FileSealer, sealLength } from './sealed-file.ts';

/** The latest time that any process noted in a folder. */
export interface ClockFiles {
  latest(): Promise<Date | undefined>;
  note(time: Date): Promise<void>;
  clear(): void;
}

/** Steps below this are not written. */
const step = 60_000;
const attempts = 20;
const fileName = /^[0-9a-f]{32}$/;

/**
 * Each time stands in a file of its own that nobody changes any more; the latest file counts. Whoever writes a later one
 * removes those it has read. So nobody needs a lock, and no process can take back what another one noted.
 */
export function clockFiles(folder: string, sealer: FileSealer): ClockFiles {
  let known = new Map<string, number>();

  async function read(): Promise<number | undefined> {
    for (let turn = 0; ; turn++) {
      const found = new Map<string, number>();
      let vanished = false;
      for (const name of readdirSync(folder).filter((each) => fileName.test(each))) {
        const time = known.get(name) ?? (await readTime(name));
        if (typeof time === 'number') found.set(name, time);
        else if (time === 'gone') vanished = true;
        else removeDamaged(join(folder, name));
      }
      known = found;
      // Somebody wrote a later time and removed this one after the folder was listed: list it again.
      if (!vanished || turn === attempts) return found.size === 0 ? undefined : Math.max(...found.values());
    }
  }

  async function readTime(name: string): Promise<number | 'gone' | 'damaged'> {
    let sealed: Uint8Array | undefined;
    try {
      sealed = readSmallFile(join(folder, name), sealLength + 8)?.bytes;
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') return 'gone';
      if (systemCodeOf(error) !== 'ELOOP') throw error;
    }
    const bytes = sealed && (await sealer.unseal(name, sealed));
    if (bytes?.length !== 8) return 'damaged';
    const time = new DataView(bytes.buffer).getFloat64(0, true);
    return Number.isNaN(new Date(time).getTime()) ? 'damaged' : time;
  }

  return {
    async latest() {
      const time = await read();
      return time === undefined ? undefined : new Date(time);
    },
    async note(time) {
      const latest = await read();
      if (latest !== undefined && time.getTime() < latest + step) return;
      const earlier = [...known.keys()];
      const bytes = new Uint8Array(8);
      new DataView(bytes.buffer).setFloat64(0, time.getTime(), true);
      const name = encodeHex(systemRandomBytes(16));
      await writeWholeFile(join(folder, name), [await sealer.seal(name, bytes)]);
      for (const each of earlier) removeFile(join(folder, each));
    },
    clear() {
      for (const name of readdirSync(folder)) if (fileName.test(name)) removeFile(join(folder, name));
    },
  };
}
