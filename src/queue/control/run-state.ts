import { SealwrightError } from '../../errors.ts';
import { type BulkDatabase, openedDatabase, type Transaction } from '../database/bulk-database.ts';
import { schemaName } from '../database/schema.ts';
import {
  type BulkRun,
  type BulkRunState,
  checkRunId,
  readRun,
  runColumns,
  runNotFound,
} from '../run/bulk-run.ts';

/**
 * Pauses a run: workers finish the files at hand, give back the rest, and begin nothing more of it.
 *
 * @throws SealwrightError `INVALID_ARGUMENT` if there is no such run, or it has ended
 * @see spec/queue.md, "States"
 */
export function pauseBulkRun(database: BulkDatabase, id: string): Promise<BulkRun> {
  return change(database, id, ['running', 'paused'], 'be paused', async ({ rows }, run) => {
    await rows(
      `UPDATE ${schemaName}.run SET state = 'paused', paused_at = clock_timestamp() WHERE id = $1 AND state = 'running'`,
      [run.id],
    );
  });
}

/**
 * Lets a paused run go on.
 *
 * @throws SealwrightError `INVALID_ARGUMENT` if there is no such run, or it has ended
 * @see spec/queue.md, "States"
 */
export function resumeBulkRun(database: BulkDatabase, id: string): Promise<BulkRun> {
  return change(database, id, ['running', 'paused'], 'be resumed', async ({ rows }, run) => {
    await rows(
      `UPDATE ${schemaName}.run SET state = 'running', paused_at = NULL,
         paused_for = paused_for + coalesce(clock_timestamp() - paused_at, '0')
       WHERE id = $1 AND state = 'paused'`,
      [run.id],
    );
  });
}

/**
 * Ends a run for good: workers finish the files at hand and begin no others. What is done stays done.
 *
 * @throws SealwrightError `INVALID_ARGUMENT` if there is no such run, or it has finished
 * @see spec/queue.md, "States"
 */
export function cancelBulkRun(database: BulkDatabase, id: string): Promise<BulkRun> {
  return change(
    database,
    id,
    ['listing', 'running', 'paused', 'cancelled'],
    'be cancelled',
    async ({ rows }, run) => {
      await rows(
        `UPDATE ${schemaName}.run SET state = 'cancelled', ended_at = clock_timestamp() WHERE id = $1 AND state <> 'cancelled'`,
        [run.id],
      );
    },
  );
}

/** Changes a run that is in one of `states`; gives it as it is afterwards. */
export async function change(
  database: BulkDatabase,
  id: string,
  states: readonly BulkRunState[],
  what: string,
  work: (transaction: Transaction, run: BulkRun) => Promise<void>,
): Promise<BulkRun> {
  const opened = openedDatabase(database);
  const checked = checkRunId(id);
  return opened.transact('change a run', async (transaction) => {
    const select = `SELECT ${runColumns} FROM ${schemaName}.run WHERE id = $1`;
    const [row] = await transaction.rows(`${select} FOR UPDATE`, [checked]);
    if (row === undefined) throw runNotFound(checked, opened.label);
    const run = readRun(row);
    if (!states.includes(run.state)) {
      throw new SealwrightError(
        'INVALID_ARGUMENT',
        `The run ${checked} is ${run.state} and cannot ${what}: submit its folder anew if there is more to do.`,
        { reason: `run-${run.state}` },
      );
    }
    await work(transaction, run);
    const [after] = await transaction.rows(select, [checked]);
    return readRun(after);
  });
}
