import { createHash } from 'node:crypto';
import { basename, dirname } from 'node:path';
import { formatBytes } from '../../format-bytes.ts';
import type { BulkReport } from '../bulk-report.ts';
import type { FileOutcome, SkipReason } from '../outcome.ts';
import { type FailureGroup, failureGroups } from './failure-groups.ts';
import { headline } from './headline.ts';
import { operationWords } from './operation-words.ts';
import { pageStyle } from './page-style.ts';
import { durationText, filesText, momentText, numberText, rateText } from './quantity-text.ts';
import type { ReportFact } from './report-fact.ts';
import { skipWords } from './skip-words.ts';
import { throughputChart } from './throughput-chart.ts';
import { throughputSeries } from './throughput-series.ts';
import { htmlText } from './visible-text.ts';

/** Failures that stand in the page one by one, in all and of one cause; the rest is counted. */
const mostListed = 600;
const mostOfOneCause = 200;

/**
 * One page that stands alone: nothing is loaded, nothing is executed, and all that comes from files is text. Its size is
 * bounded however many files there were, for it lists failures only, and of these the first.
 */
export async function* htmlReport(
  report: BulkReport,
  outcomes: AsyncIterable<FileOutcome>,
  facts: readonly ReportFact[],
): AsyncGenerator<string> {
  const groups = failureGroups(mostListed, mostOfOneCause);
  for await (const outcome of outcomes) groups.add(outcome);
  const failures = groups.list();
  yield head(report);
  yield `<main>\n${summary(report)}\n${charts(report)}\n`;
  yield `${causes(failures)}\n${skips(report)}\n${run(report, facts)}\n`;
  yield* listing(failures);
  yield `<footer>Written by Sealwright at ${momentText(report.endedAt)}. Times are in UTC; 1 MB is a million bytes.</footer>\n</main></body></html>\n`;
}

function head(report: BulkReport): string {
  const hash = createHash('sha256').update(pageStyle).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="generator" content="sealwright-report">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${htmlText(headline(report).sentence)}</title>
<style>${pageStyle}</style></head><body>
`;
}

function summary(report: BulkReport): string {
  const { done, skipped, failed, found, milliseconds, bytesIn, operation, dryRun } = report;
  const { sentence, consequence } = headline(report);
  const open = Math.max(0, found - done - skipped - failed);
  const seconds = milliseconds / 1000;
  const settled = done + skipped + failed;
  const wouldBe = report.skippedBecause['dry-run'] ?? 0;
  const counts: [label: string, value: string, dot?: string][] = [
    dryRun
      ? [`Would ${operationWords[operation].toBeDone}`, numberText(wouldBe), 'd']
      : [capital(operationWords[operation].done), numberText(done), 'd'],
    ['Passed over', numberText(skipped - wouldBe), 's'],
    ['Failed', numberText(failed), 'f'],
    ...(open > 0 ? [['Not reached', numberText(open), 'o'] as [string, string, string]] : []),
    ['Time', durationText(milliseconds)],
    ...(done > 0 && bytesIn > 0 ? [['Size', formatBytes(bytesIn)] as [string, string]] : []),
    ...(seconds > 0 ? [['Files per second', rateText(settled / seconds)] as [string, string]] : []),
  ];
  return `<p class="kicker">${operationWords[operation].title}, ${momentText(report.startedAt)}</p>
<h1>${htmlText(sentence)}</h1>
${consequence === undefined ? '' : `<p class="lead">${htmlText(consequence)}</p>`}
${share([
  ['d', done + wouldBe],
  ['s', skipped - wouldBe],
  ['f', failed],
  ['o', open],
])}
<dl class="counts">${counts.map(([label, value, dot]) => `<div><dt>${dot === undefined ? '' : `<span class="dot ${dot}"></span>`}${label}</dt><dd>${value}</dd></div>`).join('')}</dl>`;
}

/** A bar of the shares; what is there at all is seen, however little it is. */
function share(parts: readonly (readonly [name: string, count: number])[]): string {
  const there = parts.filter(([, count]) => count > 0);
  const total = there.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return '';
  const widths = there.map(([, count]) => Math.max(6, (count / total) * 1000));
  const sum = widths.reduce((a, b) => a + b, 0);
  let x = 0;
  const bars = there.map(([name], index) => {
    const width = ((widths[index] ?? 0) / sum) * 1000;
    const bar = `<rect class="${name}" x="${x.toFixed(1)}" width="${width.toFixed(1)}" height="10"/>`;
    x += width;
    return bar;
  });
  return `<svg class="share" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">${bars.join('')}</svg>`;
}

function charts(report: BulkReport): string {
  const series = throughputSeries(report.throughput);
  const last = report.throughput.at(-1);
  if (series.length < 4 || last === undefined || last.files === 0) {
    return report.found === 0 || report.dryRun
      ? ''
      : '<h2>Throughput</h2><p class="soft">The run was too short to draw its speed over time.</p>';
  }
  const seconds = last.at / 1000;
  const files = throughputChart({
    title: 'Files per second',
    steps: series.map(({ from, to, filesPerSecond }) => ({ from, to, value: filesPerSecond })),
    average: last.files / seconds,
  });
  const megabytes = throughputChart({
    title: 'MB per second',
    steps: series.map(({ from, to, bytesPerSecond }) => ({ from, to, value: bytesPerSecond / 1e6 })),
    average: last.bytes / seconds / 1e6,
  });
  return `<h2>Throughput</h2>\n<div class="charts">${files}${last.bytes > 0 ? megabytes : ''}</div>`;
}

function causes(groups: readonly FailureGroup[]): string {
  if (groups.length === 0) return '';
  const rows = groups.map(
    ({ count, cause, advice, code }) =>
      `<tr><td class="n">${numberText(count)}</td><td>${htmlText(cause)} <code class="soft">${code}</code></td><td>${htmlText(advice)}</td></tr>`,
  );
  return `<h2>What failed, and what to do</h2>
<table class="stack counted"><thead><tr><th class="n">Files</th><th>Cause</th><th>What to do</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table>`;
}

function skips(report: BulkReport): string {
  const reasons = (Object.entries(report.skippedBecause) as [SkipReason, number][])
    .filter(([reason, count]) => count > 0 && reason !== 'dry-run')
    .sort((a, b) => b[1] - a[1]);
  if (reasons.length === 0) return '';
  const rows = reasons.map(
    ([reason, count]) =>
      `<tr><td class="n">${numberText(count)}</td><td>${htmlText(capital(skipWords[reason] ?? reason))}</td></tr>`,
  );
  return `<h2>What was passed over</h2>
<table><thead><tr><th class="n">Files</th><th>Reason</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table>`;
}

function run(report: BulkReport, facts: readonly ReportFact[]): string {
  const { inputs, out, sessions, threads, concurrency, bytesOut, done } = report;
  const shown = inputs.slice(0, 50).map((input) => `<bdi>${htmlText(input)}</bdi>`);
  const more = inputs.length > shown.length ? [`and ${numberText(inputs.length - shown.length)} more`] : [];
  const rows: (readonly [string, string])[] = [
    ['Input', [...shown, ...more].join('<br>')],
    ...(out === undefined ? [] : [['Output', `<bdi>${htmlText(out)}</bdi>`] as const]),
    ...facts.map(([name, value]) => [htmlText(name), `<bdi>${htmlText(value)}</bdi>`] as const),
    ['Began', momentText(report.startedAt)],
    ['Ended', momentText(report.endedAt)],
    [
      'Work',
      `${durationText(report.milliseconds)}${sessions > 1 ? `, in ${numberText(sessions)} sessions` : ''}`,
    ],
    ['At once', `${filesText(concurrency)}, ${numberText(threads)} thread${threads === 1 ? '' : 's'}`],
    ...(done > 0 ? [['Written', formatBytes(bytesOut)] as const] : []),
  ];
  return `<h2>The run</h2>
<dl class="run">${rows.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`).join('\n')}</dl>`;
}

function* listing(groups: readonly FailureGroup[]): Generator<string> {
  if (groups.length === 0) return;
  yield '<h2>The files that failed</h2>\n';
  const total = groups.reduce((sum, { count }) => sum + count, 0);
  const listed = groups.reduce((sum, { examples }) => sum + examples.length, 0);
  if (listed < total) {
    yield `<p class="note">${numberText(listed)} of ${numberText(total)} are listed here, the first of each cause. A report ending in .csv or .json lists all of them.</p>\n`;
  }
  for (const { cause, count, examples } of groups) {
    const of = examples.length < count ? ` (${numberText(examples.length)} of ${numberText(count)})` : '';
    yield `<h3>${htmlText(cause)}<span class="soft">${of}</span></h3>\n<table class="stack listed"><thead><tr><th>File</th><th>What happened</th></tr></thead><tbody>\n`;
    for (const { path, error } of examples) {
      yield `<tr><td class="file"><bdi class="name">${htmlText(basename(path))}</bdi><bdi class="folder">${htmlText(dirname(path))}</bdi></td><td><span class="why">${htmlText(shortened(error?.message ?? '', path))}</span></td></tr>\n`;
    }
    yield '</tbody></table>\n';
  }
}

/** The path stands beside it already. */
const shortened = (message: string, path: string): string =>
  message.startsWith(`${path} `)
    ? `It ${message.slice(path.length + 1)}`
    : message.replaceAll(path, basename(path));

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
