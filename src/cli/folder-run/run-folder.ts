import type { BulkOperation, BulkOptions, BulkReport, FileOutcome } from '../../node/index.ts';
import {
  assertReportPlace,
  type FailureGroup,
  failureGroups,
  journalOutcomes,
  type ReportFact,
  reportFormat,
  writeReport,
} from '../../node/index.ts';
import { isAbort, type OutputOptions } from '../command-action.ts';
import { combineExitCodes, type ExitCode, exitCodeOf, exitCodes } from '../exit-codes.ts';
import { failureOf, reportFailure, subjectOf } from '../failure.ts';
import { printable } from '../printable.ts';
import { type Session, writeLine } from '../session.ts';
import { inOrder } from './in-order.ts';
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
  /** What relative times count from: now, or when the run of the journal began. */
  readonly now: Date;
  /** Whether files are told of in the order in which they were found. */
  readonly inOrder?: boolean | undefined;
  /** What a person is told of a file that is done, beside its name. */
  readonly lines?: ((outcome: FileOutcome) => readonly string[]) | undefined;
  /** Carries it out. */
  readonly start: (options: BulkOptions) => Promise<BulkReport>;
}

/** Lines that wait for one before them. */
const mostHeldBack = 1000;

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
  const { now } = run;
  const reports = options.report ?? [];
  const spool = reports.length > 0 && options.journal === undefined ? await createOutcomeSpool() : undefined;
  const display = startProgressDisplay(session, options.progress ?? 'auto');
  const told = listener(session, options, run, display, spool);
  let begun = false;
  try {
    const report = await run
      .start({
        selection: readSelection(options, now),
        ...readSizes(options),
        dryRun: options.dryRun,
        journal: options.journal,
        keepOut: [...run.keepOut, ...(options.journal === undefined ? [] : [options.journal]), ...reports],
        onFile: (outcome) => {
          begun = true;
          return told.onFile(outcome);
        },
        onProgress: (progress) => {
          begun = true;
          display.update(progress);
        },
        // What the journal calls the beginning of the run is what relative times were counted from: see runBeganAt.
        now: () => (begun ? new Date() : now),
        signal,
      })
      .finally(display.stop);
    await told.end();
    // A watch is ended that way, and in order.
    const interrupted = signal.aborted && !report.complete && !options.watch;
    // What earlier sessions did stands in the journal only.
    const outcomes = (): AsyncIterable<FileOutcome> | Iterable<FileOutcome> =>
      options.journal === undefined ? (spool?.read() ?? report.failures) : journalOutcomes(options.journal);
    const failed = await writeReports(session, options, run, report, outcomes);
    const failures = await failuresOf(report, told.failures(), outcomes);
    const summary = {
      failures,
      told: told.count(),
      interrupted,
      journal: options.journal,
      reports: reports.filter((path) => !failed.has(path)),
    };
    for (const line of summaryLines(report, summary, err)) await writeLine(stderr, line);
    if (interrupted) return exitCodes.interrupted;
    const code = exitCodeOfRun(report, failures);
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
  readonly failures: () => ReturnType<ReturnType<typeof failureGroups>['list']>;
  readonly count: () => number;
  /** Tells what was held back. */
  readonly end: () => Promise<void>;
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
  let told = 0;
  const ordered = run.inOrder ? inOrder(mostHeldBack, tell) : undefined;
  const whole = (options.report ?? []).some((path) => reportFormat(path) !== 'html');

  async function tell(outcome: FileOutcome): Promise<void> {
    const { path, status, error } = outcome;
    if (options.json) await writeLine(stdout, JSON.stringify(outcomeLine(run.operation, outcome)));
    if (status === 'failed') {
      groups.add(outcome);
      if (told >= mostTold && !options.list) return;
      told += 1;
      const message = withOptions(error?.message ?? 'failed');
      display.say([`${err.red('error')}: ${subjectOf(message, path, err.bold)}${printable(message)}`]);
    } else if (!options.json) {
      for (const line of personLines(session, options, run, outcome)) await writeLine(stdout, line);
    }
  }

  return {
    failures: groups.list,
    count: () => told,
    async onFile(outcome) {
      if (outcome.status === 'failed' || whole) await spool?.add(outcome);
      await (ordered === undefined ? tell(outcome) : ordered.take(outcome.number, outcome));
    },
    end: async () => ordered?.end(),
  };
}

/** Lets the refusal to replace a file name the options that allow it. */
const withOptions = (message: string): string =>
  message.replace(
    /: allow overwriting, or choose another place\.$/,
    ': add --overwrite to replace it, or choose another place with --out.',
  );

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
  outcomes: () => AsyncIterable<FileOutcome> | Iterable<FileOutcome>,
): Promise<ReadonlyMap<string, ExitCode>> {
  const failed = new Map<string, ExitCode>();
  const facts: ReportFact[] = [
    ...run.facts,
    ...(options.journal === undefined ? [] : [['Journal', options.journal] as const]),
  ];
  for (const path of options.report ?? []) {
    try {
      await writeReport(report, outcomes(), path, { facts });
    } catch (error) {
      const failure = failureOf(error, session);
      failed.set(path, failure.exitCode);
      await reportFailure(session, failure, { json: false });
    }
  }
  return failed;
}

/** The causes of all failures of a run: those of this session, unless there were others. */
async function failuresOf(
  report: BulkReport,
  told: readonly FailureGroup[],
  outcomes: () => AsyncIterable<FileOutcome> | Iterable<FileOutcome>,
): Promise<readonly FailureGroup[]> {
  if (told.reduce((sum, { count }) => sum + count, 0) === report.failed) return told;
  const groups = failureGroups(100, 1);
  for await (const outcome of outcomes()) groups.add(outcome);
  return groups.list();
}

/**
 * 0 if no file failed; the code of the failures if nothing but failures came of the run and all are alike; else 1
 * (spec/cli.md, "Exit codes").
 */
function exitCodeOfRun(report: BulkReport, failures: readonly FailureGroup[]): ExitCode {
  if (report.failed === 0) return exitCodes.done;
  if (report.done + report.skipped > 0) return exitCodes.someFailed;
  return combineExitCodes(failures.map(({ code }) => exitCodeOf(code)));
}
