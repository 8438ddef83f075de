import type { Command } from 'commander';
import { assertReportPlace, failureGroups, reportFormat, writeReport } from '../../node/index.ts';
import { carryOut, jsonOption, type Outcome, type OutputOptions } from '../command-action.ts';
import { addExamples } from '../examples-text.ts';
import { outcomeLine } from '../folder-run/outcome-line.ts';
import { summaryLines } from '../folder-run/run-summary.ts';
import { collect } from '../repeatable-option.ts';
import { type Session, writeLine } from '../session.ts';
import { addDatabaseOption, type DatabaseOptions, findRun, withDatabase } from './database-option.ts';

interface ReportOptions extends DatabaseOptions, OutputOptions {
  readonly report?: readonly string[];
  readonly root?: string;
}

/** `sealwright bulk report`. */
export function addBulkReportCommand(bulk: Command, session: Session, outcome: Outcome): void {
  const command = bulk
    .command('report')
    .argument('[run]', 'id of the run, or the beginning of it; by default the newest')
    .summary('how a run went: a summary, and reports to keep')
    .description(
      'Says how a run went, and writes reports of it. With --json, what came of each file, one a line, and the counts at the end.',
    );
  addDatabaseOption(command)
    .option('--report <file>', 'write a report: .html for people, .csv, .json (repeatable)', collect)
    .option('--root <folder>', 'where the shared folder is on this machine, for the paths')
    .option(...jsonOption)
    .action((id: string | undefined, options: ReportOptions) =>
      carryOut(session, outcome, options, () =>
        withDatabase(session, options, async (database) => {
          const { bulkRunOutcomes, bulkRunReport } = await import('../../queue/index.ts');
          const { stdout, stderr, out } = session;
          const paths = options.report ?? [];
          for (const path of paths) await assertReportPlace(path);
          const run = await findRun(database, id);
          const place = { root: options.root };
          const report = await bulkRunReport(database, run.id, place);
          for (const path of paths) {
            const failedOnly = reportFormat(path) === 'html';
            const facts = [['Run', run.id] as const, ['Submitted by', run.submittedBy] as const];
            await writeReport(report, bulkRunOutcomes(database, run.id, { ...place, failedOnly }), path, {
              facts,
            });
          }
          if (options.json) {
            for await (const each of bulkRunOutcomes(database, run.id, place)) {
              await writeLine(
                stdout,
                JSON.stringify({ status: each.status, ...outcomeLine(run.operation, each) }),
              );
            }
            await writeLine(stdout, JSON.stringify({ run: run.id, report }));
            return undefined;
          }
          const groups = failureGroups(100, 1);
          for await (const each of bulkRunOutcomes(database, run.id, { ...place, failedOnly: true }))
            groups.add(each);
          const facts = {
            failures: groups.list(),
            told: 0,
            interrupted: false,
            journal: undefined,
            reports: paths,
          };
          for (const line of summaryLines(report, facts, out)) await writeLine(stdout, line);
          if (!report.complete)
            await writeLine(stderr, `The run is ${run.state}: this is not all of it yet.`);
          return undefined;
        }),
      ),
    );
  addExamples(command, [
    [
      'a page for a manager, and all files as a table',
      'sealwright bulk report 0b6c2f1e --report run.html --report run.csv',
    ],
  ]);
}
