import type { ReprotectFilesOptions } from './bulk-options.ts';
import type { BulkReport } from './bulk-report.ts';
import { publishRun } from './run/publish-run.ts';

/**
 * Gives many protected files another policy or template and a new key, for whoever may do that. Needs `inPlace` or `out`. What is
 * not protected is skipped, and so is what has the template already.
 *
 * @param inputs files and folders
 * @param options the service, the policy or template, which files, and where they go
 * @returns the report, also after an abort (`complete` is then false); files that could not be done are its failures
 * @throws SealwrightError `INVALID_ARGUMENT`, `JOURNAL_UNUSABLE`; what files can fail with, for the journal
 * @see spec/bulk.md
 *
 * @example
 * ```ts
 * import { reprotectFiles } from 'sealwright/node';
 * const report = await reprotectFiles('documents', {
 *   service: authority.as('alice@contoso.com'),
 *   policy: { grants: [{ to: 'legal@contoso.com', rights: 'Reviewer' }] },
 *   inPlace: true,
 * });
 * console.log(`${report.done} files have the new policy.`);
 * ```
 */
export async function reprotectFiles(
  inputs: string | readonly string[],
  options: ReprotectFilesOptions,
): Promise<BulkReport> {
  return publishRun('reprotect', inputs, options);
}
