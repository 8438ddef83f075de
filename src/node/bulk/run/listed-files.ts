import type { WaitOptions } from '../../../bytes/index.ts';
import type { BulkOptions } from '../bulk-options.ts';
import { lockFolder } from '../journal/journal-lock.ts';
import type { RuleDecision } from '../rules/decide-by-rules.ts';
import type { FoundFile } from '../selection/found-file.ts';
import { listFiles } from '../selection/list-files.ts';
import { listStoredFiles } from '../storage/list-stored-files.ts';
import type { BulkOperation } from '../task.ts';
import type { Listed } from './listed-file.ts';

/** Lists the files of a run, each with what is to be done with it. */
export async function* listedFiles(
  inputs: readonly string[],
  operation: BulkOperation,
  { selection, keepOut = [], journal, storage }: BulkOptions,
  out: string | undefined,
  decide: (file: FoundFile) => RuleDecision,
  { signal }: WaitOptions,
): AsyncGenerator<Listed, void, undefined> {
  const leaveOut = operation !== 'inspect';
  const own = journal === undefined ? [] : [journal, lockFolder(journal)];
  const listing =
    storage === undefined
      ? listFiles(inputs, { selection, leaveOut, keepOut: [...keepOut, ...own], out, signal })
      : listStoredFiles(storage, inputs, { selection, leaveOut, keepOut, out, signal });
  for await (const { file, outcome } of listing) {
    if (file === undefined) {
      yield { kind: 'settled', outcome };
      continue;
    }
    const { path, relativePath } = file;
    const decision = decide(file);
    if (decision.settings !== undefined)
      yield { kind: 'file', path, relativePath, size: file.facts()?.size, settings: decision.settings };
    else
      yield {
        kind: 'settled',
        outcome: Object.freeze({
          number: undefined,
          path,
          status: 'skipped',
          reason: 'by-rule',
          rule: decision.rule,
        }),
      };
  }
}
