import { setImmediate } from 'node:timers/promises';
import type { SealwrightErrorCode } from '../errors.ts';
import { authorityFileRefusal } from './authority-guard.ts';
import { isAbort, type OutputOptions } from './command-action.ts';
import { combineExitCodes, type ExitCode, exitCodes } from './exit-codes.ts';
import { failureOf, firstSentence, reportFailure, subjectOf } from './failure.ts';
import { type BatchFile, expandInputs } from './input-files.ts';
import { withOptionNames } from './option-names.ts';
import { printable } from './printable.ts';
import { type ProgressBar, startProgressBar } from './progress-bar.ts';
import { countOf } from './quantity.ts';
import { type Session, writeLine } from './session.ts';

/** What came of one file. */
export interface FileReport {
  /** The line with `--json`; `file` comes first. */
  readonly json: Readonly<Record<string, unknown>>;
  /** The same for a person. */
  readonly lines: () => readonly string[];
}

/** What commands that take several files or folders take. */
export interface BatchOptions extends OutputOptions {
  readonly recursive?: boolean;
}

/** The work on one file. */
export type FileWork = (file: BatchFile, bar: ProgressBar) => Promise<FileReport>;

/** What a batch does not touch. */
export interface BatchLimits {
  /** Error codes that, for a file found in a folder rather than named, only mean there is nothing to do. */
  readonly skip: readonly SealwrightErrorCode[];
  /** The folder of the authority: whoever protected its key file could never open anything again. */
  readonly keepOut?: string | undefined;
  /** The work writes no files: what is in a folder is worked on as it is found, however much that is. */
  readonly readOnly?: boolean | undefined;
}

/** Small files are read without waiting: signals and timers get their turn this often. */
const listenEveryMilliseconds = 50;

/** Does the same to every file, one after the other: a failure is reported and does not stop the others. */
export async function runFiles(
  session: Session,
  options: BatchOptions,
  inputs: readonly string[],
  limits: BatchLimits,
  work: FileWork,
): Promise<ExitCode> {
  const codes: ExitCode[] = [];
  let skipped = 0;
  let listened = performance.now();
  const { recursive = false } = options;
  for await (const file of expandInputs(session, inputs, { recursive, asFound: limits.readOnly ?? false })) {
    if (performance.now() - listened > listenEveryMilliseconds) {
      await setImmediate();
      listened = performance.now();
    }
    session.signal.throwIfAborted();
    const code = await runFile(session, options, file, limits, work);
    if (code === undefined) skipped += 1;
    else codes.push(code);
  }
  await summarize(session, codes, skipped);
  return combineExitCodes(codes);
}

/** Works on one file and says what came of it; `undefined` if it was passed over. */
async function runFile(
  session: Session,
  options: BatchOptions,
  file: BatchFile,
  { skip, keepOut }: BatchLimits,
  work: FileWork,
): Promise<ExitCode | undefined> {
  const { stdout, stderr, err } = session;
  const json = options.json === true;
  const refusal = keepOut === undefined ? undefined : await authorityFileRefusal(keepOut, file.path);
  const bar = startProgressBar(session, printable(file.path));
  try {
    if (file.failure !== undefined) throw file.failure;
    if (refusal !== undefined) throw refusal;
    const report = await work(file, bar);
    bar.stop();
    if (json) await writeLine(stdout, JSON.stringify({ file: file.path, ...report.json }));
    else for (const line of report.lines()) await writeLine(stdout, line);
    return exitCodes.done;
  } catch (error) {
    bar.stop();
    if (session.signal.aborted || isAbort(error)) throw error;
    const failure = failureOf(withOptionNames(error, '--out'), session);
    if (!file.found || !(error === refusal || skip.some((code) => code === failure.json.code))) {
      await reportFailure(session, failure, { json, file: file.path });
      return failure.exitCode;
    }
    if (json) await writeLine(stdout, JSON.stringify({ file: file.path, skipped: failure.json }));
    const reason = firstSentence(failure.message, file.path);
    await writeLine(stderr, err.dim(`skipped: ${subjectOf(reason, file.path)}${printable(reason)}`));
    return undefined;
  }
}

async function summarize(session: Session, codes: readonly ExitCode[], skipped: number): Promise<void> {
  if (codes.length + skipped < 2) return;
  const done = codes.filter((code) => code === exitCodes.done).length;
  const failed = codes.length - done;
  const parts = [
    ...(done > 0 ? [`${countOf(done, 'file')} done`] : []),
    ...(failed > 0 ? [session.err.red(`${countOf(failed, 'file')} failed`)] : []),
    ...(skipped > 0 ? [`${countOf(skipped, 'file')} skipped`] : []),
  ];
  await writeLine(session.stderr, `${parts.join(', ')}.`);
}
