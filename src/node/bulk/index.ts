export type {
  BulkOptions,
  BulkOutput,
  BulkPolicyChoice,
  BulkPublishing,
  InspectFilesOptions,
  OpenFilesOptions,
  ProtectFilesOptions,
  RemoveProtectionFromFilesOptions,
  ReprotectFilesOptions,
} from './bulk-options.ts';
export type { BulkProgress, BulkReport, ThroughputPoint } from './bulk-report.ts';
export { inspectFiles } from './inspect-files.ts';
export { journalOutcomes } from './journal/journal-outcomes.ts';
export type { MessagePolicy } from './message-policy.ts';
export { openFiles } from './open-files.ts';
export type { FileOutcome, OutputFacts, SkipReason } from './outcome.ts';
export { protectFiles } from './protect-files.ts';
export { removeProtectionFromFiles } from './remove-protection-from-files.ts';
export { reprotectFiles } from './reprotect-files.ts';
export type { BulkRule, BulkRules } from './rules/bulk-rules.ts';
export { type ParseBulkRulesOptions, parseBulkRules } from './rules/parse-bulk-rules.ts';
export { readBulkRules } from './rules/read-bulk-rules.ts';
export type { FileSelection } from './selection/file-selection.ts';
export type { FileStorage, StoredFile, StoredSource, StoreOptions } from './storage/file-storage.ts';
export type { BulkOperation } from './task.ts';
export { type WatchFolderOptions, watchFolder } from './watch/watch-folder.ts';
