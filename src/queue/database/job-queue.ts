/** A transaction as `pg-boss` takes one. */
export interface QueueConnection {
  executeSql(text: string, values: unknown[]): Promise<{ rows: unknown[] }>;
}

interface Within {
  readonly db: QueueConnection;
}

/** A job for a batch of files. */
export interface NewJob {
  readonly id: string;
  readonly name: string;
  readonly data: object;
  readonly priority: number;
}

/**
 * The members of `pg-boss` that are used here, as its version 10 has them: its own types leave out that several jobs
 * end within a transaction.
 */
export interface JobQueue {
  start(): Promise<unknown>;
  createQueue(name: string, options: object): Promise<void>;
  deleteQueue(name: string): Promise<void>;
  insert(jobs: readonly NewJob[], options: Within): Promise<unknown>;
  fetch(
    name: string,
    options: Within & { readonly batchSize: number },
  ): Promise<readonly { readonly id: string }[]>;
  complete(name: string, ids: readonly string[], data: object, options: Within): Promise<unknown>;
  fail(name: string, ids: readonly string[], data: object, options: Within): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** The members of its class. */
export interface JobQueueClass {
  new (settings: {
    readonly db: QueueConnection;
    readonly schema: string;
    readonly supervise: boolean;
    readonly schedule: boolean;
    readonly migrate: boolean;
  }): JobQueue;
  getConstructionPlans(schema: string): string;
}
