import type { BulkProgress } from '../../node/index.ts';
import { printable } from '../printable.ts';
import { byteCount, durationText, filesText, numberText, rateText } from '../quantity.ts';
import type { Terminal } from '../terminal.ts';
import { cellWidth, shortenMiddle } from './cell-width.ts';

/** Which characters a bar is made of. */
export interface BarStyle {
  readonly filled: string;
  readonly empty: string;
}

export const blockBar: BarStyle = { filled: '█', empty: '░' };
export const asciiBar: BarStyle = { filled: '#', empty: '.' };

const longestBar = 30;
const shortestBar = 8;
const separator = '  ';

/** How much is done, from 0 to 1: by bytes where they are known, for a large file takes longer than a small one. */
export function partDone(progress: BulkProgress): number {
  const { found, bytesDone, bytesFound } = progress;
  if (found === 0) return 0;
  const settled = settledFiles(progress);
  if (settled >= found) return 1;
  const part = bytesFound > 0 ? bytesDone / bytesFound : settled / found;
  // Not before everything is settled is it said to be.
  return Math.min(0.999, Math.max(0, part));
}

/** Files that something came of. */
export const settledFiles = ({ done, skipped, failed }: BulkProgress): number => done + skipped + failed;

/** Two lines for a terminal of so many columns: how far the run is, and what is being worked on. */
export function progressRows(
  progress: BulkProgress,
  terminal: Terminal,
  columns: number,
  bar: BarStyle,
): readonly [string, string] {
  const width = Math.max(20, columns - 1);
  const { current } = progress;
  return [
    progress.listed ? workRow(progress, terminal, width, bar) : listingRow(progress, terminal, width),
    terminal.dim(current === undefined ? '' : `  ${shortenMiddle(printable(current), width - 2)}`),
  ];
}

function workRow(progress: BulkProgress, terminal: Terminal, width: number, bar: BarStyle): string {
  const { found, failed, secondsLeft } = progress;
  const part = partDone(progress);
  const percent = `${Math.floor(part * 100)}%`.padStart(4);
  const count = `${numberText(settledFiles(progress))} of ${filesText(found)}`;
  const left = secondsLeft === undefined ? [] : [`${durationText(Math.ceil(secondsLeft))} left`];
  const failures = failed === 0 ? [] : [`${numberText(failed)} failed`];
  // What matters least goes first where the terminal is narrow.
  const choices: readonly (readonly string[])[] = [
    [percent, count, ...rates(progress), ...left, ...failures],
    [percent, count, ...rates(progress).slice(0, 1), ...left, ...failures],
    [percent, count, ...left, ...failures],
    [percent, `${numberText(settledFiles(progress))}/${numberText(found)}`, ...left, ...failures],
    [percent, ...left, ...failures],
    [percent, ...failures],
  ];
  const fits = (texts: readonly string[]): boolean =>
    shortestBar + 1 + cellWidth(texts.join(separator)) <= width;
  const texts = choices.find(fits) ?? [percent];
  const cells = Math.min(longestBar, width - 1 - cellWidth(texts.join(separator)));
  const styled = texts.map((text) => (failures.includes(text) ? terminal.red(text) : text));
  return `${barText(part, cells, terminal, bar)} ${styled.join(separator)}`;
}

function listingRow(progress: BulkProgress, terminal: Terminal, width: number): string {
  const { found, failed } = progress;
  const settled = settledFiles(progress);
  const texts = [
    `listing, ${numberText(found)} found`,
    ...(settled > 0 ? [`${numberText(settled)} settled`, ...rates(progress)] : []),
    ...(failed > 0 ? [terminal.red(`${numberText(failed)} failed`)] : []),
  ];
  while (texts.length > 1 && cellWidth(texts.join(separator)) > width) texts.splice(-2, 1);
  return texts.join(separator);
}

function rates({ filesPerSecond, bytesPerSecond }: BulkProgress): readonly string[] {
  return [
    ...(filesPerSecond > 0 ? [`${rateText(filesPerSecond)} files/s`] : []),
    ...(bytesPerSecond > 0 ? [`${byteCount(bytesPerSecond)}/s`] : []),
  ];
}

function barText(part: number, cells: number, terminal: Terminal, { filled, empty }: BarStyle): string {
  if (cells < shortestBar) return '';
  const full = Math.min(cells, Math.floor(part * cells));
  return terminal.green(filled.repeat(full)) + terminal.dim(empty.repeat(cells - full));
}

/** One plain line, for logs. */
export function progressLine(progress: BulkProgress): string {
  const { found, failed, secondsLeft, listed } = progress;
  const settled = numberText(settledFiles(progress));
  const texts = [
    listed
      ? `${Math.floor(partDone(progress) * 100)}%, ${settled} of ${filesText(found)}`
      : `listing, ${numberText(found)} found, ${settled} settled`,
    ...rates(progress),
    ...(listed && secondsLeft !== undefined ? [`${durationText(Math.ceil(secondsLeft))} left`] : []),
    ...(failed > 0 ? [`${numberText(failed)} failed`] : []),
  ];
  return texts.join(', ');
}
