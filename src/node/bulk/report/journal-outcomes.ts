import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { fileError } from '../../file-error.ts';
import { readLine } from '../journal/journal-line.ts';
import { scanLines } from '../journal/scan-lines.ts';
import type { FileOutcome } from '../outcome.ts';

/** Lines after which signals and timers get their turn. */
const linesAtOnce = 2_000;

/**
 * What came of each file of a run, all its sessions together, as its journal says: for reports of runs that were
 * resumed. What is no file, such as a link, is told of by each session anew; that of the last one counts.
 *
 * @param path the journal, of a run that has ended
 * @throws SealwrightError `FILE_NOT_FOUND`, `PERMISSION_DENIED`, `IO_FAILED`
 * @example
 * ```ts
 * import { journalOutcomes } from 'sealwright/node';
 * for await (const { path, status } of journalOutcomes('protect.journal')) console.log(status, path);
 * ```
 */
export async function* journalOutcomes(path: string): AsyncGenerator<FileOutcome, void, undefined> {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const { size } = fstatSync(descriptor);
    let lastSession = 0;
    for await (const { offset, text } of withPauses(scanLines(descriptor, size)))
      if (text?.startsWith('{"session"')) lastSession = offset;
    for await (const { offset, text } of withPauses(scanLines(descriptor, size))) {
      if (text?.startsWith('{"settled"') !== true) continue;
      const line = readLine(text);
      if (line?.kind !== 'settled') continue;
      if (line.outcome.number !== undefined || offset > lastSession) yield line.outcome;
    }
  } catch (error) {
    throw fileError(error, { action: 'read', path });
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

async function* withPauses<Line>(lines: Iterable<Line>): AsyncGenerator<Line, void, undefined> {
  let count = 0;
  for (const line of lines) {
    if (++count % linesAtOnce === 0) await setImmediate();
    yield line;
  }
}
