import type { FileOutcome } from '../outcome.ts';
import type { FileTask, TaskSettings } from '../task.ts';
import type { EarlierSessions } from './journal.ts';
import { damaged, unusable } from './journal-error.ts';
import type { BegunFile, JournalLine } from './journal-line.ts';

/** Files begun and not settled are some hundreds a session; a journal that claims more is none of ours. */
const mostUnsettled = 100_000;
/** Sets of settings are few: one, or one a rule. */
const mostSettings = 10_000;
/** A set of the runtime holds some 16.7 million. */
const mostSettled = 16_000_000;

/** Puts together what the lines of a journal say. */
export interface SessionReading {
  readonly earlier: EarlierSessions;
  /** The boot of the last session that did not end in order. */
  readonly openSince: string | undefined;
  readonly settings: readonly TaskSettings[];
  /** Throws `JOURNAL_UNUSABLE` for a line that cannot stand there. */
  take(line: JournalLine, number: number): void;
}

/** Called with each settled file, and the milliseconds of work after which it was. */
export type OnSettled = (outcome: FileOutcome, at: number) => void;
/** Called where a session begins: what earlier ones said of what is not a file is said anew. */
export type OnSession = () => void;

export function sessionReading(
  path: string,
  now: string,
  onSettled: OnSettled,
  onSession: OnSession,
): SessionReading {
  const settled = new Set<string>();
  const outputs = new Set<string>();
  const unsettled = new Map<string, BegunFile>();
  const settings: TaskSettings[] = [];
  let runStartedAt: string | undefined;
  let sessions = 0;
  let before = 0;
  let inSession = 0;
  let endedAt: string | undefined;
  let complete = false;
  let threads = 0;
  let concurrency = 0;
  let nextNumber = 0;
  let openSince: string | undefined;

  const closeSession = (): void => {
    before += inSession;
    inSession = 0;
  };
  const count = (number: number): void => {
    nextNumber = Math.max(nextNumber, number + 1);
  };
  const taskOf = ({ number, path: file, relativePath, settings: index }: BegunFile): FileTask => ({
    number,
    path: file,
    relativePath,
    settings: settings[index] as TaskSettings,
    runStartedAt: runStartedAt ?? now,
    resumed: true,
  });

  return {
    earlier: {
      get runStartedAt() {
        return runStartedAt ?? now;
      },
      get sessions() {
        return sessions;
      },
      get milliseconds() {
        return before + inSession;
      },
      get endedAt() {
        return endedAt;
      },
      get complete() {
        return complete;
      },
      get threads() {
        return threads;
      },
      get concurrency() {
        return concurrency;
      },
      get nextNumber() {
        return nextNumber;
      },
      isSettled: (file) => settled.has(file),
      isOutput: (file) => outputs.has(file),
      get unsettled() {
        return [...unsettled.values()].map(taskOf);
      },
      uncertain: false,
    },
    get openSince() {
      return openSince;
    },
    settings,
    take(line, number) {
      if (complete || (sessions === 0 && line.kind !== 'session')) throw damaged(path, number);
      switch (line.kind) {
        case 'session':
          closeSession();
          sessions++;
          runStartedAt ??= line.at;
          openSince = line.boot;
          endedAt = undefined;
          onSession();
          break;
        case 'settings':
          if (line.index !== settings.length || line.index >= mostSettings) throw damaged(path, number);
          settings.push(line.settings);
          break;
        case 'begun':
          for (const file of line.files) {
            if (file.settings >= settings.length) throw damaged(path, number);
            count(file.number);
            if (!settled.has(file.path)) unsettled.set(file.path, file);
          }
          if (unsettled.size > mostUnsettled) throw damaged(path, number);
          break;
        case 'settled': {
          const { outcome, after } = line;
          inSession = Math.max(inSession, after);
          onSettled(outcome, before + after);
          // What is no file has no number, and the next listing tells of it again.
          if (outcome.number === undefined) break;
          count(outcome.number);
          unsettled.delete(outcome.path);
          settled.add(outcome.path);
          if (outcome.output !== undefined && outcome.output !== outcome.path) outputs.add(outcome.output);
          if (settled.size > mostSettled) throw unusable(path, 'it names too many files.', 'too-large');
          break;
        }
        case 'end':
          inSession = Math.max(inSession, line.milliseconds);
          endedAt = line.at;
          complete = line.complete;
          threads = Math.max(threads, line.threads);
          concurrency = Math.max(concurrency, line.concurrency);
          openSince = undefined;
          break;
        case 'synced':
          break;
        case 'header':
          throw damaged(path, number);
      }
    },
  };
}
