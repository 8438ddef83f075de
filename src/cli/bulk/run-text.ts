import type { BulkProgress } from '../../node/index.ts';
import type { BulkRun, BulkRunState, BulkRunStatus, BulkWorker } from '../../queue/index.ts';
import { columns } from '../columns.ts';
import { printable } from '../printable.ts';
import { byteCount, durationText, filesText, numberText, rateText, timeText } from '../quantity.ts';
import type { Terminal } from '../terminal.ts';

/** The states of a run in the colors of this terminal. */
export function stateText(state: BulkRunState, terminal: Terminal): string {
  const style = {
    listing: terminal.cyan,
    running: terminal.cyan,
    paused: terminal.yellow,
    cancelled: terminal.yellow,
    finished: terminal.green,
  }[state];
  return style(state);
}

/** Runs as rows, the newest first. */
export function runRows(runs: readonly BulkRun[], terminal: Terminal): readonly string[] {
  const header = ['run', 'state', 'submitted', 'by', 'what', 'where'].map(terminal.dim);
  return columns([
    header,
    ...runs.map((run) => [
      run.id.slice(0, 8),
      stateText(run.state, terminal),
      timeText(run.submittedAt),
      printable(run.submittedBy),
      `${run.operation}${run.dryRun ? ' (dry run)' : ''}`,
      terminal.bold(printable(run.name)),
    ]),
  ]);
}

/** How far a run is, in lines for a person. */
export function statusLines(status: BulkRunStatus, terminal: Terminal): readonly string[] {
  const { run, done, skipped, failed, waiting, started, workers } = status;
  const { dim, red, bold } = terminal;
  const rows = [
    ['run', `${run.id}  ${stateText(run.state, terminal)}`],
    [
      'what',
      `${run.operation}${run.dryRun ? ' (dry run)' : ''} ${bold(printable(run.name))} ${dim('below')} ${printable(run.root)}`,
    ],
    ['submitted', `${timeText(run.submittedAt)} ${dim('by')} ${printable(run.submittedBy)}`],
    [
      'files',
      [
        `${numberText(done)} done`,
        ...(failed > 0 ? [red(`${numberText(failed)} failed`)] : []),
        ...(skipped > 0 ? [`${numberText(skipped)} skipped`] : []),
        ...(started > 0 ? [`${numberText(started)} begun`] : []),
        ...(waiting > 0 ? [`${numberText(waiting)} waiting`] : []),
        dim(`of ${filesText(status.found)}`),
      ].join(', '),
    ],
    ['bytes', `${byteCount(status.bytesDone)} ${dim(`of ${byteCount(status.bytesFound)}`)}`],
    ...rateRow(status),
    ...(status.secondsLeft === undefined ? [] : [['left', `about ${durationText(status.secondsLeft)}`]]),
  ].map(([name = '', value = '']) => [dim(name), value]);
  return [...columns(rows), ...workerLines(workers, terminal)];
}

function rateRow({ filesPerSecond, bytesPerSecond, run }: BulkRunStatus): readonly string[][] {
  if (run.state !== 'running' || filesPerSecond === 0) return [];
  return [['rate', `${rateText(filesPerSecond)} files/s, ${byteCount(bytesPerSecond)}/s`]];
}

function workerLines(workers: readonly BulkWorker[], terminal: Terminal): readonly string[] {
  if (workers.length === 0) return [];
  const { dim, green, yellow } = terminal;
  const state = ({ state: is, silentFor }: BulkWorker): string => {
    if (is === 'gone') return dim('gone');
    const heard = `heard ${durationText(silentFor ?? 0)} ago`;
    return is === 'silent' ? yellow(`silent, ${heard}`) : `${green('working')}, ${dim(heard)}`;
  };
  const rows = [
    ['worker', 'process', 'settled', 'holds', 'state'].map(dim),
    ...workers.map((worker) => [
      printable(worker.host),
      String(worker.pid),
      numberText(worker.settled).padStart(7),
      numberText(worker.holds).padStart(5),
      state(worker),
    ]),
  ];
  return ['', ...columns(rows)];
}

/** The same as the progress of a run on one machine. */
export const progressOf = (status: BulkRunStatus): BulkProgress => ({
  found: status.found,
  listed: status.run.state !== 'listing',
  done: status.done,
  skipped: status.skipped,
  failed: status.failed,
  bytesDone: status.bytesDone,
  bytesFound: status.bytesFound,
  filesPerSecond: status.filesPerSecond,
  bytesPerSecond: status.bytesPerSecond,
  secondsLeft: status.secondsLeft,
  current: undefined,
});

/** What `--json` says of a run (spec/cli.md, "JSON"). */
export const runJson = (run: BulkRun): Readonly<Record<string, unknown>> => ({
  ...run,
  out: run.out ?? null,
  startedAt: run.startedAt ?? null,
  endedAt: run.endedAt ?? null,
});

/** What `--json` says of how far a run is. */
export function statusJson({ run, ...status }: BulkRunStatus): Readonly<Record<string, unknown>> {
  return { ...runJson(run), ...status, secondsLeft: status.secondsLeft ?? null };
}
