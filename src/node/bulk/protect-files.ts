import type { ProtectFilesOptions } from './bulk-options.ts';
import type { BulkReport } from './bulk-report.ts';
import { protectRun } from './protect-run.ts';

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
export const protectFiles = (
  inputs: string | readonly string[],
  options: ProtectFilesOptions,
): Promise<BulkReport> => protectRun(inputs, options);
