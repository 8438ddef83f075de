/** Each run has a queue of its own in `pg-boss`, so that it can be paused, preferred and removed as a whole. */
export const queueOf = (run: string): string => `run-${run}`;
