import { SealwrightError } from '../../errors.ts';
import type { ProtectFilesOptions } from './bulk-options.ts';
import type { BulkReport } from './bulk-report.ts';
import type { BulkRules } from './rules/bulk-rules.ts';
import { parseBulkRules } from './rules/parse-bulk-rules.ts';
import { resolveRules } from './rules/resolve-rules.ts';
import { type BulkRun, bulkRun } from './run/bulk-run.ts';
import { publishingService } from './run/publishing-service.ts';
import { outputSettings, publishingSettings } from './run/task-settings.ts';

/** `protectFiles`, and what a watch makes of it: it lists the same folder again and again. */
export async function protectRun(
  inputs: string | readonly string[],
  options: ProtectFilesOptions,
  relist?: BulkRun['relist'],
): Promise<BulkReport> {
  const publishing = publishingService(options);
  try {
    return await bulkRun({
      inputs,
      options,
      relist,
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
