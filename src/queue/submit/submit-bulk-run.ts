import { randomUUID } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { resolve } from 'node:path';
import { SealwrightError } from '../../errors.ts';
import type { LicensingService } from '../../licensing/index.ts';
import {
  type BulkRules,
  checkDocumentSettings,
  type FileSelection,
  parseBulkRules,
  resolveRules,
  type TaskSettings,
} from '../../node/bulk/core.ts';
import { parseGuid } from '../../rights/index.ts';
import { type BulkDatabase, type OpenBulkDatabase, openedDatabase } from '../database/bulk-database.ts';
import { schemaName } from '../database/schema.ts';
import { queueOf } from '../run/queue-name.ts';
import { settingsJson } from '../run/settings-json.ts';
import { toSharePath } from '../run/share-paths.ts';
import { type BatchBounds, insertFiles, type NewFile, type Numbered, numberFiles } from './file-rows.ts';
import { listShare } from './list-share.ts';

/** Options of {@link submitBulkRun}. */
export interface SubmitBulkRunOptions {
  /** Folders and files, below the root. */
  readonly inputs: readonly string[];
  /** What is done with each file; it holds no key and no token. `out` must be below the root, too. */
  readonly settings: TaskSettings;
  /** Which files get which template, label or policy instead of those of the settings; the first rule that matches decides. */
  readonly rules?: BulkRules | undefined;
  /** Only for rules that name templates by name: tells their ids. */
  readonly service?: LicensingService | undefined;
  readonly selection?: FileSelection | undefined;
  /** The folder that all workers share, as this machine knows it; by default the current one. */
  readonly root?: string | undefined;
  /** What the run is called in lists; by default what was named. */
  readonly name?: string | undefined;
  /** Paths that are never touched, with what is in them: the authority's folder, for one. */
  readonly keepOut?: readonly string[] | undefined;
  /** Most files and bytes that a worker takes at once; by default 100 files or 256 MiB. */
  readonly batchFiles?: number | undefined;
  readonly batchBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called while files are listed. */
  readonly onListed?: ((files: number) => void) | undefined;
}

/** A run that was submitted. */
export interface SubmittedBulkRun {
  readonly id: string;
  /** Files and bytes that workers will do. */
  readonly files: number;
  readonly bytes: number;
  /** What was passed over while listing, by rules and by what cannot be listed. */
  readonly passedOver: number;
}

/** Files that go into the database with one statement. */
const filesAtOnce = 5_000;
/** Jobs that go into the queue with one statement. */
const jobsAtOnce = 5_000;

/**
 * Lists files and submits a run of them, which any number of workers then carry out.
 *
 * @returns resolves once workers may begin
 * @throws SealwrightError `INVALID_ARGUMENT` for inputs outside of the root, `FILE_NOT_FOUND`, and what the database answers
 * @see spec/queue.md, "Submitting"
 *
 * @example
 * ```ts
 * import { openBulkDatabase, submitBulkRun } from 'sealwright/queue';
 * const database = await openBulkDatabase('postgres://worker@db.contoso.com/sealwright');
 * const { id } = await submitBulkRun(database, {
 *   root: '/mnt/share',
 *   inputs: ['/mnt/share/contracts'],
 *   settings: { operation: 'protect', template: staffOnly.id, inPlace: true },
 * });
 * ```
 */
export async function submitBulkRun(
  database: BulkDatabase,
  options: SubmitBulkRunOptions,
): Promise<SubmittedBulkRun> {
  const opened = openedDatabase(database);
  const root = realpathSync(options.root ?? '.');
  const inputs = options.inputs.map((input) => resolve(input));
  const shared = inputs.map((input) => toSharePath(root, input));
  const settings = sharedSettings(options.settings, root);
  await checkDocumentSettings(settings.documentSettings);
  const id = randomUUID();
  await opened.ask('create a run', () => opened.boss.createQueue(queueOf(id), queueSettings));
  await opened.rows(
    'create a run',
    `INSERT INTO ${schemaName}.run (id, name, state, operation, dry_run, root, out_path, inputs, submitted_by)
     VALUES ($1, $2, 'listing', $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
    [
      id,
      (options.name ?? shared.join(', ')).slice(0, 200),
      settings.operation,
      settings.dryRun ?? false,
      root,
      settings.out ?? null,
      JSON.stringify(shared),
      submitter(),
    ],
  );
  try {
    const listed = await insertListed(opened, id, root, inputs, settings, options);
    await start(opened, id);
    return Object.freeze({ id, ...listed });
  } catch (error) {
    // What was half submitted is nothing that anybody could go on with.
    await opened
      .rows(
        'remove a run',
        `UPDATE ${schemaName}.run SET state = 'cancelled', ended_at = clock_timestamp() WHERE id = $1`,
        [id],
      )
      .catch(() => undefined);
    throw error;
  }
}

async function insertListed(
  database: OpenBulkDatabase,
  run: string,
  root: string,
  inputs: readonly string[],
  settings: TaskSettings,
  options: SubmitBulkRunOptions,
): Promise<Omit<SubmittedBulkRun, 'id'>> {
  const { signal, onListed, batchFiles = 100, batchBytes = 256 * 1024 * 1024 } = options;
  const bounds: BatchBounds = { files: Math.max(1, batchFiles), bytes: Math.max(1, batchBytes) };
  const numbers = settingsTable(database, run);
  const rules = await rulesWithIds(options);
  let at: Numbered = { files: 0, batches: 0 };
  const totals = { files: 0, bytes: 0, passedOver: 0 };
  let waiting: NewFile[] = [];
  const flush = async (): Promise<void> => {
    const numbered = numberFiles(at, waiting, bounds);
    await database.transact('list the files of a run', (transaction) =>
      insertFiles(transaction, run, numbered),
    );
    at = numbered.after;
    waiting = [];
    onListed?.(at.files);
  };
  for await (const file of listShare({ ...options, root, inputs, settings, rules })) {
    signal?.throwIfAborted();
    const { settled } = file;
    if (settled === undefined) {
      totals.files += 1;
      totals.bytes += file.size;
    } else totals.passedOver += 1;
    waiting.push({
      path: file.path,
      below: file.below,
      size: file.size,
      settings: settled === undefined ? await numbers(file.settings) : undefined,
      settled,
    });
    if (waiting.length >= filesAtOnce) await flush();
  }
  if (waiting.length > 0) await flush();
  return totals;
}

/** Workers ask different services for the same template: its id is what they have in common. */
async function rulesWithIds({
  rules,
  service,
  settings,
  signal,
}: SubmitBulkRunOptions): Promise<BulkRules | undefined> {
  if (rules === undefined) return undefined;
  const { operation, policy, template, messagePolicy } = settings;
  if (operation !== 'protect' || [policy, template, messagePolicy].some((each) => each !== undefined)) {
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      'Rules are for protecting, and say themselves which files get what: leave out policy, template or rules.',
    );
  }
  const parsed = parseBulkRules(rules);
  for (const rule of parsed.rules) await checkDocumentSettings(rule.settings);
  const named = parsed.rules.find(
    ({ template }) => template !== undefined && parseGuid(template) === undefined,
  );
  if (named === undefined) return parsed;
  if (service !== undefined) return resolveRules(parsed, service, { signal });
  throw new SealwrightError(
    'INVALID_ARGUMENT',
    `The rules name the template "${named.template}" by its name: name it by its id, or say which service knows it.`,
  );
}

/** Many files share settings: each kind is kept once. */
function settingsTable(
  database: OpenBulkDatabase,
  run: string,
): (settings: TaskSettings) => Promise<number> | number {
  const byObject = new Map<TaskSettings, number>();
  const byText = new Map<string, number>();
  return (settings) => byObject.get(settings) ?? add(settings);

  async function add(settings: TaskSettings): Promise<number> {
    const json = settingsJson(settings);
    const known = byText.get(json);
    const number = known ?? byText.size;
    if (known === undefined) {
      byText.set(json, number);
      await database.rows(
        'list the files of a run',
        `INSERT INTO ${schemaName}.run_settings (run, number, settings) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
        [run, number, json],
      );
    }
    byObject.set(settings, number);
    return number;
  }
}

/** Puts a job for each batch into the queue and lets the workers begin. */
async function start(database: OpenBulkDatabase, run: string): Promise<void> {
  await database.transact('start a run', async ({ rows, db }) => {
    const batches = (await rows(
      `SELECT number, job::text FROM ${schemaName}.batch WHERE run = $1 ORDER BY number`,
      [run],
    )) as readonly { readonly number: number; readonly job: string }[];
    for (let from = 0; from < batches.length; from += jobsAtOnce) {
      const jobs = batches.slice(from, from + jobsAtOnce).map(({ number, job }) => ({
        id: job,
        name: queueOf(run),
        data: { batch: number },
        priority: -number,
      }));
      await database.boss.insert(jobs, { db });
    }
    await rows(
      `UPDATE ${schemaName}.run SET listed_at = clock_timestamp(),
         state = CASE WHEN $2 THEN 'finished' ELSE 'running' END,
         ended_at = CASE WHEN $2 THEN clock_timestamp() END
       WHERE id = $1 AND state = 'listing'`,
      [run, batches.length === 0],
    );
  });
}

/**
 * A batch is given to another worker as often as it takes, and waits as long as it takes: what ends that are limits of
 * ours (spec/queue.md, "Lost workers").
 */
const queueSettings = { retryLimit: 1_000_000, retentionDays: 36_500 };

function sharedSettings(settings: TaskSettings, root: string): TaskSettings {
  const { out } = settings;
  return out === undefined
    ? settings
    : { ...settings, out: toSharePath(root, resolve(out), 'The output folder') };
}

function submitter(): string {
  let user = '';
  try {
    user = `${userInfo().username}@`;
  } catch {
    // A process need not have a name.
  }
  return `${user}${hostname()}`.slice(0, 500);
}
