import { SealwrightError } from '../../errors.ts';
import type { ProtectFilesOptions } from './bulk-options.ts';
import type { BulkReport } from './bulk-report.ts';
import type { BulkRules } from './rules/bulk-rules.ts';
import { parseBulkRules } from './rules/parse-bulk-rules.ts';
import { resolveRules } from './rules/resolve-rules.ts';
import type { BulkRun } from './run/bulk-run.ts';
import { checkDocumentSettings } from './run/check-document-settings.ts';
import { publishRun } from './run/publish-run.ts';

/** `protectFiles`, and what a watch makes of it: it lists the same folder again and again. */
export const protectRun = (
  inputs: string | readonly string[],
  options: ProtectFilesOptions,
  relist?: BulkRun['relist'],
): Promise<BulkReport> =>
  publishRun('protect', inputs, options, async () => ({ relist, rules: await checkedRules(options) }));

/** Every mistake in the rules is told before anything is done; templates are asked for also in a dry run. */
async function checkedRules({
  rules,
  policy,
  template,
  messagePolicy,
  service,
  signal,
  now,
}: ProtectFilesOptions): Promise<BulkRules | undefined> {
  if (rules === undefined) return undefined;
  if (policy !== undefined || template !== undefined || messagePolicy !== undefined)
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      'Give a policy, a template or rules, and only one of them: rules say themselves which files get what.',
    );
  const parsed = parseBulkRules(rules, { now: now?.() });
  for (const { settings } of parsed.rules) await checkDocumentSettings(settings);
  return resolveRules(parsed, service, { signal });
}
