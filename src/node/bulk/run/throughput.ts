import type { ThroughputPoint } from '../bulk-report.ts';

const mostPoints = 600;
const finest = 250;

/** Keeps how far a run was at regular moments, the fewer for an hour the longer it takes. */
export interface Throughput {
  /** Says how far the run is. Moments come in order, but for some thousandths of a second. */
  note(at: number, files: number, bytes: number): void;
  /** At most 600 points, the last of them where the run is now. */
  points(): readonly ThroughputPoint[];
}

export function throughput(): Throughput {
  let interval = finest;
  let kept: ThroughputPoint[] = [];
  let last: ThroughputPoint = { at: 0, files: 0, bytes: 0 };
  let nextAt = 0;
  return {
    note(at, files, bytes) {
      last = { at: Math.max(at, last.at), files, bytes };
      if (last.at < nextAt) return;
      kept.push(last);
      nextAt = last.at + interval;
      if (kept.length < mostPoints - 1) return;
      kept = kept.filter((_, index) => index % 2 === 0);
      interval *= 2;
      nextAt = (kept.at(-1)?.at ?? 0) + interval;
    },
    points() {
      const all = kept.at(-1) === last || last.files === 0 ? kept : [...kept, last];
      return all.map((point) => Object.freeze({ ...point }));
    },
  };
}
