import {
  closeSync,
  constants,
  fdatasync,
  fstatSync,
  ftruncateSync,
  openSync,
  type Stats,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { fileError } from '../../file-error.ts';
import { ownMarker } from '../../process-marker.ts';
import { syncFolder } from '../../sync-folder.ts';
import type { FileOutcome } from '../outcome.ts';
import type { BulkOperation, FileTask, TaskSettings } from '../task.ts';
import { type OnSession, type OnSettled, sessionReading } from './earlier-sessions.ts';
import type { Journal } from './journal.ts';
import { unusable } from './journal-error.ts';
import {
  type BegunFile,
  begunLine,
  endLine,
  headerLine,
  sessionLine,
  settingsLine,
  settledLine,
  syncedLine,
} from './journal-line.ts';
import { lockJournal } from './journal-lock.ts';
import { journalLines } from './read-journal.ts';

/** Outcomes are written once there is this much of them, and at the latest after this time. */
const bytesAtOnce = 32 * 1024;
const millisecondsAtMost = 50;
/** Begun files go into lines of about this many characters, far from the longest that is read. */
const charactersALine = 128 * 1024;

/** What {@link openJournal} takes. */
export interface OpenJournalOptions {
  readonly path: string;
  readonly operation: BulkOperation;
  /** Of all that was asked for; a journal of anything else is refused. */
  readonly fingerprint: string;
  /** Whether what is begun is flushed to disk before it begins. */
  readonly durable: boolean;
  readonly now: () => Date;
  /** Whether a file that an earlier session began with is one that this run could have begun with. */
  readonly accepts: (task: FileTask) => boolean;
  readonly onSettled: OnSettled;
  readonly onSession: OnSession;
}

/**
 * Opens the journal at `path` for this run, creates it if need be, and reads what earlier sessions left (spec/bulk.md, "Journal").
 *
 * @throws `JOURNAL_UNUSABLE` if it is damaged, of another run, in use, or could be changed by others; what files can fail with
 */
export async function openJournal(options: OpenJournalOptions): Promise<Journal> {
  const { path } = options;
  const release = lockJournal(path);
  let descriptor: number | undefined;
  try {
    const { O_RDWR, O_CREAT, O_NONBLOCK } = constants;
    // A pipe must not be waited for; it is refused below.
    descriptor = openSync(path, O_RDWR | O_CREAT | (O_NONBLOCK ?? 0), 0o600);
    const journal = loaded(descriptor, options, release);
    if (options.durable && journal.earlier.sessions === 0) await syncFolder(dirname(path));
    return journal;
  } catch (error) {
    if (descriptor !== undefined) closeSync(descriptor);
    release();
    throw fileError(error, { action: 'write', path });
  }
}

function loaded(
  descriptor: number,
  { path, operation, fingerprint, durable, now, accepts, onSettled, onSession }: OpenJournalOptions,
  release: () => void,
): Journal {
  const { size } = ownFile(path, descriptor);
  const startedAt = now().toISOString();
  const reading = sessionReading(path, startedAt, onSettled, onSession);
  const lines = journalLines(path, descriptor, size);
  let step = lines.next();
  for (; step.done !== true; step = lines.next()) reading.take(step.value.line, step.value.number);
  const found = step.value;
  if (found !== undefined && (found.fingerprint !== fingerprint || found.operation !== operation))
    throw unusable(
      path,
      'it belongs to a run that was asked for something else. Ask for the same again, or name another journal.',
      'another-run',
    );
  if (!reading.earlier.unsettled.every(accepts))
    throw unusable(
      path,
      'it names files, or things to do with them, that this run was not asked for. Begin the run anew with another journal.',
      'not-asked-for',
    );
  const boot = bootOf();
  if (!durable && reading.openSince !== undefined && reading.openSince !== boot)
    throw unusable(
      path,
      'the machine stopped during a run that was not to wait for the disk (durable: false), so files it names as done may be lost. Begin anew with another journal.',
      'not-durable',
    );
  let length = found?.soundLength ?? 0;
  if (length < size) ftruncateSync(descriptor, length);
  let pending: string[] = [];
  let pendingBytes = 0;
  let timer: NodeJS.Timeout | undefined;
  let failure: { readonly error: unknown } | undefined;
  let closed = false;
  /** Ends when no flush is under way. */
  let flushing: Promise<unknown> = Promise.resolve();
  const began = performance.now();
  const settingsIndexes = new Map<TaskSettings, number>();
  const settingsTexts = new Map<string, number>(
    reading.settings.map((each, index) => [settingsLine(0, each), index]),
  );

  function write(): void {
    clearTimeout(timer);
    timer = undefined;
    if (pending.length === 0) return;
    const bytes = Buffer.from(`${pending.join('\n')}\n`, 'utf8');
    pending = [];
    pendingBytes = 0;
    try {
      for (let done = 0; done < bytes.length; )
        done += writeSync(descriptor, bytes, done, bytes.length - done, length + done);
      length += bytes.length;
    } catch (cause) {
      const error = fileError(cause, { action: 'write', path });
      failure ??= { error };
      throw error;
    }
  }

  /** Writes in a while. What then fails, the next call tells. */
  function writeSoon(): void {
    timer ??= setTimeout(() => {
      try {
        write();
      } catch {
        // Kept in `failure`.
      }
    }, millisecondsAtMost).unref();
  }

  function append(line: string): void {
    if (failure !== undefined) throw failure.error;
    // The number of its descriptor may belong to another file by now.
    if (closed) throw unusable(path, 'it was closed while the run went on. Start the run again.', 'closed');
    pending.push(line);
    pendingBytes += line.length;
  }

  async function sync(): Promise<void> {
    write();
    const flushed = length;
    const flush = new Promise<void>((resolve, reject) =>
      fdatasync(descriptor, (error) =>
        error === null ? resolve() : reject(fileError(error, { action: 'write', path })),
      ),
    );
    flushing = Promise.allSettled([flushing, flush]);
    await flush;
    if (!closed) append(syncedLine(flushed));
  }

  function settingsIndex(settings: TaskSettings): number {
    const known = settingsIndexes.get(settings);
    if (known !== undefined) return known;
    const text = settingsLine(0, settings);
    let index = settingsTexts.get(text);
    if (index === undefined) {
      index = settingsTexts.size;
      settingsTexts.set(text, index);
      append(settingsLine(index, settings));
    }
    // Whoever makes settings for each file anew is served, too; but they are not all remembered.
    if (settingsIndexes.size < 1_000) settingsIndexes.set(settings, index);
    return index;
  }

  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    clearTimeout(timer);
    await flushing;
    closeSync(descriptor);
    release();
  };

  if (found === undefined) append(headerLine(fingerprint, operation));
  if (!reading.earlier.complete) {
    append(sessionLine(startedAt, boot));
    write();
  }

  return {
    earlier: Object.freeze({ ...reading.earlier, uncertain: found?.uncertain ?? false }),
    async started(tasks) {
      for (const files of inLines(tasks, settingsIndex)) append(begunLine(files));
      if (durable) await sync();
      else write();
    },
    record(outcome: FileOutcome) {
      append(settledLine(outcome, Math.round(performance.now() - began)));
      if (pendingBytes >= bytesAtOnce) write();
      else writeSoon();
    },
    flush: sync,
    async end({ complete, milliseconds, threads, concurrency }) {
      append(
        endLine({
          at: now().toISOString(),
          complete,
          milliseconds: Math.round(milliseconds),
          threads,
          concurrency,
        }),
      );
      try {
        await sync();
      } finally {
        await close();
      }
    },
    async close() {
      try {
        if (!closed && failure === undefined) write();
      } finally {
        await close();
      }
    },
  };
}

/** What a journal says is done to files without asking again: it must be nobody else's. */
function ownFile(path: string, descriptor: number): Stats {
  const facts = fstatSync(descriptor);
  if (!facts.isFile()) throw unusable(path, 'it is no file. Name another one.', 'not-a-journal');
  const user = process.getuid?.();
  const isOwn = user === undefined || facts.uid === user;
  const isClosed = user === undefined || (facts.mode & 0o022) === 0;
  if (isOwn && isClosed) return facts;
  throw unusable(
    path,
    `${isOwn ? 'others may write it' : 'it belongs to somebody else'}. Name a file that only you may write (mode 0600).`,
    'not-own',
  );
}

/** Machine and boot. */
function bootOf(): string {
  const { host, boot } = ownMarker();
  return `${host}-${boot}`;
}

function* inLines(
  tasks: readonly FileTask[],
  settingsIndex: (settings: TaskSettings) => number,
): Generator<readonly BegunFile[]> {
  let files: BegunFile[] = [];
  let characters = 0;
  for (const { number, path, relativePath, settings } of tasks) {
    files.push({ number, path, relativePath, settings: settingsIndex(settings) });
    characters += path.length + relativePath.length;
    if (characters < charactersALine) continue;
    yield files;
    files = [];
    characters = 0;
  }
  if (files.length > 0) yield files;
}
