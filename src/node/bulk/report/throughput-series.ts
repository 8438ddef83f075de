import type { ThroughputPoint } from '../bulk-report.ts';

/** How fast a run was between two moments. */
export interface ThroughputStep {
  /** Milliseconds of work since the run began. */
  readonly from: number;
  readonly to: number;
  readonly filesPerSecond: number;
  readonly bytesPerSecond: number;
}

/**
 * Rates in steps of equal length, from counts at moments of any distance. Between two counts the work is taken to
 * have gone on evenly. Points that go back in time or in count are passed over.
 */
export function throughputSeries(
  points: readonly ThroughputPoint[],
  mostSteps = 90,
): readonly ThroughputStep[] {
  const rising = risingPoints(points);
  const last = rising.at(-1);
  if (rising.length < 3 || last === undefined) return [];
  const steps = Math.min(mostSteps, rising.length - 1);
  const length = last.at / steps;
  let index = 0;
  const countsAt = (at: number): ThroughputPoint => {
    while (index < rising.length - 2 && (rising[index + 1]?.at ?? 0) < at) index += 1;
    const [a, b] = [rising[index] ?? last, rising[index + 1] ?? last];
    const part = b.at === a.at ? 1 : Math.min(1, Math.max(0, (at - a.at) / (b.at - a.at)));
    return { at, files: a.files + (b.files - a.files) * part, bytes: a.bytes + (b.bytes - a.bytes) * part };
  };
  const series: ThroughputStep[] = [];
  let before = countsAt(0);
  for (let step = 1; step <= steps; step++) {
    const now = countsAt(step * length);
    series.push({
      from: before.at,
      to: now.at,
      filesPerSecond: ((now.files - before.files) * 1000) / length,
      bytesPerSecond: ((now.bytes - before.bytes) * 1000) / length,
    });
    before = now;
  }
  return series;
}

function risingPoints(points: readonly ThroughputPoint[]): ThroughputPoint[] {
  const rising: ThroughputPoint[] = [{ at: 0, files: 0, bytes: 0 }];
  for (const point of points) {
    const before = rising.at(-1);
    if (before === undefined || !(point.at > before.at)) continue;
    if (!(point.files >= before.files) || !(point.bytes >= before.bytes)) continue;
    rising.push(point);
  }
  return rising;
}
