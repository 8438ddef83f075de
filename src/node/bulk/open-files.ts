import type { OpenFilesOptions } from './bulk-options.ts';
import type { BulkReport } from './bulk-report.ts';
import { bulkRun } from './run/bulk-run.ts';

/**
 * Opens many protected files into the folder `out`, which gets the same tree; the protected ones stay. What is not protected is
 * skipped. Each file needs a use license, which the service gives or refuses: a refusal is that file's failure.
 *
 * @param inputs files and folders
 * @param options the service, `out`, and which files
 * @returns the report, also after an abort (`complete` is then false); files that cannot be opened are its failures
 * @throws SealwrightError `INVALID_ARGUMENT`, `JOURNAL_UNUSABLE`; what files can fail with, for the journal
 * @see spec/bulk.md
 *
 * @example
 * ```ts
 * import { openFiles } from 'sealwright/node';
 * const report = await openFiles('protected', { service: authority.as('bob@contoso.com'), out: 'readable' });
 * for (const { path, error } of report.failures) console.error(path, error?.code);
 * ```
 */
export const openFiles = (
  inputs: string | readonly string[],
  options: OpenFilesOptions,
): Promise<BulkReport> =>
  bulkRun({
    inputs,
    options,
    service: options.service,
    settings: {
      operation: 'open',
      out: options.out,
      overwrite: options.overwrite,
      require: options.require,
      mailAs: options.mailAs,
      durable: options.durable,
    },
  });
