import type { ProtectFilesOptions, ReprotectFilesOptions } from '../bulk-options.ts';
import type { BulkReport } from '../bulk-report.ts';
import { type BulkRun, bulkRun } from './bulk-run.ts';
import { checkDocumentSettings } from './check-document-settings.ts';
import { publishingService } from './publishing-service.ts';
import { outputSettings, publishingSettings } from './task-settings.ts';

/**
 * A run that publishes licenses, `protect` or `reprotect`.
 *
 * @param more what only one of the two has; asked for once the service is there
 */
export async function publishRun(
  operation: 'protect' | 'reprotect',
  inputs: string | readonly string[],
  options: ProtectFilesOptions | ReprotectFilesOptions,
  more: () => Promise<Pick<BulkRun, 'relist' | 'rules'>> = async () => ({}),
): Promise<BulkReport> {
  await checkDocumentSettings(options.settings);
  const publishing = publishingService(options);
  try {
    return await bulkRun({
      inputs,
      options,
      ...(await more()),
      service: publishing.service,
      asked: [options.licenses],
      settings: {
        operation,
        policy: options.policy,
        template: options.template,
        messagePolicy: options.messagePolicy,
        ...publishingSettings(options),
        ...outputSettings(options),
      },
    });
  } finally {
    publishing.close();
  }
}
