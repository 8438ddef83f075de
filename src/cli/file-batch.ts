import { isAbort, type OutputOptions } from './command-action.ts';
import { combineExitCodes, type ExitCode, exitCodes } from './exit-codes.ts';
import { failureOf, reportFailure } from './failure.ts';
import { type BatchFile, expandInputs } from './input-files.ts';
import { printable } from './printable.ts';
import { type ProgressBar, startProgressBar } from './progress-bar.ts';
import { countOf } from './quantity.ts';
import { type Session, writeLine } from './session.ts';

/** What came of one file. */
export interface FileReport {
  /** The line with `--json`; `file` comes first. */
  readonly json: Readonly<Record<string, unknown>>;
  /** The same for a person. */
  readonly lines: readonly string[];
}

/** What commands that take several files or folders take. */
export interface BatchOptions extends OutputOptions {
  readonly recursive?: boolean;
}

/** The work on one file. */
export type FileWork = (file: BatchFile, bar: ProgressBar) => Promise<FileReport>;

/**
 * Does the same to every file, one after the other: a failure is reported and does not stop the others.
 *
 * @param skip error codes that, for a file found in a folder rather than named, only mean there is nothing to do
 */
export async function runFiles(
  session: Session,
  options: BatchOptions,
  inputs: readonly string[],
  skip: readonly string[],
  work: FileWork,
): Promise<ExitCode> {
  const codes: ExitCode[] = [];
  let skipped = 0;
  for await (const file of expandInputs(session, inputs, options.recursive === true)) {
    session.signal.throwIfAborted();
    const bar = startProgressBar(session, printable(file.path));
    try {
      if (file.failure !== undefined) throw file.failure;
      const report = await work(file, bar);
      bar.stop();
      codes.push(exitCodes.done);
      if (options.json) await writeLine(session.stdout, JSON.stringify({ file: file.path, ...report.json }));
      else for (const line of report.lines) await writeLine(session.stdout, line);
    } catch (error) {
      bar.stop();
      if (session.signal.aborted || isAbort(error)) throw error;
      const failure = failureOf(error, session);
      if (file.found && skip.includes(String(failure.json.code))) {
        skipped += 1;
        if (options.json) {
          await writeLine(session.stdout, JSON.stringify({ file: file.path, skipped: failure.json }));
        } else await writeLine(session.stderr, session.err.dim(`skipped: ${printable(failure.message)}`));
        continue;
      }
      codes.push(failure.exitCode);
      await reportFailure(session, failure, { json: options.json === true, file: file.path });
    }
  }
  await summarize(session, codes, skipped);
  return combineExitCodes(codes);
}

async function summarize(session: Session, codes: readonly ExitCode[], skipped: number): Promise<void> {
  if (codes.length + skipped < 2) return;
  const done = codes.filter((code) => code === exitCodes.done).length;
  const failed = codes.length - done;
  const parts = [
    `${countOf(done, 'file')} done`,
    ...(failed > 0 ? [session.err.red(`${failed} failed`)] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ];
  await writeLine(session.stderr, `${parts.join(', ')}.`);
}
