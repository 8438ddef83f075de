import type { Command } from 'commander';
import type { BulkDatabase, BulkOperation, BulkWork, FileOutcome } from '../../queue/index.ts';
import { carryOut, jsonOption, type Outcome, type OutputOptions } from '../command-action.ts';
import { addExamples } from '../examples-text.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { subjectOf } from '../failure.ts';
import { outcomeLine } from '../folder-run/outcome-line.ts';
import { type ProgressDisplay, startProgressDisplay } from '../folder-run/progress-display.ts';
import { type ProgressKind, progressKinds, readSizes } from '../folder-run/run-options.ts';
import { printable } from '../printable.ts';
import { filesText, numberText } from '../quantity.ts';
import { addServiceOptions, type ServiceOptions } from '../service/service-options.ts';
import { withService } from '../service/with-service.ts';
import { type Session, writeLine } from '../session.ts';
import { parseWholeNumber } from '../time-option.ts';
import { usageError } from '../usage-error.ts';
import { addDatabaseOption, type DatabaseOptions, findRun, withDatabase } from './database-option.ts';
import { watchRuns } from './watch-runs.ts';

interface WorkOptions extends DatabaseOptions, OutputOptions, ServiceOptions {
  readonly root?: string;
  readonly run?: string;
  readonly allow?: string;
  readonly stay?: boolean;
  readonly lease?: string;
  readonly patience?: string;
  readonly jobs?: string;
  readonly threads?: string;
  readonly progress?: ProgressKind;
}

const operations: readonly BulkOperation[] = ['protect', 'reprotect', 'inspect', 'open', 'unprotect'];

/** Failures that are told as they happen; all of them stand in the report of the run. */
const mostTold = 10;

/** `sealwright bulk work`. */
export function addBulkWorkCommand(bulk: Command, session: Session, outcome: Outcome): void {
  const command = bulk
    .command('work')
    .summary('work on submitted runs until nothing is left')
    .description(
      'Works on the runs in the database, beside any number of other workers on any number of machines that see the same storage. Ends when nothing is left to do. Ctrl-C gives back what is held, and nothing is half done; a worker that is killed loses nothing either, others take over after the lease.',
    );
  addDatabaseOption(command)
    .option('--root <folder>', 'where the shared folder is on this machine; by default the current folder')
    .option('--run <id>', 'only this run; by default all of them, in turns')
    .option(
      '--allow <list>',
      'what this worker does with your sign-in: by default protect,reprotect,inspect; open and unprotect only if named',
    )
    .option('--stay', 'wait for new runs when nothing is left')
    .option('--lease <seconds>', 'silence after which others take over; by default 30')
    .option('--patience <seconds>', 'how long to wait for a database that is away; by default 600')
    .option('--jobs <n>', 'files in progress at once; by default what is fastest')
    .option('--threads <n>', 'threads; by default one a processor, 0 for none but the first')
    .option('--progress <how>', `how far the runs are: ${progressKinds.join(', ')}`, 'auto')
    .option(...jsonOption);
  addServiceOptions(command).action((options: WorkOptions) =>
    carryOut(session, outcome, options, () => work(session, options)),
  );
  addExamples(command, [
    [
      'on each machine',
      'sealwright bulk work --root /mnt/share --service https://rms.contoso.com --database postgres://worker@db/sealwright',
    ],
    [
      'as a service that waits for runs, and may remove protection',
      'sealwright bulk work --stay --allow protect,unprotect --root /mnt/share --progress lines',
    ],
  ]);
}

async function work(session: Session, options: WorkOptions): Promise<ExitCode> {
  const sizes = readSizes(options);
  const allowed = allowedOf(options.allow);
  const progress = progressKinds.find((kind) => kind === options.progress);
  if (progress === undefined) throw usageError(`--progress takes one of ${progressKinds.join(', ')}.`);
  const leaseSeconds =
    options.lease === undefined ? undefined : parseWholeNumber(options.lease, '--lease', 3, 3600);
  const patience =
    options.patience === undefined ? 600 : parseWholeNumber(options.patience, '--patience', 0, 1_000_000);
  const { stderr, err } = session;
  const onAway = (away: boolean): void =>
    void stderr.write(
      away
        ? `${err.yellow('The database is away')}: what is in progress goes on, nothing new begins.\n`
        : 'The database is back.\n',
    );
  const start = (service: Parameters<Parameters<typeof withService>[2]>[0]['service']) =>
    withDatabase(
      session,
      options,
      async (database) => {
        const { workOnBulkRuns } = await import('../../queue/index.ts');
        const run = options.run === undefined ? undefined : (await findRun(database, options.run)).id;
        const display = startProgressDisplay(session, progress);
        const watch = watchRuns(database, run, display);
        try {
          const done = await workOnBulkRuns(database, {
            service,
            root: options.root ?? '.',
            run,
            operations: allowed,
            stay: options.stay,
            leaseSeconds,
            patienceSeconds: patience,
            ...sizes,
            signal: session.signal,
            onFile: teller(session, options, display),
            onAway,
          });
          await watch.stop();
          display.stop();
          await summarize(session, database, done);
          return session.signal.aborted
            ? exitCodes.interrupted
            : done.failed > 0
              ? exitCodes.someFailed
              : exitCodes.done;
        } finally {
          await watch.stop();
          display.stop();
        }
      },
      { patience },
    );
  return withService(session, options, ({ service }) => start(service));
}

function allowedOf(text: string | undefined): readonly BulkOperation[] | undefined {
  if (text === undefined) return undefined;
  return text.split(',').map((each) => {
    const operation = operations.find((name) => name === each.trim());
    if (operation !== undefined) return operation;
    throw usageError(`--allow takes a list of ${operations.join(', ')}, not "${text}".`);
  });
}

function teller(
  { stdout, err }: Session,
  options: WorkOptions,
  display: ProgressDisplay,
): (outcome: FileOutcome) => void {
  let told = 0;
  return (outcome) => {
    const { path, status, error } = outcome;
    if (options.json) {
      stdout.write(`${JSON.stringify({ status, ...outcomeLine('protect', outcome) })}\n`);
    }
    if (status !== 'failed' || told >= mostTold) return;
    told += 1;
    const message = error?.message ?? 'failed';
    display.say([`${err.red('error')}: ${subjectOf(message, path, err.bold)}${printable(message)}`]);
  };
}

async function summarize({ stderr, err }: Session, database: BulkDatabase, done: BulkWork): Promise<void> {
  const parts = [
    `${filesText(done.done)} done`,
    ...(done.failed > 0 ? [err.red(`${numberText(done.failed)} failed`)] : []),
    ...(done.skipped > 0 ? [`${numberText(done.skipped)} skipped`] : []),
  ];
  await writeLine(stderr, `${err.bold(parts.join(', '))} by this worker.`);
  if (done.takenBack > 0)
    await writeLine(stderr, err.dim(`Taken over from workers that were lost: ${done.takenBack} batches.`));
  if (done.failed > mostTold)
    await writeLine(
      stderr,
      err.dim(`"sealwright bulk report" names all failures of a run in ${database.label}.`),
    );
}
