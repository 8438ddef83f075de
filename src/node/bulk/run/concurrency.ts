import { availableParallelism } from 'node:os';

/**
 * Files in progress at once in one thread. While one waits for RSA or for the disk, the thread reads, encrypts and writes
 * the others: a file waits some 1 to 5 ms in all and costs some 0.4 ms of its thread (spec/bulk.md, "Concurrency").
 */
export const filesPerThread = 8;

/** Files that a thread holds for each one in progress, so that it never waits for the thread that lists. */
export const heldPerFileInProgress = 2;

/** Files that must have been taken before threads are started: starting one costs as much time as some dozens of small files. */
export const filesBeforeThreads = 64;

/** Files whose beginning is put on record at once: one flush of the journal for all of them. */
export const filesBegunAtOnce = 256;

/** Files listed ahead, and files begun ahead: what a run keeps in memory, however many files there are. */
export const filesListedAhead = 512;
export const filesBegunAhead = 256;

/** Times that a thread may crash without having settled any file before it is given up. */
export const crashesInARow = 3;

export const mostThreads = 64;
export const mostConcurrency = 1024;

export const defaultThreads = (): number => Math.min(availableParallelism(), mostThreads);
