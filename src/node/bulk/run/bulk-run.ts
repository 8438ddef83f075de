import { resolve } from 'node:path';
import type { LicensingService } from '../../../licensing/index.ts';
import type { BulkOptions, BulkOutput } from '../bulk-options.ts';
import type { BulkReport } from '../bulk-report.ts';
import type { BulkRules } from '../rules/bulk-rules.ts';
import { decideByRules, type RuleDecision, settingsOfRules } from '../rules/decide-by-rules.ts';
import type { FileSelection } from '../selection/file-selection.ts';
import type { TaskSettings } from '../task.ts';
import { checkedInputs, checkOutput } from './checked-inputs.ts';
import type { Listed } from './listed-file.ts';
import { listedFiles } from './listed-files.ts';
import { runFiles } from './run-files.ts';
import { runSizes } from './run-sizes.ts';

/** What a public function makes of its options. */
export interface BulkRun {
  readonly inputs: string | readonly string[];
  readonly options: BulkOptions & BulkOutput;
  /** What is done with each file; with rules, as far as they do not say. */
  readonly settings: TaskSettings;
  readonly service?: LicensingService | undefined;
  /** Checked, and with the ids of their templates. */
  readonly rules?: BulkRules | undefined;
  /** Makes of what is listed at a moment what is done in the end. */
  readonly relist?: ((list: () => AsyncIterable<Listed>) => AsyncIterable<Listed>) | undefined;
  /** What else decides what is done. */
  readonly asked?: unknown;
}

/** Carries out what a public function was asked for. */
export async function bulkRun({
  inputs: given,
  options,
  settings: asked,
  service,
  rules,
  relist,
  asked: more,
}: BulkRun): Promise<BulkReport> {
  const inputs = checkedInputs(given);
  checkOutput(options);
  runSizes(options);
  const { operation } = asked;
  const dryRun = options.dryRun === true;
  const settings = Object.freeze({ ...asked, ...(dryRun && { dryRun }) });
  const out = settings.out;
  const same: RuleDecision = { settings };
  const decide = rules === undefined ? () => same : decideByRules(settings, rules);
  return runFiles({
    operation,
    inputs,
    out,
    options,
    service: dryRun ? undefined : service,
    durable: settings.durable !== false,
    settings: rules === undefined ? [settings] : settingsOfRules(settings, rules),
    asked: [
      settings,
      timeless(options.selection),
      rules?.rules.map(({ match, ...rule }) => ({ ...rule, match: timeless(match) })),
      more,
      options.storage === undefined ? inputs.map((input) => resolve(input)) : undefined,
    ],
    list(signal) {
      const list = () => listedFiles(inputs, operation, options, out, decide, { signal });
      return relist === undefined ? list() : relist(list);
    },
  });
}

/** Ages become other times the next day, and the run is still the same. */
const timeless = (selection: FileSelection | undefined): unknown =>
  selection && {
    ...selection,
    modifiedSince: selection.modifiedSince !== undefined,
    modifiedBefore: selection.modifiedBefore !== undefined,
  };
