export { type FailureGroup, type FailureGroups, failureGroups, groupFailures } from './failure-groups.ts';
export { type FailureWords, failureWords } from './failure-words.ts';
export { type OperationWords, operationWords } from './operation-words.ts';
export type { ReportFact } from './report-fact.ts';
export { skipWords } from './skip-words.ts';
export {
  assertReportPlace,
  type ReportFormat,
  reportFormat,
  type WriteReportOptions,
  writeReport,
} from './write-report.ts';
