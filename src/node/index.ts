export {
  type BulkOperation,
  type BulkOptions,
  type BulkOutput,
  type BulkPolicyChoice,
  type BulkProgress,
  type BulkPublishing,
  type BulkReport,
  type BulkRule,
  type BulkRules,
  type FileOutcome,
  type FileSelection,
  type FileStorage,
  type InspectFilesOptions,
  inspectFiles,
  journalOutcomes,
  type MessagePolicy,
  type OpenFilesOptions,
  type OutputFacts,
  openFiles,
  type ParseBulkRulesOptions,
  type ProtectFilesOptions,
  parseBulkRules,
  protectFiles,
  type RemoveProtectionFromFilesOptions,
  type ReprotectFilesOptions,
  readBulkRules,
  removeProtectionFromFiles,
  reprotectFiles,
  type SkipReason,
  type StoredFile,
  type StoredSource,
  type StoreOptions,
  type ThroughputPoint,
  type WatchFolderOptions,
  watchFolder,
} from './bulk/index.ts';
export {
  assertReportPlace,
  type FailureGroup,
  type FailureGroups,
  type FailureWords,
  failureGroups,
  failureWords,
  groupFailures,
  type OperationWords,
  operationWords,
  type ReportFact,
  type ReportFormat,
  reportFormat,
  skipWords,
  type WriteReportOptions,
  writeReport,
} from './bulk/report/index.ts';
export {
  type ChangeFileLabelsOptions,
  changeFileLabels,
  type LabelledFile,
  readFileLabels,
} from './file-labels.ts';
export { createFileSink, type FileSink, type FileSinkOptions } from './file-sink.ts';
export { type FileSource, openFileSource } from './file-source.ts';
export { createFlushGroup, type FlushGroup, type FlushGroupOptions } from './flush-group.ts';
export { type InspectFileOptions, inspectFile } from './inspect-file.ts';
export { type FolderLicenseStoreOptions, folderLicenseStore } from './license-cache/folder-license-store.ts';
export { type OpenedFile, type OpenFileOptions, openFile, type SaveOptions } from './open-file.ts';
export { type OpenedMessageFile, openMessageFile } from './open-message-file.ts';
export type { FileOutputOptions } from './output-options.ts';
export { type ProtectedFile, type ProtectFileOptions, protectFile } from './protect-file.ts';
export {
  type RemoveProtectionFromFileOptions,
  removeProtectionFromFile,
  type UnprotectedFile,
} from './remove-protection-from-file.ts';
export { type ReprotectFileOptions, reprotectFile } from './reprotect-file.ts';
export type { SavedMessage, SaveMessageOptions } from './save-message.ts';
export { removeStaleFiles } from './stale-files.ts';
export type { FileThreadsOptions } from './transfer/file-carrier.ts';
export { type ThreadedCarrierOptions, threadedCarrier } from './transfer/threaded-carrier.ts';
export { type FolderEntry, type WalkFolderOptions, walkFolder } from './walk-folder.ts';
export { createWorkerPool } from './workers/create-worker-pool.ts';
export type { JobOptions, WorkerPool, WorkerPoolOptions } from './workers/worker-pool.ts';
export { type WriteWholeFileOptions, writeWholeFile } from './write-whole-file.ts';
