import type { Command } from 'commander';
import type { BulkDatabase, BulkRun } from '../../queue/index.ts';
import { type Session, writeLine } from '../session.ts';
import { usageError } from '../usage-error.ts';

/** Where the runs are that several machines share. */
export interface DatabaseOptions {
  readonly database?: string;
}

/** Adds `--database`. */
export function addDatabaseOption(command: Command): Command {
  return command.option(
    '--database <url>',
    'the PostgreSQL database that holds the runs, as postgres://user@host/database [SEALWRIGHT_DATABASE, DATABASE_URL]',
  );
}

/** What it takes to wait for a database that is away. */
export interface DatabaseWait {
  /** Seconds; by default none. */
  readonly patience?: number | undefined;
  readonly onAway?: ((away: boolean) => void) | undefined;
}

/** Opens the database for the time of `work`. */
export async function withDatabase<T>(
  session: Session,
  options: DatabaseOptions,
  work: (database: BulkDatabase) => Promise<T>,
  { patience, onAway }: DatabaseWait = {},
): Promise<T> {
  const url = databaseUrl(session, options);
  await warnOfPassword(session, options);
  // What it takes to ask a database is loaded by nobody who has none.
  const { openBulkDatabase } = await import('../../queue/index.ts');
  const database = await openBulkDatabase(url, {
    patienceSeconds: patience,
    onAway,
    signal: session.signal,
  });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** The address of the database, from the command line or the environment. */
export function databaseUrl({ env }: Session, { database }: DatabaseOptions): string {
  const url = database ?? (env.SEALWRIGHT_DATABASE || env.DATABASE_URL || undefined);
  if (url) return url;
  throw usageError(
    'Which database? Add --database postgres://user@host/database, or set SEALWRIGHT_DATABASE. A password goes into PGPASSWORD or ~/.pgpass.',
  );
}

/** Whoever lists the processes of a machine reads its command lines, too. */
async function warnOfPassword({ stderr, err }: Session, { database }: DatabaseOptions): Promise<void> {
  if (database === undefined || !/^[a-z]+:\/\/[^/?#@]*:[^/?#@]+@|[?&]password=/i.test(database)) return;
  await writeLine(
    stderr,
    `${err.yellow('warning')}: other users of this machine can see the password in --database: set SEALWRIGHT_DATABASE instead, or use PGPASSWORD or ~/.pgpass.`,
  );
}

/** The run that was meant: its id, the beginning of it, or without any the newest. */
export async function findRun(database: BulkDatabase, text: string | undefined): Promise<BulkRun> {
  const { listBulkRuns } = await import('../../queue/index.ts');
  const runs = await listBulkRuns(database);
  if (text === undefined) {
    const [newest] = runs;
    if (newest !== undefined) return newest;
    throw usageError(`There are no runs in ${database.label} yet. Submit one with "sealwright bulk submit".`);
  }
  const wanted = text.trim().toLowerCase();
  const found = wanted.length < 4 ? [] : runs.filter(({ id }) => id.startsWith(wanted));
  if (found.length === 1 && found[0] !== undefined) return found[0];
  throw usageError(
    found.length > 1
      ? `${found.length} runs begin with ${wanted}: type more of the id.`
      : `There is no run "${text}" in ${database.label}: "sealwright bulk list" shows which there are. The first characters of an id are enough, at least four.`,
  );
}
