import type { BulkProgress } from '../bulk-report.ts';

/** What is known of a run at a moment. */
export type ProgressFacts = Omit<BulkProgress, 'filesPerSecond' | 'bytesPerSecond' | 'secondsLeft'>;

/** Rates are those of so many milliseconds. */
const window = 5_000;
const interval = 250;

/** Tells how far a run is a few times a second, and once more at its end. */
export interface ProgressTeller {
  /** Throws what telling threw; after that nothing more was told. */
  stop(): void;
}

export function tellProgress(
  tell: ((progress: BulkProgress) => void) | undefined,
  facts: () => ProgressFacts,
  clock: () => number = () => performance.now(),
): ProgressTeller {
  if (tell === undefined) return { stop: () => undefined };
  const rates = rateMeter();
  const say = (): void => tell(Object.freeze(progressOf(facts(), rates, clock())));
  let failure: { readonly error: unknown } | undefined;
  const timer = setInterval(() => {
    try {
      say();
    } catch (error) {
      // In a timer it would end the process, in the middle of files.
      failure = { error };
      clearInterval(timer);
    }
  }, interval).unref();
  return {
    stop() {
      clearInterval(timer);
      if (failure !== undefined) throw failure.error;
      say();
    },
  };
}

/** Rates over the last seconds. */
export interface RateMeter {
  readonly filesPerSecond: number;
  readonly bytesPerSecond: number;
  note(at: number, files: number, bytes: number): void;
}

export function rateMeter(): RateMeter {
  const samples: { readonly at: number; readonly files: number; readonly bytes: number }[] = [];
  const rate = (of: 'files' | 'bytes'): number => {
    const [first, last] = [samples[0], samples.at(-1)];
    if (first === undefined || last === undefined || last.at <= first.at) return 0;
    return ((last[of] - first[of]) * 1_000) / (last.at - first.at);
  };
  return {
    note(at, files, bytes) {
      samples.push({ at, files, bytes });
      while (samples.length > 2 && at - (samples[1]?.at ?? at) >= window) samples.shift();
    },
    get filesPerSecond() {
      return rate('files');
    },
    get bytesPerSecond() {
      return rate('bytes');
    },
  };
}

export function progressOf(facts: ProgressFacts, rates: RateMeter, at: number): BulkProgress {
  const settled = facts.done + facts.skipped + facts.failed;
  rates.note(at, settled, facts.bytesDone);
  const { filesPerSecond, bytesPerSecond } = rates;
  return {
    ...facts,
    filesPerSecond,
    bytesPerSecond,
    secondsLeft: facts.listed
      ? secondsLeft(
          [facts.found - settled, filesPerSecond],
          [facts.bytesFound - facts.bytesDone, bytesPerSecond],
        )
      : undefined,
  };
}

/** Small files take time by number and large ones by size: whichever will take longer decides. */
function secondsLeft(...parts: readonly (readonly [left: number, rate: number])[]): number | undefined {
  const open = parts.filter(([left]) => left > 0);
  const seconds = open.map(([left, rate]) => left / rate);
  return seconds.every(Number.isFinite) ? Math.max(0, ...seconds) : undefined;
}
