import { describe, expect, it, vi } from 'vitest';
import type { FileOutcome } from '../outcome.ts';
import { progressOf, rateMeter, tellProgress } from './progress.ts';
import { tally } from './tally.ts';
import { throughput } from './throughput.ts';

const done = (number: number): FileOutcome => ({
  number,
  path: `${number}`,
  status: 'done',
  bytesIn: 10,
  bytesOut: 12,
});
const failed = (number: number | undefined): FileOutcome => ({
  number,
  path: `${number}`,
  status: 'failed',
  error: { code: 'IO_FAILED', message: 'No.' },
});
const link: FileOutcome = { number: undefined, path: 'link', status: 'skipped', reason: 'symbolic-link' };

describe('what a report counts', () => {
  it('is what was taken and what came of it', () => {
    const counted = tally();
    counted.take(4);
    counted.settle(done(0), 5);
    counted.settle(done(1), 6, 11);
    counted.settle({ number: 2, path: '2', status: 'skipped', reason: 'already-protected' }, 7);
    counted.settle(link, 8);
    expect(counted.counts()).toMatchObject({
      found: 5,
      done: 2,
      skipped: 2,
      failed: 0,
      skippedBecause: { 'already-protected': 1, 'symbolic-link': 1 },
      bytesIn: 20,
      bytesOut: 24,
    });
    expect(counted.bytesSettled).toBe(21);
  });

  it('holds what is no file as the last listing saw it, and files of all sessions', () => {
    const counted = tally();
    for (let session = 0; session < 3; session++) {
      counted.restart();
      counted.take(1);
      counted.settle(failed(session), session);
      counted.settle(failed(undefined), session);
      counted.settle(link, session);
    }
    expect(counted.counts()).toMatchObject({ found: 5, failed: 4, skipped: 1 });
    expect(counted.counts().failures).toHaveLength(4);
  });

  it('names no more than the first 1,000 failures', () => {
    const counted = tally();
    counted.take(5_000);
    for (let n = 0; n < 5_000; n++) counted.settle(failed(n), n);
    const { failures, failed: count } = counted.counts();
    expect([failures.length, failures[999]?.number, count]).toEqual([1_000, 999, 5_000]);
  });
});

describe('throughput', () => {
  it('has at most 600 points in order, from early on to the very end', () => {
    for (const files of [1, 10, 599, 600, 601, 5_000, 100_000]) {
      const moments = throughput();
      for (let n = 1; n <= files; n++) moments.note(n * 100, n, n * 7);
      const points = moments.points();
      expect(points.length).toBeLessThanOrEqual(600);
      expect(points.at(-1)).toEqual({ at: files * 100, files, bytes: files * 7 });
      expect(points.map(({ at }) => at)).toEqual(points.map(({ at }) => at).sort((a, b) => a - b));
      if (files > 5_000) expect(points.length).toBeGreaterThan(250);
    }
    expect(throughput().points()).toEqual([]);
  });
});

describe('progress', () => {
  const facts = {
    found: 100,
    listed: true,
    done: 0,
    skipped: 0,
    failed: 0,
    bytesDone: 0,
    bytesFound: 1_000,
    current: undefined,
  };

  it('has the rate of the last seconds and the time that is left', () => {
    const rates = rateMeter();
    progressOf(facts, rates, 0);
    for (let at = 1_000; at <= 20_000; at += 1_000)
      progressOf({ ...facts, done: at < 10_000 ? 0 : at / 1_000, bytesDone: at / 100 }, rates, at);
    const progress = progressOf({ ...facts, done: 21, bytesDone: 210 }, rates, 21_000);
    expect(progress.filesPerSecond).toBeCloseTo(1);
    expect(progress.bytesPerSecond).toBeCloseTo(10);
    expect(progress.secondsLeft).toBeCloseTo(79);
  });

  it('does not guess before it knows', () => {
    expect(progressOf(facts, rateMeter(), 0).secondsLeft).toBeUndefined();
    expect(progressOf({ ...facts, listed: false, done: 100 }, rateMeter(), 0).secondsLeft).toBeUndefined();
    const over = { ...facts, done: 100, bytesDone: 1_000 };
    expect(progressOf(over, rateMeter(), 0).secondsLeft).toBe(0);
  });
});

describe('telling how far a run is', () => {
  it('that fails does so at the end of the run, not in the middle of its files', () => {
    vi.useFakeTimers();
    try {
      const facts = { found: 1, listed: true, done: 0, skipped: 0, failed: 0, bytesDone: 0, bytesFound: 0 };
      let told = 0;
      const teller = tellProgress(
        () => {
          told++;
          throw new TypeError('the terminal is gone');
        },
        () => ({ ...facts, current: undefined }),
      );
      vi.advanceTimersByTime(2_000);
      expect(told).toBe(1);
      expect(() => teller.stop()).toThrow('the terminal is gone');
    } finally {
      vi.useRealTimers();
    }
  });
});
