import type { RemoveProtectionFromFilesOptions } from './bulk-options.ts';
import type { BulkReport } from './bulk-report.ts';
import { bulkRun } from './run/bulk-run.ts';
import { outputSettings } from './run/task-settings.ts';

/**
 * Removes the protection of many files, for whoever may do that (`EXPORT`, or owner). By default the plain files appear beside the
 * protected ones; `inPlace` replaces them, `out` gets the same tree. What is not protected is skipped.
 *
 * @param inputs files and folders
 * @param options the service, which files, and where they go
 * @returns the report, also after an abort (`complete` is then false); files that could not be done are its failures
 * @throws SealwrightError `INVALID_ARGUMENT`, `JOURNAL_UNUSABLE`; what files can fail with, for the journal
 * @see spec/bulk.md
 *
 * @example
 * ```ts
 * import { removeProtectionFromFiles } from 'sealwright/node';
 * const report = await removeProtectionFromFiles('documents', {
 *   service: authority.as('alice@contoso.com'),
 *   inPlace: true,
 *   journal: 'unprotect.journal',
 * });
 * ```
 */
export const removeProtectionFromFiles = (
  inputs: string | readonly string[],
  options: RemoveProtectionFromFilesOptions,
): Promise<BulkReport> =>
  bulkRun({
    inputs,
    options,
    service: options.service,
    settings: { operation: 'unprotect', ...outputSettings(options) },
  });
