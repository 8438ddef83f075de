import { SealwrightError } from '../../errors.ts';
import type { ProtectFilesOptions } from './bulk-options.ts';
import type { BulkReport } from './bulk-report.ts';
import type { BulkRules } from './rules/bulk-rules.ts';
import { parseBulkRules } from './rules/parse-bulk-rules.ts';
import { resolveRules } from './rules/resolve-rules.ts';
import { bulkRun } from './run/bulk-run.ts';
import { publishingService } from './run/publishing-service.ts';
import { outputSettings, publishingSettings } from './run/task-settings.ts';

/**
 * Protects many files: those that are named, and those in folders that are named, with all that is below. By default each
 * protected file appears beside its original; `inPlace` replaces it, `out` gets the same tree. What is protected already is skipped, so
 * that a run can be repeated. Several files are worked on at once, in several threads.
 *
 * With a `journal` a run that was killed, or lost its power, goes on where it stopped: call this again with the same arguments. No
 * file is done twice, and the report is that of the whole run.
 *
 * @param inputs files and folders
 * @param options the service; a policy, a template, or rules that say which files get what; which files, and where they go
 * @returns the report, also after an abort (`complete` is then false); files that could not be done are its failures
 * @throws SealwrightError `INVALID_ARGUMENT`, `TEMPLATE_NOT_FOUND` (rules), `JOURNAL_UNUSABLE`; what files can fail with, for the
 *   journal
 * @see spec/bulk.md
 *
 * @example
 * ```ts
 * import { protectFiles } from 'sealwright/node';
 * const report = await protectFiles('documents', {
 *   service: authority.as('alice@contoso.com'),
 *   policy: { grants: [{ to: 'contoso.com', rights: 'Viewer' }] },
 *   selection: { extensions: ['docx', 'pdf'] },
 *   inPlace: true,
 *   journal: 'protect.journal',
 *   onProgress: ({ done, found }) => console.log(`${done} of ${found}`),
 * });
 * for (const { path, error } of report.failures) console.error(path, error?.message);
 * ```
 */
export async function protectFiles(
  inputs: string | readonly string[],
  options: ProtectFilesOptions,
): Promise<BulkReport> {
  const publishing = publishingService(options);
  try {
    return await bulkRun({
      inputs,
      options,
      service: publishing.service,
      rules: await checkedRules(options),
      asked: [options.licenses],
      settings: {
        operation: 'protect',
        policy: options.policy,
        template: options.template,
        ...publishingSettings(options),
        ...outputSettings(options),
      },
    });
  } finally {
    publishing.close();
  }
}

/** Every mistake in the rules is told before anything is done; templates are asked for also in a dry run. */
async function checkedRules({
  rules,
  policy,
  template,
  service,
  signal,
  now,
}: ProtectFilesOptions): Promise<BulkRules | undefined> {
  if (rules === undefined) return undefined;
  if (policy !== undefined || template !== undefined)
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      'Give a policy, a template or rules, and only one of them: rules say themselves which files get what.',
    );
  return resolveRules(parseBulkRules(rules, { now: now?.() }), service, { signal });
}
