import { type Command, Option } from 'commander';
import { formatW3cLog, type UsageRecord } from '../../authority/index.ts';
import { type AuthorityOptions, addAuthorityOptions, withAuthority } from '../authority-options.ts';
import { carryOut, type Outcome, type OutputOptions } from '../command-action.ts';
import { addExamples } from '../examples-text.ts';
import { type Session, writeText } from '../session.ts';
import { parseTime } from '../time-option.ts';
import { usageError } from '../usage-error.ts';
import { usageTable } from '../usage-table.ts';

const formats = ['table', 'w3c', 'json'] as const;

interface LogOptions extends AuthorityOptions, OutputOptions {
  readonly format?: (typeof formats)[number];
  readonly from?: string;
  readonly until?: string;
}

/** `sealwright log`: who asked for what, and what came of it. */
export function addLogCommand(program: Command, session: Session, outcome: Outcome): void {
  const command = program
    .command('log')
    .summary('show who did what, refusals too')
    .description(
      'Shows the usage log: one row for each request to the authority, refusals included, oldest first. On a terminal it is a table; elsewhere the W3C extended log format (tab-separated), unless --format says otherwise.',
    );
  addAuthorityOptions(command)
    .addOption(new Option('--format <format>', 'how to write it').choices(formats))
    .option('--json', 'the same as --format json: one object a line (spec/cli.md)')
    .option('--from <time>', 'only from then on (2026-01-31, 2026-01-31T17:00Z)')
    .option('--until <time>', 'only until then (2026-01-31 is to the end of that day)')
    .action((options: LogOptions) =>
      carryOut(session, outcome, { json: formatOf(session, options) === 'json' }, async () => {
        const from = options.from === undefined ? undefined : parseTime(options.from, '--from', 'start');
        const until = options.until === undefined ? undefined : parseTime(options.until, '--until', 'end');
        const format = formatOf(session, options);
        if (options.json && format !== 'json') throw usageError('--json and --format exclude each other.');
        await withAuthority(session, options, async (authority) => {
          const records = authority.usageLog({ from, until });
          for await (const text of logText(records, format, session)) {
            session.signal.throwIfAborted();
            await writeText(session.stdout, text);
          }
        });
        return undefined;
      }),
    );
  addExamples(command, [
    ['who did what', 'sealwright log --authority authority'],
    ['for a log analyzer', 'sealwright log --authority authority --format w3c > usage.log'],
    ['refusals only', 'sealwright log --authority authority --json | grep -v \'"result":"Success"\''],
  ]);
}

function formatOf(session: Session, options: LogOptions): (typeof formats)[number] {
  return options.format ?? (options.json ? 'json' : session.out.interactive ? 'table' : 'w3c');
}

/** The log in pieces that end with a line end. */
async function* logText(
  records: AsyncIterable<UsageRecord>,
  format: (typeof formats)[number],
  session: Session,
): AsyncGenerator<string, void, undefined> {
  switch (format) {
    case 'w3c':
      return yield* formatW3cLog(records);
    case 'json':
      for await (const record of records) yield `${JSON.stringify(recordJson(record))}\n`;
      return;
    case 'table':
      for await (const line of usageTable(records, session.out)) yield `${line}\n`;
  }
}

/** A row with every field, absent ones null (spec/cli.md, "log"). */
function recordJson(record: UsageRecord): Readonly<Record<string, unknown>> {
  return {
    time: record.time,
    rowId: record.rowId,
    requestType: record.requestType,
    userId: record.userId,
    result: record.result,
    correlationId: record.correlationId,
    contentId: record.contentId ?? null,
    ownerEmail: record.ownerEmail ?? null,
    issuer: record.issuer ?? null,
    templateId: record.templateId ?? null,
    fileName: record.fileName ?? null,
    datePublished: record.datePublished ?? null,
    clientInfo: record.clientInfo ?? null,
    clientAddress: record.clientAddress ?? null,
    adminAction: record.adminAction ?? null,
    actingAsUser: record.actingAsUser ?? null,
  };
}
