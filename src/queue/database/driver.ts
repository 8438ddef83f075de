import { createRequire } from 'node:module';
import { SealwrightError } from '../../errors.ts';
import type { JobQueueClass } from './job-queue.ts';

/** What a statement gave: its rows, and how many it changed. */
export interface SqlResult {
  readonly rows: unknown[];
  readonly rowCount: number | null;
}

/** The members of a connection of `pg` that are used here. */
export interface PgClient {
  query(text: string, values?: readonly unknown[]): Promise<SqlResult>;
  release(destroy?: boolean): void;
  on(event: 'error', listener: (error: Error) => void): unknown;
  removeListener(event: 'error', listener: (error: Error) => void): unknown;
}

/** The members of a pool of connections of `pg` that are used here. */
export interface PgPool {
  connect(): Promise<PgClient>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  end(): Promise<void>;
}

/** Settings of a pool of `pg`. */
export interface PgPoolSettings {
  readonly connectionString: string;
  readonly application_name: string;
  readonly max: number;
  readonly connectionTimeoutMillis: number;
  readonly idleTimeoutMillis: number;
  readonly query_timeout: number;
  readonly keepAlive: boolean;
}

/** The queue and the database driver it brings. */
export interface QueueDriver {
  readonly PgBoss: JobQueueClass;
  readonly createPool: (settings: PgPoolSettings) => PgPool;
}

/**
 * Loads `pg-boss`, and the `pg` that it brings: the one, so that whoever installs the queue installs one package.
 *
 * @throws SealwrightError `SERVICE_UNAVAILABLE` if it is not installed
 */
export async function loadQueueDriver(): Promise<QueueDriver> {
  try {
    const { default: boss } = await import('pg-boss');
    const here = createRequire(import.meta.url ?? __filename);
    const pg: unknown = createRequire(here.resolve('pg-boss'))('pg');
    const { Pool } = pg as { readonly Pool: new (settings: PgPoolSettings) => PgPool };
    return { PgBoss: boss as unknown as JobQueueClass, createPool: (settings) => new Pool(settings) };
  } catch (cause) {
    throw new SealwrightError(
      'SERVICE_UNAVAILABLE',
      'Bulk runs on many machines need the package pg-boss, which is not installed: run "npm install pg-boss@10" (with -g if sealwright was installed with -g).',
      { reason: 'package-missing', cause },
    );
  }
}
