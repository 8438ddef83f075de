export { listBulkRuns } from './control/list-runs.ts';
export { cancelBulkRun, pauseBulkRun, resumeBulkRun } from './control/run-state.ts';
export { type BulkRunStatus, type BulkWorker, bulkRunStatus } from './control/run-status.ts';
export { type BulkDatabase, type BulkDatabaseOptions, openBulkDatabase } from './database/bulk-database.ts';
export { type BulkRun, type BulkRunState, bulkRunStates } from './run/bulk-run.ts';
export { type SubmitBulkRunOptions, type SubmittedBulkRun, submitBulkRun } from './submit/submit-bulk-run.ts';
export { workOnBulkRuns } from './work/work-on-bulk-runs.ts';
export type { BulkWork, WorkOnBulkRunsOptions } from './work/work-options.ts';
