import type { BigIntStats } from 'node:fs';

/** The permission bits of the original: what is protected may be seen by whoever saw it before. */
export const sameMode = (facts: BigIntStats): number => Number(facts.mode) & 0o777;

/**
 * Permission bits for a new file of opened content. A protected file may lie where everyone reads it, so
 * its bits say nothing about who may read the content: only the user who opened it may.
 */
export const privateMode = (facts: BigIntStats): number => (Number(facts.mode) & 0o700) | 0o400;
