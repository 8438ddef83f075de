// What a run on many machines shares with one on a single machine: the door of `queue/` into this folder. Not an entry
// of the package.
export { createFlushGroup } from '../flush-group.ts';
export { createWorkerPool } from '../workers/create-worker-pool.ts';
export type { BulkReport, ThroughputPoint } from './bulk-report.ts';
export type { FileOutcome, SkipReason } from './outcome.ts';
export { performTask } from './perform-task.ts';
export type { BulkRules } from './rules/bulk-rules.ts';
export { decideByRules } from './rules/decide-by-rules.ts';
export { parseBulkRules } from './rules/parse-bulk-rules.ts';
export { resolveRules } from './rules/resolve-rules.ts';
export { checkDocumentSettings } from './run/check-document-settings.ts';
export { runSizes } from './run/run-sizes.ts';
export { runTasks } from './run/run-tasks.ts';
export type { FileSelection } from './selection/file-selection.ts';
export { listFiles } from './selection/list-files.ts';
export type { BulkOperation, FileTask, TaskSettings } from './task.ts';
