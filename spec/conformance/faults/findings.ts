import type { UsageRecord } from '../../../src/authority/index.ts';
import type { RequestLimit } from '../../../src/licensing/index.ts';
import { type FaultRun, stranger } from './fault-run.ts';
import { type Fault, type Passage, reachesServer, retryAfterSeconds } from './faults.ts';

/** What a run comes to, in numbers. */
export interface Findings {
  readonly acquisitions: number;
  /** Right key, rights, person and content. */
  readonly ok: number;
  /** Strangers, refused as they should be. */
  readonly refused: number;
  readonly failed: Readonly<Record<string, number>>;
  readonly requests: number;
  /** Requests beyond the first of one request id, of people who signed in. */
  readonly repeats: number;
  readonly faults: Readonly<Partial<Record<Fault, number>>>;
  /** Requests that were lost because the server was down, or went down. */
  readonly lostToRestarts: number;
  /** Acquisitions that the server answered more than once: without care, twice in the log. */
  readonly servedAgain: number;
  readonly rows: number;
  /** Correlation ids with more than one row. */
  readonly repeatedIds: number;
  /** What is wrong with the log: which acquisition has how many rows. */
  readonly wrongRows: readonly string[];
  /** Rows of acquisitions that failed, because the last answer was lost. */
  readonly rowsOfFailed: number;
  /** Most requests that the proxy saw come in any interval of the limit. */
  readonly mostInInterval: number;
  /** The shortest time, in milliseconds, in which one request more than the limit allows was sent, and came. */
  readonly shortestSent: number;
  readonly shortestArrived: number;
  /** The same from the turn of the client's event loop in which the first was let go: it may have stood still before it sent. */
  readonly shortestLetGo: number;
  /** The longest time from sending to coming, and of the client's process standing still. */
  readonly longestWay: number;
  readonly longestStall: number;
  /** Most requests under way at once, as the proxy saw it. */
  readonly mostAtOnce: number;
  /** Requests sent while the service had asked to be left alone. */
  readonly duringPauses: number;
  readonly seconds: number;
}

/** How long after an answer with 429 is there a request may still leave that was on its way. */
const pauseTakesHold = 100;

/** Counts what matters in a run. */
export function findingsOf(run: FaultRun, limiter: RequestLimit): Findings {
  const { acquisitions, passages, rows } = run;
  const count = (outcome: string, of = acquisitions): number =>
    of.filter((each) => each.outcome === outcome).length;
  const strangers = acquisitions.filter(({ email }) => email === stranger);
  const failed = tally(
    acquisitions
      .filter((each) => each.outcome !== expectedOutcome(each.email))
      .map(({ outcome, email }) => (email === stranger ? `stranger: ${outcome}` : outcome)),
  );
  const arrivals = passages.map(({ arrived }) => arrived);
  const signedIn = passages.filter((each) => each.signedIn);
  const ids = tally(signedIn.map(({ requestId }) => requestId));
  const served = tally(
    signedIn.filter((each) => each.served !== undefined && isAcquisition(each)).map((each) => each.requestId),
  );
  const { wrongRows, rowsOfFailed } = compareRows(run);
  return {
    acquisitions: acquisitions.length,
    ok: count('ok'),
    refused: count('ACCESS_DENIED', strangers),
    failed,
    requests: passages.length,
    repeats: signedIn.length - Object.keys(ids).length,
    faults: tally(passages.map(({ fault }) => fault)),
    lostToRestarts: passages.filter(isLost).length,
    servedAgain: Object.values(served).filter((times) => times > 1).length,
    rows: rows.length,
    repeatedIds: Object.values(tally(rows.map((row) => row.correlationId))).filter((times) => times > 1)
      .length,
    wrongRows,
    rowsOfFailed,
    mostInInterval: mostWithin(arrivals, limiter.interval),
    shortestSent: shortestFor(
      limiter.requests + 1,
      passages.map(({ sent }) => sent),
    ),
    shortestArrived: shortestFor(limiter.requests + 1, arrivals),
    shortestLetGo: shortestLetGo(limiter.requests + 1, passages),
    longestWay: Math.max(...passages.map(({ sent, arrived }) => arrived - sent)),
    longestStall: run.longestStall,
    mostAtOnce: mostAtOnce(passages),
    duringPauses: run.throttledAt.reduce(
      (sum, at) =>
        sum +
        passages.filter(
          ({ sent }) => sent > at + pauseTakesHold + run.longestStall && sent < at + retryAfterSeconds * 1000,
        ).length,
      0,
    ),
    seconds: run.seconds,
  };
}

const expectedOutcome = (email: string): string => (email === stranger ? 'ACCESS_DENIED' : 'ok');

const isAcquisition = ({ path }: Passage): boolean => path.endsWith('/enduserlicenses');

/** Passed on, but not answered by the server. */
const isLost = ({ fault, served }: Passage): boolean => reachesServer(fault) && served === undefined;

/** Each acquisition that ended as it should has exactly one row, with its own result; a failed one at most one. */
function compareRows({ acquisitions, rows }: FaultRun): Pick<Findings, 'wrongRows' | 'rowsOfFailed'> {
  const wrongRows: string[] = [];
  let rowsOfFailed = 0;
  const byName = new Map<string, UsageRecord[]>();
  for (const row of rows) {
    const { fileName = 'without a name' } = row;
    byName.set(fileName, [...(byName.get(fileName) ?? []), row]);
  }
  for (const { name, email, contentId, outcome } of acquisitions) {
    const own = byName.get(name) ?? [];
    byName.delete(name);
    const expected = expectedOutcome(email);
    const result = expected === 'ok' ? 'Success' : 'AccessDenied';
    const fits = own.filter(
      (row) => row.userId === email && row.contentId === contentId && row.result === result,
    );
    const failed = outcome !== expected;
    if (failed) rowsOfFailed += own.length;
    if (fits.length !== own.length || own.length > 1 || (own.length === 0 && !failed))
      wrongRows.push(`${name}: ${outcome}, rows: ${own.map((row) => row.result).join() || 'none'}`);
  }
  for (const [name, own] of byName) wrongRows.push(`${own.length} rows of nobody: ${name}`);
  return { wrongRows, rowsOfFailed };
}

/** The most of `times` in any half-open interval of this length. */
function mostWithin(times: readonly number[], interval: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  let most = 0;
  let first = 0;
  for (const [last, time] of sorted.entries()) {
    while (sorted[first]! <= time - interval) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

/** The shortest time in which so many of `times` lie. */
function shortestFor(many: number, times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return Math.min(...sorted.slice(many - 1).map((time, n) => time - sorted[n]!));
}

/** Like {@link shortestFor}, where the first may have been let go earlier than it was sent. */
function shortestLetGo(many: number, passages: readonly Passage[]): number {
  const sorted = [...passages].sort((a, b) => a.sent - b.sent);
  return Math.min(...sorted.slice(many - 1).map(({ sent }, n) => sent - sorted[n]!.letGoAfter));
}

function mostAtOnce(passages: readonly Passage[]): number {
  const changes = passages
    .flatMap(({ arrived, over }) => [
      { at: arrived, by: 1 },
      { at: over, by: -1 },
    ])
    .sort((a, b) => a.at - b.at || a.by - b.by);
  let now = 0;
  let most = 0;
  for (const { by } of changes) {
    now += by;
    most = Math.max(most, now);
  }
  return most;
}

function tally<Name extends string>(names: readonly Name[]): Record<Name, number> {
  const counts = {} as Record<Name, number>;
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
