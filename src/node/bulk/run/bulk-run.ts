import { resolve } from 'node:path';
import type { LicensingService } from '../../../licensing/index.ts';
import type { BulkOptions, BulkOutput } from '../bulk-options.ts';
import type { BulkReport } from '../bulk-report.ts';
import type { FoundFile } from '../selection/found-file.ts';
import type { TaskSettings } from '../task.ts';
import { checkedInputs, checkOutput } from './checked-inputs.ts';
import { type Decision, listedFiles } from './listed-files.ts';
import { runFiles } from './run-files.ts';
import { runSizes } from './run-sizes.ts';

/** What a public function makes of its options. */
export interface BulkRun {
  readonly inputs: string | readonly string[];
  readonly options: BulkOptions & BulkOutput;
  /** What is done with each file; with rules, as far as they do not say. */
  readonly settings: TaskSettings;
  readonly service?: LicensingService | undefined;
  /** In runs with rules. */
  readonly decide?: ((file: FoundFile) => Decision) | undefined;
  /** What else decides what is done. */
  readonly asked?: unknown;
}

/** Carries out what a public function was asked for. */
export async function bulkRun({
  inputs: given,
  options,
  settings: asked,
  service,
  decide,
  asked: more,
}: BulkRun): Promise<BulkReport> {
  const inputs = checkedInputs(given);
  checkOutput(options);
  runSizes(options);
  const { operation } = asked;
  const dryRun = options.dryRun === true;
  const settings = Object.freeze({ ...asked, ...(dryRun && { dryRun }) });
  const out = settings.out;
  const decision: Decision = { settings };
  return runFiles({
    operation,
    inputs,
    out,
    options,
    service: dryRun ? undefined : service,
    durable: settings.durable !== false,
    asked: [
      settings,
      options.selection,
      more,
      options.storage === undefined ? inputs.map((input) => resolve(input)) : undefined,
    ],
    list: (signal) => listedFiles(inputs, operation, options, out, decide ?? (() => decision), { signal }),
  });
}
