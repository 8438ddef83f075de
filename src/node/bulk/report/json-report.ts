import type { BulkReport } from '../bulk-report.ts';
import type { FileOutcome } from '../outcome.ts';
import type { ReportFact } from './report-fact.ts';

/** Everything, as one JSON document with a file a line, so that it can be read by lines, too (spec/cli.md, "Reports"). */
export async function* jsonReport(
  report: BulkReport,
  outcomes: AsyncIterable<FileOutcome>,
  facts: readonly ReportFact[],
): AsyncGenerator<string> {
  // The failures stand among the files.
  const { failures: _, ...summary } = report;
  yield `{"sealwrightReport":1,\n"run":${JSON.stringify({ ...summary, facts: Object.fromEntries(facts) })},\n"files":[`;
  let separator = '\n';
  for await (const outcome of outcomes) {
    yield separator + JSON.stringify(outcome);
    separator = ',\n';
  }
  yield '\n]}\n';
}
