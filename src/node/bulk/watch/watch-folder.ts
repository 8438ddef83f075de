import { SealwrightError } from '../../../errors.ts';
import type { ProtectFilesOptions } from '../bulk-options.ts';
import type { BulkReport } from '../bulk-report.ts';
import { protectRun } from '../protect-run.ts';
import { seenFiles } from './seen-files.ts';
import { watchedFiles } from './watched-files.ts';

/** Options of {@link watchFolder}. A watch has no journal: what lies in the folder is what is left to do. */
export type WatchFolderOptions = ProtectFilesOptions & {
  readonly journal?: undefined;
  readonly storage?: undefined;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  /** Milliseconds for which a file must not have changed before it is taken; by default 2,000. */
  readonly settleMilliseconds?: number | undefined;
  /** Milliseconds after which the folder is looked through although the system told of nothing; by default 10,000. */
  readonly rescanMilliseconds?: number | undefined;
};

/** Files in progress may come to their end for so many milliseconds after the end of the watch. */
const farewell = 5_000;
const longest = 24 * 60 * 60_000;

/**
 * Protects every file that is in `folder` or comes into it, until the signal is aborted. A file is taken once it has not changed for a
 * while, and again if it changes later; what the watch made itself is never taken. The folder may be removed and made again.
 *
 * @param folder what is watched, with all that is below
 * @param options as for `protectFiles`, without journal; the signal that ends the watch
 * @returns the report, once the signal was aborted
 * @throws SealwrightError `INVALID_ARGUMENT`, `TEMPLATE_NOT_FOUND` (rules)
 * @see spec/bulk.md, "Watching a folder"
 *
 * @example
 * ```ts
 * import { watchFolder } from 'sealwright/node';
 * const stop = new AbortController();
 * process.once('SIGINT', () => stop.abort());
 * const report = await watchFolder('drop', {
 *   service: authority.as('alice@contoso.com'),
 *   policy: { grants: [{ to: 'contoso.com', rights: 'Viewer' }] },
 *   inPlace: true,
 *   signal: stop.signal,
 *   onFile: ({ path, status }) => console.log(status, path),
 * });
 * console.log(`${report.done} files were protected.`);
 * ```
 */
export async function watchFolder(folder: string, options: WatchFolderOptions): Promise<BulkReport> {
  const { signal, onFile } = options;
  const settle = checked(options.settleMilliseconds ?? 2_000, 'settleMilliseconds', 0);
  const rescan = checked(options.rescanMilliseconds ?? 10_000, 'rescanMilliseconds', 100);
  for (const name of ['journal', 'storage'] as const)
    if (options[name] !== undefined)
      throw new SealwrightError('INVALID_ARGUMENT', `A watch takes no "${name}": leave it out.`);
  const seen = seenFiles(settle);
  const late = new AbortController();
  const end = (): void => void setTimeout(() => late.abort(signal.reason), farewell).unref();
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  try {
    return await protectRun(
      folder,
      {
        ...options,
        signal: late.signal,
        onFile(outcome) {
          seen.note(outcome);
          return onFile?.(outcome);
        },
      },
      (list) => watchedFiles({ folder, seen, list, rescan, settle, signal }),
    );
  } finally {
    signal.removeEventListener('abort', end);
  }
}

function checked(value: number, name: string, least: number): number {
  if (Number.isFinite(value) && value >= least && value <= longest) return value;
  throw new SealwrightError(
    'INVALID_ARGUMENT',
    `"${name}" is ${String(value)}: give milliseconds, from ${least} to ${longest}.`,
  );
}
