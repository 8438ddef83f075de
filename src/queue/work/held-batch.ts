/** A batch that this worker holds. `attempt` fences it: once another worker holds the batch, it is another number. */
export interface HeldBatch {
  readonly run: string;
  readonly number: number;
  readonly attempt: number;
  /** When this worker knew that it had it, by `performance.now()`. */
  readonly since: number;
}

/** A file of a batch that is still to be done. */
export interface WaitingFile {
  readonly number: number;
  readonly settings: number;
  readonly path: string;
  readonly below: string;
  readonly size: number;
  readonly resumed: boolean;
  /** How many workers ended while they worked on it. */
  readonly deaths: number;
}

/** A batch with what is to be done in it. */
export interface ClaimedBatch {
  readonly held: HeldBatch;
  readonly startedAt: Date;
  readonly files: readonly WaitingFile[];
}

/** Which batch it is, as a key. */
export const batchKey = ({ run, number }: { readonly run: string; readonly number: number }): string =>
  `${run}/${number}`;
