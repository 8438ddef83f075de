import type { InspectFilesOptions } from './bulk-options.ts';
import type { BulkReport } from './bulk-report.ts';
import { bulkRun } from './run/bulk-run.ts';

/**
 * Looks at many files: what is protected, how, and under which license. Asks no service and needs no key. What is found comes
 * file by file through `onFile`, in its `inspection`. Folders are looked through with all that is in them.
 *
 * @param inputs files and folders
 * @param options which files, how many at once, who is told
 * @returns the report, also after an abort (`complete` is then false); files that cannot be read are its failures
 * @throws SealwrightError `INVALID_ARGUMENT`, `JOURNAL_UNUSABLE`; what files can fail with, for the journal
 * @see spec/bulk.md
 *
 * @example
 * ```ts
 * import { inspectFiles } from 'sealwright/node';
 * const ids = new Set<string>();
 * const report = await inspectFiles('documents', {
 *   onFile: ({ inspection }) => {
 *     if (inspection?.contentId) ids.add(inspection.contentId);
 *   },
 * });
 * console.log(`${report.found} files, ${ids.size} of them protected.`);
 * ```
 */
export const inspectFiles = (
  inputs: string | readonly string[],
  options: InspectFilesOptions = {},
): Promise<BulkReport> => bulkRun({ inputs, options, settings: { operation: 'inspect' } });
