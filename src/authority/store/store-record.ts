import type { Template } from '../../rights/index.ts';
import type { UsageRecord } from '../usage-log/usage-record.ts';
import type { ContentRecord, JsonValue, RevocationRecord } from './authority-store.ts';

/** What becomes of `T` in JSON: times are ISO 8601 text, and what is undefined is left out. */
export type AsJson<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? readonly AsJson<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: AsJson<T[Key]> }
      : T;

/** What one line of an export holds. */
export type StoreEntry =
  | { readonly kind: 'setting'; readonly name: string; readonly value: JsonValue }
  | { readonly kind: 'template'; readonly template: Template }
  | { readonly kind: 'deleted-template'; readonly id: string; readonly deletedAt: Date }
  | { readonly kind: 'content'; readonly content: ContentRecord }
  | { readonly kind: 'revocation'; readonly revocation: RevocationRecord }
  | { readonly kind: 'usage'; readonly usage: UsageRecord };

/** A {@link StoreEntry} as plain JSON. */
export type StoreRecord = AsJson<StoreEntry>;

/** `entry` as plain JSON data. */
export const toStoreRecord = (entry: StoreEntry): StoreRecord =>
  JSON.parse(JSON.stringify(entry)) as StoreRecord;
