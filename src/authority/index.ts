export { type OpenedArchive, readArchive } from './archive/read-archive.ts';
export type {
  Authority,
  AuthorityFacts,
  AuthorityTemplates,
  RequestFacts,
  UsageLogFilter,
} from './authority.ts';
export { type AuthorityParts, createAuthority } from './create-authority.ts';
export type {
  AuthorityRecords,
  AuthorityStore,
  ContentFilter,
  ContentRecord,
  JsonValue,
  RevocationRecord,
} from './store/authority-store.ts';
export { createMemoryStore } from './store/memory-store.ts';
export type { StoreRecord } from './store/store-record.ts';
export {
  formatW3cLog,
  parseW3cLog,
  type UsageRecord,
  type UsageRequestType,
  usageRequestTypes,
  usageSuccess,
  w3cFields,
} from './usage-log/index.ts';
