import type { BulkProgress } from '../../node/index.ts';
import type { Session } from '../session.ts';
import { asciiBar, type BarStyle, blockBar, partDone, progressLine, progressRows } from './progress-text.ts';
import type { ProgressKind } from './run-options.ts';

const delayMilliseconds = 400;
const drawMilliseconds = 100;
const lineMilliseconds = 10_000;
const linePart = 0.05;
const shortestBetweenLines = 1000;

/** Shows how far a run is. */
export interface ProgressDisplay {
  readonly update: (progress: BulkProgress) => void;
  /** Writes lines that stay, above what is being shown. */
  readonly say: (lines: readonly string[]) => void;
  /** Takes what is being shown off the screen. */
  readonly stop: () => void;
}

/**
 * Shows progress on standard error: as two lines that are drawn anew on a terminal, as plain lines now and then, or as
 * JSON lines (spec/cli.md, "Progress").
 */
export function startProgressDisplay(
  session: Session,
  kind: ProgressKind,
  now: () => number = Date.now,
): ProgressDisplay {
  switch (kind === 'auto' ? (session.err.interactive ? 'bar' : 'lines') : kind) {
    case 'bar':
      return barDisplay(session, now);
    case 'lines':
      return lineDisplay(session, now);
    case 'json':
      return jsonDisplay(session, now);
    default:
      return { ...quiet(session), update: () => {} };
  }
}

const quiet = ({ stderr }: Session): Pick<ProgressDisplay, 'say' | 'stop'> => ({
  say: (lines) => void stderr.write(lines.map((line) => `${line}\n`).join('')),
  stop: () => {},
});

// Each line is overwritten and only its rest cleared, all in one write: nothing is empty for an instant, so nothing
// flickers. Between writes the cursor rests at the beginning of the first line.
const clearRest = '\u001b[K';
const clearBelow = '\r\u001b[J';

function barDisplay(session: Session, now: () => number): ProgressDisplay {
  const { stderr, err } = session;
  const style = barStyle(session.env);
  const started = now();
  let drawn = Number.NEGATIVE_INFINITY;
  let shown = false;
  let last: BulkProgress | undefined;
  const picture = (): string => {
    if (last === undefined) return '';
    const [first, second] = progressRows(last, err, stderr.columns ?? err.columns, style);
    return `\r${first}${clearRest}\n${second}${clearRest}\u001b[1A\r`;
  };
  return {
    update(progress) {
      const time = now();
      last = progress;
      if (time - started < delayMilliseconds || time - drawn < drawMilliseconds) return;
      drawn = time;
      shown = true;
      stderr.write(picture());
    },
    say(lines) {
      const text = lines.map((line) => `${line}\n`).join('');
      stderr.write(shown ? clearBelow + text + picture() : text);
    },
    stop() {
      if (shown) stderr.write(clearBelow);
      shown = false;
      last = undefined;
    },
  };
}

function lineDisplay(session: Session, now: () => number): ProgressDisplay {
  let written = now();
  let part = 0;
  return {
    ...quiet(session),
    update(progress) {
      const time = now();
      const done = progress.listed ? partDone(progress) : 0;
      const due =
        time - written >= lineMilliseconds ||
        (done - part >= linePart && time - written >= shortestBetweenLines);
      if (!due) return;
      written = time;
      part = done;
      session.stderr.write(`${progressLine(progress)}\n`);
    },
  };
}

function jsonDisplay(session: Session, now: () => number): ProgressDisplay {
  let written = Number.NEGATIVE_INFINITY;
  let waiting: BulkProgress | undefined;
  const write = (progress: BulkProgress): void => {
    written = now();
    waiting = undefined;
    const { secondsLeft = null, current = null, ...counts } = progress;
    session.stderr.write(`${JSON.stringify({ progress: { ...counts, secondsLeft, current } })}\n`);
  };
  return {
    ...quiet(session),
    update(progress) {
      if (now() - written >= shortestBetweenLines) write(progress);
      else waiting = progress;
    },
    // The last is written in any case: whoever reads them wants to see the end.
    stop() {
      if (waiting !== undefined) write(waiting);
    },
  };
}

/** Blocks where the terminal says that it shows more than ASCII. */
function barStyle(env: Session['env']): BarStyle {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  return /utf-?8/i.test(locale) || env.WT_SESSION !== undefined ? blockBar : asciiBar;
}
