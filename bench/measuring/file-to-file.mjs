// What the measurements from file to file have in common: a folder with room and an authority, the turns of everybody who
// is measured, and the tables.
import { rmSync, statfsSync } from 'node:fs';
import { beside, speeds } from '../one-file/report.mjs';
import { forgetFiles, settleDisk, warmFile } from './disk-cache.mjs';
import { libraryEntry } from './library.mjs';
import { runProcesses } from './run-process.mjs';
import { workFolder } from './work-folder.mjs';

/**
 * A folder within `parent` for three files of `size` bytes, with an authority in it. Throws if there is no room.
 *
 * @param names of the plain, the encrypted and the opened file
 */
export async function folderForFiles(parent, size, names) {
  const free = statfsSync(parent);
  if (free.bavail * free.bsize < 3.2 * size) throw new Error(`${parent} has no room for three such files`);
  const { path, at, remove } = workFolder(parent);
  try {
    const { initAuthority } = await libraryEntry('authority/folder');
    await (await initAuthority(at('authority'))).close();
  } catch (error) {
    remove();
    throw error;
  }
  const [plain, encrypted, opened] = names.map(at);
  return { path, remove, authorityFolder: at('authority'), plain, encrypted, opened };
}

/**
 * Turn by turn, each subject there and back, or copying, each time in a process of its own. Cold turns begin with an empty
 * page cache.
 *
 * @param checkOpened called in the first round with the name of the subject when its opened file is there; throws if that
 *   is not the plain one
 * @returns figures by state, work and subject, one for each round
 */
export async function takeTurns({ subjects, states, rounds, size, files, checkOpened }) {
  const { plain, encrypted, opened } = files;
  const results = {};
  const step = async (subject, work, from, to, state, round) => {
    if (state === 'cold') forgetFiles();
    else {
      settleDisk();
      warmFile(from);
    }
    const figures = await runProcesses(subject[work](from, to));
    const key = `${state} ${work} ${subject.name}`;
    results[key] ??= [];
    results[key][round] = figures;
    console.error(`round ${round + 1}: ${key}: ${(size / figures.seconds / 1e6).toFixed(0)} MB/s`);
  };
  for (let round = 0; round < rounds; round++)
    for (const state of states)
      for (const subject of subjects) {
        if (subject.copy) await step(subject, 'copy', plain, opened, state, round);
        else {
          await step(subject, 'encrypt', plain, encrypted, state, round);
          await step(subject, 'decrypt', encrypted, opened, state, round);
        }
        if (round === 0) await checkOpened(subject.name);
        rmSync(opened);
        rmSync(encrypted, { force: true });
      }
  return results;
}

/** Prints who was missing, and for each state the speeds and the comparison. */
export function printTables({ subjects, results, states, size, missing }) {
  if (missing.length > 0) console.log(`Not here, so not measured: ${missing.join('; ')}.`);
  for (const state of states) {
    console.log(`\n${speeds({ subjects, results, state, size })}`);
    const comparison = beside({ subjects, results, state });
    if (comparison) console.log(`\n${comparison}`);
  }
}
