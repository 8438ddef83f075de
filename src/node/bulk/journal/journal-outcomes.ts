import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { fileError } from '../../file-error.ts';
import type { FileOutcome } from '../outcome.ts';
import { unusable } from './journal-error.ts';
import { journalLines } from './read-journal.ts';

/** Lines that are read at once. */
const atOnce = 1_000;

/**
 * What came of the files of a run, all its sessions together, as its journal tells it; for reports. What is no file, such as a
 * link, is told as the last session saw it.
 *
 * @param path of the journal
 * @throws SealwrightError `JOURNAL_UNUSABLE` if it is damaged or none; `FILE_NOT_FOUND`, `PERMISSION_DENIED`, `IO_FAILED`
 * @see spec/bulk.md, "Journal"
 *
 * @example
 * ```ts
 * import { journalOutcomes } from 'sealwright/node';
 * for await (const { path, status, error } of journalOutcomes('protect.journal'))
 *   if (status === 'failed') console.error(path, error?.code);
 * ```
 */
export async function* journalOutcomes(path: string): AsyncGenerator<FileOutcome, void, undefined> {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw fileError(error, { action: 'read', path });
  }
  try {
    const facts = fstatSync(descriptor);
    if (!facts.isFile()) throw unusable(path, 'it is no file. Name another one.', 'not-a-journal');
    let sessions = 0;
    for (const { line } of journalLines(path, descriptor, facts.size))
      if (line.kind === 'session') sessions++;
    let session = 0;
    let outcomes = 0;
    for (const { line } of journalLines(path, descriptor, facts.size)) {
      if (line.kind === 'session') session++;
      if (line.kind !== 'settled') continue;
      if (line.outcome.number === undefined && session < sessions) continue;
      yield line.outcome;
      // Whoever takes them all must not stop everything else.
      if (++outcomes % atOnce === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    closeSync(descriptor);
  }
}
