import type { BulkOptions } from '../../node/bulk/bulk-options.ts';
import type { BulkReport } from '../../node/bulk/bulk-report.ts';
import type { FileOutcome } from '../../node/bulk/outcome.ts';
import {
  assertReportPlace,
  failureGroups,
  type ReportFact,
  reportFormat,
  writeReport,
} from '../../node/bulk/report/index.ts';
import type { BulkOperation } from '../../node/bulk/task.ts';
import { isAbort, type OutputOptions } from '../command-action.ts';
import { combineExitCodes, type ExitCode, exitCodeOf, exitCodes } from '../exit-codes.ts';
import { failureOf, reportFailure, subjectOf } from '../failure.ts';
import { printable } from '../printable.ts';
import { type Session, writeLine } from '../session.ts';
import { outcomeLine, skipMessage } from './outcome-line.ts';
import { createOutcomeSpool, type OutcomeSpool } from './outcome-spool.ts';
import { type ProgressDisplay, startProgressDisplay } from './progress-display.ts';
import { checkRunOptions, type RunOptions, readSizes } from './run-options.ts';
import { summaryLines } from './run-summary.ts';
import { readSelection, type SelectionOptions } from './selection-options.ts';

/** The options of a command that can run over many files. */
export interface FolderOptions extends OutputOptions, RunOptions, SelectionOptions {
  readonly recursive?: boolean;
}

/** A run over many files. */
export interface FolderRun {
  readonly operation: BulkOperation;
  /** Paths that are never touched. */
  readonly keepOut: readonly string[];
  /** What reports say of it. */
  readonly facts: readonly ReportFact[];
  /** What a person is told of a file that is done, beside its name. */
  readonly lines?: ((outcome: FileOutcome) => readonly string[]) | undefined;
  /** Carries it out. */
  readonly start: (options: BulkOptions) => Promise<BulkReport>;
}

/** Failures that are told as they happen; the others are counted, and stand in the reports. */
const mostTold = 10;

/** Checks what can be checked before anything is asked or unlocked. */
export async function checkFolderOptions(options: FolderOptions): Promise<void> {
  checkRunOptions(options);
  readSizes(options);
  readSelection(options);
  for (const path of options.report ?? []) await assertReportPlace(path);
}

/** Carries out a run over many files, shows how it goes, and writes its reports. */
export async function runFolder(session: Session, options: FolderOptions, run: FolderRun): Promise<ExitCode> {
  const { stderr, err, signal } = session;
  const reports = options.report ?? [];
  const spool = reports.length > 0 ? await createOutcomeSpool() : undefined;
  const display = startProgressDisplay(session, options.progress ?? 'auto');
  const told = listener(session, options, run, display, spool);
  try {
    const report = await run
      .start({
        selection: readSelection(options),
        ...readSizes(options),
        dryRun: options.dryRun,
        journal: options.journal,
        keepOut: [...run.keepOut, ...(options.journal === undefined ? [] : [options.journal]), ...reports],
        onFile: told.onFile,
        onProgress: display.update,
        signal,
      })
      .finally(display.stop);
    const interrupted = signal.aborted;
    const failed = await writeReports(session, options, run, report, spool);
    const summary = {
      failures: told.failures(),
      told: told.count(),
      interrupted,
      journal: options.journal,
      reports: reports.filter((path) => !failed.has(path)),
    };
    for (const line of summaryLines(report, summary, err)) await writeLine(stderr, line);
    if (interrupted) return exitCodes.interrupted;
    const code = exitCodeOfRun(report, told.codes());
    return code === exitCodes.done ? ([...failed.values()][0] ?? code) : code;
  } catch (error) {
    if (signal.aborted || isAbort(error)) {
      await writeLine(
        stderr,
        `${err.yellow('Interrupted.')} What is done stays done; the same command again goes on from there.`,
      );
    }
    throw error;
  } finally {
    display.stop();
    await spool?.remove();
  }
}

interface Listener {
  readonly onFile: (outcome: FileOutcome) => Promise<void> | void;
  /** Exit codes of the failures, each once. */
  readonly codes: () => ReadonlySet<ExitCode>;
  readonly failures: () => ReturnType<ReturnType<typeof failureGroups>['list']>;
  readonly count: () => number;
}

function listener(
  session: Session,
  options: FolderOptions,
  run: FolderRun,
  display: ProgressDisplay,
  spool: OutcomeSpool | undefined,
): Listener {
  const { stdout, err } = session;
  const groups = failureGroups(100, 1);
  const codes = new Set<ExitCode>();
  let told = 0;
  const whole = (options.report ?? []).some((path) => reportFormat(path) !== 'html');
  return {
    codes: () => codes,
    failures: groups.list,
    count: () => told,
    async onFile(outcome) {
      const { path, status, error } = outcome;
      if (status === 'failed' || whole) await spool?.add(outcome);
      if (options.json) await writeLine(stdout, JSON.stringify(outcomeLine(run.operation, outcome)));
      if (status === 'failed') {
        groups.add(outcome);
        codes.add(exitCodeOf(error?.code ?? 'IO_FAILED'));
        if (told >= mostTold && !options.list) return;
        told += 1;
        const message = error?.message ?? 'failed';
        display.say([`${err.red('error')}: ${subjectOf(message, path, err.bold)}${printable(message)}`]);
      } else if (!options.json) {
        for (const line of personLines(session, options, run, outcome)) await writeLine(stdout, line);
      } else if (status === 'skipped' && options.list) {
        display.say([err.dim(`skipped: ${printable(skipMessage(outcome))}`)]);
      }
    },
  };
}

function personLines(
  { out }: Session,
  options: FolderOptions,
  run: FolderRun,
  outcome: FileOutcome,
): readonly string[] {
  const { path, status, output } = outcome;
  if (status === 'done' && run.lines !== undefined) return run.lines(outcome);
  if (!options.list) return [];
  if (status === 'skipped') return [out.dim(`skipped: ${printable(skipMessage(outcome))}`)];
  const target = output === undefined ? '' : ` ${out.dim('->')} ${out.bold(printable(output))}`;
  return [`${out.green('done')}: ${printable(path)}${target}`];
}

/** Writes the reports; gives the exit codes of those that could not be written. */
async function writeReports(
  session: Session,
  options: FolderOptions,
  run: FolderRun,
  report: BulkReport,
  spool: OutcomeSpool | undefined,
): Promise<ReadonlyMap<string, ExitCode>> {
  const failed = new Map<string, ExitCode>();
  const facts: ReportFact[] = [
    ...run.facts,
    ...(options.journal === undefined ? [] : [['Journal', options.journal] as const]),
  ];
  for (const path of options.report ?? []) {
    try {
      await writeReport(report, spool?.read() ?? report.failures, path, { facts });
    } catch (error) {
      const failure = failureOf(error, session);
      failed.set(path, failure.exitCode);
      await reportFailure(session, failure, { json: false });
    }
  }
  return failed;
}

/**
 * 0 if no file failed; the code of the failures if nothing but failures came of the run and all are alike; else 1
 * (spec/cli.md, "Exit codes").
 */
function exitCodeOfRun(report: BulkReport, codes: ReadonlySet<ExitCode>): ExitCode {
  if (report.failed === 0) return exitCodes.done;
  if (report.done + report.skipped > 0) return exitCodes.someFailed;
  return combineExitCodes([...codes]);
}
