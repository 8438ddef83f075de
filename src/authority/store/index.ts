export type {
  AuthorityRecords,
  AuthorityStore,
  ContentFilter,
  ContentRecord,
  JsonValue,
  RevocationRecord,
  TimeRange,
} from './authority-store.ts';
export { createMemoryStore } from './memory-store.ts';
export type { StoreRecord } from './store-record.ts';
