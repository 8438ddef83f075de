import type { BulkReport, SkipReason } from '../../node/index.ts';
import { type FailureGroup, operationWords, skipWords } from '../../node/index.ts';
import { printable } from '../printable.ts';
import { byteCount, durationText, filesText, numberText, rateText } from '../quantity.ts';
import type { Terminal } from '../terminal.ts';
import { wrap } from '../wrap.ts';
import { shortenMiddle } from './cell-width.ts';

/** What a summary says beside the report itself. */
export interface SummaryFacts {
  readonly failures: readonly FailureGroup[];
  /** Failures that were told one by one already. */
  readonly told: number;
  readonly interrupted: boolean;
  readonly journal: string | undefined;
  readonly reports: readonly string[];
}

/** How a run went, for a person at a terminal: at most a dozen lines, however many files there were. */
export function summaryLines(report: BulkReport, facts: SummaryFacts, terminal: Terminal): string[] {
  return [
    countsLine(report, terminal),
    terminal.dim(speedLine(report)),
    ...skippedLines(report, terminal),
    ...failureLines(report, facts, terminal),
    ...facts.reports.map((path) => `report   ${terminal.bold(printable(path))}`),
    ...(facts.journal === undefined ? [] : [`journal  ${printable(facts.journal)}`]),
    ...(facts.journal !== undefined && report.complete && report.failed > 0
      ? [terminal.dim('         What failed is tried again without this journal, or with another one.')]
      : []),
    ...(facts.interrupted ? [interruptedLine(facts, terminal)] : []),
  ];
}

function countsLine(report: BulkReport, terminal: Terminal): string {
  const { done, skipped, failed, dryRun, skippedBecause } = report;
  const wouldBe = skippedBecause['dry-run'] ?? 0;
  const parts = [
    ...(dryRun ? [`${filesText(wouldBe)} would ${operationWords[report.operation].toBeDone}`] : []),
    ...(done > 0 ? [`${filesText(done)} done`] : []),
    ...(failed > 0 ? [terminal.red(`${filesText(failed)} failed`)] : []),
    ...(skipped - wouldBe > 0 ? [`${filesText(skipped - wouldBe)} skipped`] : []),
  ];
  const text = parts.length === 0 ? 'Nothing to do' : parts.join(', ');
  return `${terminal.bold(text)}.${dryRun ? ' Nothing was changed.' : ''}`;
}

function speedLine({
  found,
  inputs,
  bytesIn,
  milliseconds,
  done,
  skipped,
  failed,
  sessions,
}: BulkReport): string {
  const seconds = milliseconds / 1000;
  const place =
    inputs.length === 1 ? `in the folder ${printable(inputs[0] ?? '')}` : `in ${inputs.length} inputs`;
  const settled = done + skipped + failed;
  const rates =
    seconds >= 0.2 && settled > 0
      ? `: ${rateText(settled / seconds)} files/s${bytesIn > 0 ? `, ${byteCount(bytesIn / seconds)}/s` : ''}`
      : '';
  const size = bytesIn > 0 ? `, ${byteCount(bytesIn)}` : '';
  const resumed = sessions > 1 ? ` of work in ${numberText(sessions)} sessions` : '';
  return `${filesText(found)} ${place}${size} in ${durationText(seconds)}${resumed}${rates}`;
}

function skippedLines({ skippedBecause }: BulkReport, terminal: Terminal): string[] {
  const reasons = (Object.entries(skippedBecause) as [SkipReason, number][])
    .filter(([reason, count]) => count > 0 && reason !== 'dry-run')
    .sort((a, b) => b[1] - a[1]);
  return reasons.map(([reason, count]) => terminal.dim(`skipped  ${numberText(count)} ${skipWords[reason]}`));
}

const mostGroups = 6;

function failureLines(
  { failed }: BulkReport,
  { failures, told }: SummaryFacts,
  terminal: Terminal,
): string[] {
  const shown = failures.slice(0, mostGroups);
  const digits = Math.max(0, ...shown.map(({ count }) => numberText(count).length));
  const indent = ' '.repeat('failed   '.length + digits + 2);
  const width = terminal.interactive ? terminal.columns - 1 - indent.length : Number.POSITIVE_INFINITY;
  const lines = shown.flatMap(({ count, cause, advice, examples: [first] }) => [
    `${terminal.red('failed')}   ${numberText(count).padStart(digits)}  ${cause}`,
    ...wrap(advice, width).map((line) => indent + terminal.dim(line)),
    // Where not all were told as they happened, there is an example of each cause.
    ...(failed > told && first !== undefined
      ? [indent + terminal.dim(`such as ${shortenMiddle(printable(first.path), width - 'such as '.length)}`)]
      : []),
  ]);
  const more = failures.length - mostGroups;
  return more > 0 ? [...lines, `${indent}and ${more} more causes: a report names them (--report)`] : lines;
}

function interruptedLine({ journal }: SummaryFacts, terminal: Terminal): string {
  const how =
    journal === undefined
      ? 'the same command again passes over what is done. With --journal FILE it would remember that without looking.'
      : `the same command again goes on where ${printable(journal)} ends.`;
  return `${terminal.yellow('Interrupted.')} What is done stays done; ${how}`;
}
