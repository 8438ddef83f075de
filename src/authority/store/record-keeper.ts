import type { Template } from '../../rights/index.ts';
import type { UsageRecord } from '../usage-log/usage-record.ts';
import type {
  ContentFilter,
  ContentRecord,
  JsonValue,
  RevocationRecord,
  TimeRange,
  TrackedContent,
} from './authority-store.ts';

/** A row of the usage log with its place in it. */
export interface UsageEntry {
  readonly sequence: number;
  readonly record: UsageRecord;
}

/** The reading half of an engine that answers at once. */
export interface RecordReader {
  readSetting(name: string): JsonValue | undefined;
  readSettings(): readonly (readonly [name: string, value: JsonValue])[];
  readTemplate(id: string): Template | 'deleted' | undefined;
  readTemplates(): readonly Template[];
  readDeletedTemplates(): readonly { readonly id: string; readonly deletedAt: Date }[];
  readContent(contentId: string): ContentRecord | undefined;
  readTrackedContent(contentId: string): TrackedContent | undefined;
  /** Up to `limit` contents after `after`, ordered by time of publishing and then by id. */
  readContents(
    filter: ContentFilter,
    after: ContentRecord | undefined,
    limit: number,
  ): readonly ContentRecord[];
  /** All revocations, or those of one content, oldest first. */
  readRevocations(contentId?: string): readonly RevocationRecord[];
  /** Sequence of the last row, 0 if there is none. */
  lastUsage(): number;
  /** Up to `limit` rows with `after < sequence <= last`. */
  readUsage(range: TimeRange, after: number, last: number, limit: number): readonly UsageEntry[];
  countUsage(range: TimeRange): number;
}

/** The records as they were at one moment. */
export interface RecordSnapshot extends RecordReader {
  close(): void;
}

/**
 * An engine that answers at once and can undo: all that `storeOf` needs to make an `AuthorityStore`. A
 * keeper does what it is told; order, waiting and atomicity are the store's business.
 */
export interface RecordKeeper extends RecordReader {
  /** Runs one step, again and again while another process keeps it from being done. */
  attempt<T>(step: () => T): Promise<T>;
  /** Runs what reads several times, so that it begins but once; absent where beginning costs nothing. */
  readTogether?(run: () => void): void;
  begin(): void;
  commit(): void;
  rollback(): void;
  /** Whether what was begun is still neither committed nor undone. */
  inTransaction(): boolean;
  /** Begins a part of the transaction that can be undone by itself; parts do not nest. */
  savepoint(): void;
  release(): void;
  rollbackToSavepoint(): void;
  /** The error of this library for one that a step threw. */
  explain(error: unknown): unknown;

  writeSetting(name: string, value: JsonValue): void;
  writeTemplate(template: Template): void;
  writeDeletedTemplate(id: string, deletedAt: Date): void;
  addContent(content: ContentRecord): boolean;
  renameContent(contentId: string, name: string): boolean;
  addRevocation(revocation: RevocationRecord): boolean;
  removeRevocation(contentId: string, user: string | undefined): boolean;
  appendUsage(records: readonly UsageRecord[]): void;
  appendUsageOnce(record: UsageRecord, key: string, since: Date): boolean;

  /** The records as they are now, whatever is written later. */
  openSnapshot(): Promise<RecordSnapshot>;
  close(): void;
}
