import { realpathSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import {
  type BulkRules,
  decideByRules,
  type FileOutcome,
  type FileSelection,
  listFiles,
  type TaskSettings,
} from '../../node/bulk/core.ts';
import { outcomeJson } from '../run/outcome-json.ts';
import { fromSharePath, toSharePath } from '../run/share-paths.ts';
import type { SettledAtOnce } from './file-rows.ts';

/** A file of the share, and what is to be done with it. */
export interface SharedFile {
  readonly path: string;
  readonly below: string;
  readonly size: number;
  readonly settings: TaskSettings;
  readonly settled?: SettledAtOnce | undefined;
}

/** What is listed. */
export interface ShareListing {
  readonly root: string;
  readonly inputs: readonly string[];
  /** With paths as they are kept. */
  readonly settings: TaskSettings;
  readonly rules?: BulkRules | undefined;
  readonly selection?: FileSelection | undefined;
  readonly keepOut?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Lists the files of a run as a run on one machine does, with paths as they are kept. */
export async function* listShare(listing: ShareListing): AsyncGenerator<SharedFile, void, undefined> {
  const { root, inputs, settings, selection, keepOut, signal } = listing;
  const listed = listFiles(inputs.map(real), {
    selection,
    keepOut,
    signal,
    leaveOut: settings.operation !== 'inspect',
    out: settings.out === undefined ? undefined : fromSharePath(root, settings.out),
  });
  const decide =
    listing.rules === undefined
      ? () => ({ settings, rule: undefined })
      : decideByRules(settings, listing.rules);
  for await (const { file, outcome } of listed) {
    if (file === undefined) yield settledAtOnce(root, settings, outcome);
    else if (!isText(file.path)) yield settledAtOnce(root, settings, unnameable(file.path));
    else {
      const decision = decide(file);
      if (decision.settings === undefined) {
        const { rule } = decision;
        yield settledAtOnce(root, settings, {
          number: undefined,
          path: file.path,
          status: 'skipped',
          reason: 'by-rule',
          ...(rule !== undefined && { rule }),
        });
        continue;
      }
      yield {
        path: toSharePath(root, file.path),
        below: sep === '/' ? file.relativePath : file.relativePath.replaceAll(sep, '/'),
        size: file.facts()?.size ?? 0,
        settings: decision.settings,
      };
    }
  }
}

/** Without links in the folders above, as the root is. */
function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

function settledAtOnce(root: string, settings: TaskSettings, outcome: FileOutcome): SharedFile {
  const path = toSharePath(root, outcome.path);
  const { status, reason } = outcome;
  return {
    path: isText(path) ? path : JSON.stringify(path),
    below: '',
    size: 0,
    settings,
    settled: { state: status === 'failed' ? 'failed' : 'skipped', reason, json: outcomeJson(outcome, root) },
  };
}

/** A database keeps Unicode text; what is none would come back as another name. */
const isText = (path: string): boolean => !/\p{Cs}/u.test(path);

const unnameable = (path: string): FileOutcome => ({
  number: undefined,
  path,
  status: 'failed',
  error: {
    code: 'INVALID_ARGUMENT',
    message: `${JSON.stringify(path)} has a name that is not Unicode text, which a database cannot keep: rename it, or protect it on one machine.`,
  },
});
