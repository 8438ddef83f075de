import type { FileOutcome } from '../outcome.ts';
import type { Listed } from '../run/listed-file.ts';
import { fileVersion } from './file-version.ts';

/** What a watch knows of the files in its folder. Whatever is no longer there is forgotten with the next look. */
export interface SeenFiles {
  /** A look at the whole folder begins, and ends. */
  beginLook(): void;
  endLook(): void;
  /** A file or something else was met. Gives it if it is to be dealt with now. */
  meet(entry: Listed, at: number): Listed | undefined;
  /** Files that did not change for long enough meanwhile. */
  settledSince(at: number): readonly Listed[];
  /** How many wait for that. */
  readonly waiting: number;
  /** What came of a file: neither it nor what was made of it is new, until it changes. */
  note(outcome: FileOutcome): void;
}

interface Candidate {
  readonly entry: Listed;
  readonly version: string;
  readonly since: number;
}

/** @param settleFor milliseconds for which a file must not have changed */
export function seenFiles(settleFor: number): SeenFiles {
  /** Version of each file that was dealt with; of what is no file, why it is passed over. */
  const known = new Map<string, string>();
  const candidates = new Map<string, Candidate>();
  const inProgress = new Set<string>();
  let met = new Set<string>();

  function ripe(path: string, at: number): Listed | undefined {
    const candidate = candidates.get(path);
    const version = fileVersion(path);
    if (candidate === undefined || version === undefined) {
      candidates.delete(path);
      return undefined;
    }
    if (candidate.version !== version) {
      candidates.set(path, { ...candidate, version, since: at });
      return undefined;
    }
    if (at - candidate.since < settleFor) return undefined;
    candidates.delete(path);
    inProgress.add(path);
    return candidate.entry;
  }

  return {
    beginLook() {
      met = new Set();
    },
    endLook() {
      for (const path of known.keys()) if (!met.has(path)) known.delete(path);
    },
    meet(entry, at) {
      const path = entry.kind === 'file' ? entry.path : entry.outcome.path;
      met.add(path);
      if (inProgress.has(path) || candidates.has(path)) return undefined;
      if (entry.kind === 'settled') {
        const { reason = entry.outcome.status } = entry.outcome;
        if (known.get(path) === reason) return undefined;
        known.set(path, reason);
        return entry;
      }
      const version = fileVersion(path);
      if (version !== undefined && known.get(path) !== version)
        candidates.set(path, { entry, version, since: at });
      return undefined;
    },
    settledSince: (at) => [...candidates.keys()].flatMap((path) => ripe(path, at) ?? []),
    get waiting() {
      return candidates.size;
    },
    note({ path, output }) {
      inProgress.delete(path);
      for (const each of output === undefined ? [path] : [path, output]) {
        const version = fileVersion(each);
        if (version === undefined) continue;
        known.set(each, version);
        met.add(each);
        candidates.delete(each);
      }
    },
  };
}
