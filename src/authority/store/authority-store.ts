import type { Template } from '../../rights/index.ts';
import type { UsageRecord } from '../usage-log/usage-record.ts';
import type { StoreRecord } from './store-record.ts';

/** Anything JSON can say. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/** One content the authority knows, by its content id. */
export interface ContentRecord {
  /** GUID, lower case, without braces. */
  readonly contentId: string;
  readonly owner: string;
  readonly issuer: string;
  readonly templateId: string | undefined;
  readonly name: string | undefined;
  readonly publishedAt: Date;
}

/** One withdrawal of access. */
export interface RevocationRecord {
  readonly contentId: string;
  /** From whom; `undefined` is everyone. */
  readonly user: string | undefined;
  /** Who withdrew it. */
  readonly by: string;
  readonly at: Date;
}

/** A content and its withdrawals. */
export interface TrackedContent {
  readonly content: ContentRecord;
  readonly revocations: readonly RevocationRecord[];
}

/** A span of time: `from` included, `until` not. */
export interface TimeRange {
  readonly from?: Date | undefined;
  readonly until?: Date | undefined;
}

/** Which contents to find: all conditions that are given hold; owner and name match exactly. */
export interface ContentFilter extends TimeRange {
  readonly owner?: string | undefined;
  readonly name?: string | undefined;
}

/**
 * What an authority keeps. Ids are GUIDs in lower case without braces, addresses in lower case: whoever calls has
 * normalized them (`rights/`), the store compares them as they are.
 */
export interface AuthorityRecords {
  getSetting(name: string): Promise<JsonValue | undefined>;
  /** Creates or replaces a setting. */
  setSetting(name: string, value: JsonValue): Promise<void>;

  /** The template, `'deleted'` for one that once was, or `undefined`. */
  getTemplate(id: string): Promise<Template | 'deleted' | undefined>;
  /** All templates but deleted ones, in the order in which they were created. */
  listTemplates(): Promise<readonly Template[]>;
  /** Creates a template, or replaces the one with its id, a deleted one included. */
  putTemplate(template: Template): Promise<void>;
  /** Leaves a mark that the template once was. Resolves to whether there was one to delete. */
  deleteTemplate(id: string, at: Date): Promise<boolean>;

  getContent(contentId: string): Promise<ContentRecord | undefined>;
  /** A content and what was withdrawn of it, oldest first, as both are at one moment. */
  getTrackedContent(contentId: string): Promise<TrackedContent | undefined>;
  /** Resolves to `false`, and changes nothing, if the content is known already. */
  insertContent(content: ContentRecord): Promise<boolean>;
  /** Resolves to whether the content is known. */
  renameContent(contentId: string, name: string): Promise<boolean>;
  /** In the order in which they were published. */
  findContents(filter?: ContentFilter): AsyncIterable<ContentRecord>;

  /** Resolves to `false`, and changes nothing, if that was withdrawn before. Throws `CONTENT_NOT_FOUND`. */
  revoke(revocation: RevocationRecord): Promise<boolean>;
  /** Undoes the withdrawal from `user`, or the one from everyone. Resolves to whether there was one. */
  restore(contentId: string, user?: string): Promise<boolean>;
  /** Oldest first. */
  listRevocations(contentId: string): Promise<readonly RevocationRecord[]>;

  /** Appends rows, all or none. */
  appendUsage(records: readonly UsageRecord[]): Promise<void>;
  /**
   * Appends a row, unless one with the same `key` and a time of `since` or later is there. Looking and appending are
   * one step, whoever else writes. Resolves to whether the row was appended. A key is not part of an export.
   */
  appendUsageOnce(record: UsageRecord, key: string, since: Date): Promise<boolean>;
  /** Rows in the order in which they were appended, up to the last one there was when reading began. */
  usage(range?: TimeRange): AsyncIterable<UsageRecord>;
  countUsage(range?: TimeRange): Promise<number>;
}

/**
 * Where an authority keeps its records. Every implementation passes `spec/conformance/authority-store.ts`.
 *
 * Every operation may throw `SERVICE_UNAVAILABLE` if the store stayed busy for too long, and `IO_FAILED`,
 * `NO_SPACE` or `PERMISSION_DENIED` if it could not be read or written.
 */
export interface AuthorityStore extends AuthorityRecords {
  /**
   * Runs `work`: all of its changes are kept, or none if it throws. Inside, use the records it is given; an
   * operation of the store itself would wait for this transaction to end, and so forever. Keep it short: other
   * writers wait.
   */
  transaction<T>(work: (records: AuthorityRecords) => Promise<T>): Promise<T>;
  /** Everything in the store, as it was when reading began. */
  exportRecords(): AsyncIterable<StoreRecord>;
  /**
   * Fills an empty store with what {@link exportRecords} gave, all or nothing.
   * Throws `AUTHORITY_EXISTS` if the store is not empty, `MALFORMED_ARCHIVE` for records it cannot take.
   */
  importRecords(records: AsyncIterable<unknown> | Iterable<unknown>): Promise<void>;
  /** Waits for what is under way and closes. Closing twice is allowed. */
  close(): Promise<void>;
}
