import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import type { BulkDatabase, BulkRun } from '../../queue/index.ts';
import { carryOut, jsonOption, type Outcome, type OutputOptions } from '../command-action.ts';
import { addExamples } from '../examples-text.ts';
import { parseAge } from '../folder-run/age-option.ts';
import { startProgressDisplay } from '../folder-run/progress-display.ts';
import { countOf, filesText } from '../quantity.ts';
import { type Session, writeLine } from '../session.ts';
import { usageError } from '../usage-error.ts';
import { addDatabaseOption, type DatabaseOptions, findRun, withDatabase } from './database-option.ts';
import { progressOf, runJson, runRows, stateText, statusJson, statusLines } from './run-text.ts';

interface ControlOptions extends DatabaseOptions, OutputOptions {}

interface StatusOptions extends ControlOptions {
  readonly wait?: boolean;
}

interface RemoveOptions extends ControlOptions {
  readonly older?: string;
}

/** `sealwright bulk status`. */
export function addBulkStatusCommand(bulk: Command, session: Session, outcome: Outcome): void {
  const command = bulk
    .command('status')
    .argument('[run]', 'id of the run, or the beginning of it; by default the newest')
    .summary('how far a run is, and who works on it')
    .description('Says how far a run is, how fast it goes, and which workers are at it.');
  addDatabaseOption(command)
    .option('--wait', 'show progress until the run has ended')
    .option(...jsonOption)
    .action((id: string | undefined, options: StatusOptions) =>
      carryOut(session, outcome, options, () =>
        withDatabase(session, options, async (database) => {
          const { bulkRunStatus } = await import('../../queue/index.ts');
          const run = await findRun(database, id);
          if (options.wait) await waitFor(session, database, run);
          const status = await bulkRunStatus(database, run.id);
          const lines = options.json
            ? [JSON.stringify(statusJson(status))]
            : statusLines(status, session.out);
          for (const line of lines) await writeLine(session.stdout, line);
          return undefined;
        }),
      ),
    );
  addExamples(command, [['the newest run, until it has ended', 'sealwright bulk status --wait']]);
}

async function waitFor(session: Session, database: BulkDatabase, { id }: BulkRun): Promise<void> {
  const { bulkRunStatus } = await import('../../queue/index.ts');
  const display = startProgressDisplay(session, 'auto');
  try {
    for (;;) {
      const status = await bulkRunStatus(database, id);
      display.update(progressOf(status));
      if (status.run.state === 'finished' || status.run.state === 'cancelled') return;
      await delay(1_000, undefined, { signal: session.signal });
    }
  } finally {
    display.stop();
  }
}

/** `sealwright bulk list`. */
export function addBulkListCommand(bulk: Command, session: Session, outcome: Outcome): void {
  const command = bulk
    .command('list')
    .summary('all runs, the newest first')
    .description('Lists the runs in the database, the newest first. With --json, one object a line.');
  addDatabaseOption(command)
    .option(...jsonOption)
    .action((options: ControlOptions) =>
      carryOut(session, outcome, options, () =>
        withDatabase(session, options, async (database) => {
          const { listBulkRuns } = await import('../../queue/index.ts');
          const { stdout, stderr, out } = session;
          const runs = await listBulkRuns(database);
          if (options.json) {
            for (const run of runs) await writeLine(stdout, JSON.stringify(runJson(run)));
          } else if (runs.length > 0) {
            for (const line of runRows(runs, out)) await writeLine(stdout, line);
          } else await writeLine(stderr, 'No runs yet. Submit one with "sealwright bulk submit".');
          return undefined;
        }),
      ),
    );
}

/** `sealwright bulk pause`, `resume`, `cancel`, `retry`. */
export function addBulkControlCommands(bulk: Command, session: Session, outcome: Outcome): void {
  const add = (
    name: string,
    summary: string,
    description: string,
    work: (database: BulkDatabase, id: string) => Promise<{ readonly run: BulkRun; readonly says: string }>,
  ): void => {
    const command = bulk
      .command(name)
      .argument('<run>', 'id of the run, or the beginning of it')
      .summary(summary)
      .description(description);
    addDatabaseOption(command)
      .option(...jsonOption)
      .action((id: string, options: ControlOptions) =>
        carryOut(session, outcome, options, () =>
          withDatabase(session, options, async (database) => {
            const { stdout, out } = session;
            const { run, says } = await work(database, (await findRun(database, id)).id);
            const text = `${out.bold(run.id)} is ${stateText(run.state, out)}${says}`;
            await writeLine(stdout, options.json ? JSON.stringify(runJson(run)) : text);
            return undefined;
          }),
        ),
      );
  };
  add(
    'pause',
    'let workers begin nothing more of a run',
    'Pauses a run: workers finish the files at hand, within some seconds, and begin nothing more of it.',
    async (database, id) => ({
      run: await (await import('../../queue/index.ts')).pauseBulkRun(database, id),
      says: ': workers finish the files at hand.',
    }),
  );
  add('resume', 'let a paused run go on', 'Lets a paused run go on.', async (database, id) => ({
    run: await (await import('../../queue/index.ts')).resumeBulkRun(database, id),
    says: '.',
  }));
  add(
    'cancel',
    'end a run for good',
    'Ends a run for good: workers finish the files at hand and begin no others. What is done stays done.',
    async (database, id) => ({
      run: await (await import('../../queue/index.ts')).cancelBulkRun(database, id),
      says: ': what is done stays done.',
    }),
  );
  add(
    'retry',
    'do the failed files of a run once more',
    'Has the failed files of a run done once more. A finished run goes on with them.',
    async (database, id) => {
      const { run, files } = await (await import('../../queue/index.ts')).retryFailedFiles(database, id);
      return { run, says: files === 0 ? ': no file failed.' : `: ${filesText(files)} will be tried again.` };
    },
  );
}

/** `sealwright bulk remove`. */
export function addBulkRemoveCommand(bulk: Command, session: Session, outcome: Outcome): void {
  const command = bulk
    .command('remove')
    .argument('[run]', 'id of the run, or the beginning of it')
    .summary('forget runs that have ended')
    .description('Forgets a run that has ended, or all that ended some time ago. No file is touched.');
  addDatabaseOption(command)
    .option('--older <age>', 'all that ended longer ago than this: 30d, 8w')
    .option(...jsonOption)
    .action((id: string | undefined, options: RemoveOptions) =>
      carryOut(session, outcome, options, () =>
        withDatabase(session, options, async (database) => {
          if ((id === undefined) === (options.older === undefined)) {
            throw usageError('Which runs are to be forgotten? Name one, or say --older 30d.');
          }
          const { removeBulkRun, removeBulkRuns } = await import('../../queue/index.ts');
          let removed = 1;
          if (id !== undefined) await removeBulkRun(database, (await findRun(database, id)).id);
          else removed = await removeBulkRuns(database, parseAge(options.older ?? '', '--older'));
          const text = `${countOf(removed, 'run')} removed.`;
          await writeLine(session.stdout, options.json ? JSON.stringify({ removed }) : text);
          return undefined;
        }),
      ),
    );
}
