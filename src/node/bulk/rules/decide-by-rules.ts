import type { DocumentSettings } from '../../../container/index.ts';
import { compileSelection } from '../selection/compile-selection.ts';
import type { FoundFile } from '../selection/found-file.ts';
import type { TaskSettings } from '../task.ts';
import type { BulkRule, BulkRules } from './bulk-rules.ts';

/** What is to be done with a file, or that nothing is, by which rule. */
export type RuleDecision =
  | { readonly settings: TaskSettings; readonly rule?: undefined }
  /** `rule` is `undefined` where none matches. */
  | { readonly settings?: undefined; readonly rule: string | undefined };

/**
 * Makes rules ready for many files: the first that matches decides, and its settings are one object for all of its files.
 *
 * @param settings of the run, for what the rules do not say
 * @param rules as `resolveRules` gives them
 */
export function decideByRules(settings: TaskSettings, rules: BulkRules): (file: FoundFile) => RuleDecision {
  const ready = rules.rules.map((rule, i) => ({
    selection: compileSelection(rule.match, true),
    decision: decisionOf(settings, rule, rule.name ?? String(i + 1)),
  }));
  return (file) => ready.find(({ selection }) => selection.takes(file))?.decision ?? noRule;
}

/** All that rules may decide to do with a file. */
export const settingsOfRules = (settings: TaskSettings, { rules }: BulkRules): readonly TaskSettings[] =>
  rules.flatMap((rule, i) => decisionOf(settings, rule, rule.name ?? String(i + 1)).settings ?? []);

const noRule: RuleDecision = Object.freeze({ rule: undefined });

const defined = ({ pdf, mail }: DocumentSettings): DocumentSettings => ({
  ...(pdf && { pdf }),
  ...(mail && { mail }),
});

function decisionOf(settings: TaskSettings, rule: BulkRule, name: string): RuleDecision {
  if (rule.skip) return Object.freeze({ rule: name });
  const { template, policy, messagePolicy, label = settings.label, owner = settings.owner } = rule;
  const documentSettings = rule.settings && { ...settings.documentSettings, ...defined(rule.settings) };
  return Object.freeze({
    settings: Object.freeze({
      ...settings,
      template,
      policy,
      messagePolicy,
      label,
      owner,
      ...(documentSettings && { documentSettings: Object.freeze(documentSettings) }),
      rule: name,
    }),
  });
}
