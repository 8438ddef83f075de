/**
 * Gathers the flushes to disk of many files that are written at once. Each promise resolves when what was
 * written before the call survives a loss of power; calls that come while the disk is busy share the next flush.
 */
export interface FlushGroup {
  /** Flushes the content of the file that is open as `descriptor`. */
  file(descriptor: number): Promise<void>;
  /** Flushes the names in a folder. Never fails: some systems cannot. */
  folder(path: string): Promise<void>;
}
