/**
 * Where licenses and certificates are kept between uses: bytes under keys that say nothing. In memory
 * ({@link memoryLicenseStore}), encrypted in a folder (`folderLicenseStore` of `sealwright/node`), or the application's
 * own. Several callers may use one at the same time (spec/license-cache.md, "Stores").
 */
export interface LicenseStore {
  /** What is kept under `key`, as a copy that the caller wipes. Damaged entries are absent. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** Keeps a copy of `bytes` in place of what was there. */
  set(key: string, bytes: Uint8Array, entry?: KeptEntry): Promise<void>;
  delete(key: string): Promise<void>;
  /** Deletes every entry of `group`. */
  deleteGroup(group: string): Promise<void>;
  /** Deletes what has ended by `now`. */
  purge(now: Date): Promise<void>;
  /** Deletes everything, the latest time included. */
  clear(): Promise<void>;
  /** The latest time that anybody noted here; never goes back. */
  latestTime(): Promise<Date | undefined>;
  /** Notes that it has been `time`. Stores may leave out steps of less than a minute. */
  noteTime(time: Date): Promise<void>;
}

/** What a store is told about an entry, to throw it away in time. */
export interface KeptEntry {
  /** From when on it is of no use. */
  readonly expires?: Date | undefined;
  /** What it belongs to, for {@link LicenseStore.deleteGroup}. */
  readonly group?: string | undefined;
}
