import { normalizeAddress } from '../../../rights/index.ts';
import type { BulkRule, BulkRules } from './bulk-rules.ts';
import { checked, entriesOf, type Field, fieldsOf, flagOf, textOf } from './fields.ts';
import { findJsonFault } from './json-fault.ts';
import { noMistakes } from './mistakes.ts';
import { type DocumentAt, readDocumentSettings } from './read-document-settings.ts';
import { readLabel } from './read-label.ts';
import { readMatch } from './read-match.ts';
import { readMessagePolicy } from './read-message-policy.ts';
import { readPolicy } from './read-policy.ts';

/** Characters of a rules file, and rules in it. */
export const maxRulesLength = 1024 * 1024;
const maxRules = 1_000;

const ruleFields = [
  'name',
  'match',
  'template',
  'policy',
  'messagePolicy',
  'label',
  'skip',
  'owner',
  'settings',
] as const;

/** Options of {@link parseBulkRules}. */
export interface ParseBulkRulesOptions {
  /** When ages such as `30d` end; by default now. */
  readonly now?: Date | undefined;
}

/**
 * Checks rules, as JSON text or as a value, and gives them in the form that runs take. All mistakes are reported at
 * once, each with its place.
 *
 * @param rules `{ "rules": [...] }`; sizes as `"10MB"`, ages as `"30d"` or dates, grants as `"bob@contoso.com=VIEW"`
 * @throws SealwrightError `INVALID_ARGUMENT` with every mistake; `details.field` is the place of the first
 * @see spec/bulk.md, "Rules"
 *
 * @example
 * ```ts
 * import { parseBulkRules } from 'sealwright/node';
 * const rules = parseBulkRules({
 *   rules: [
 *     { name: 'drafts', match: { include: ['drafts/**'] }, skip: true },
 *     { name: 'contracts', match: { extensions: ['docx', 'pdf'], minSize: '1kB' }, template: 'Staff only' },
 *     { policy: { grants: ['contoso.com=Viewer'] } },
 *   ],
 * });
 * ```
 */
export const parseBulkRules = (rules: unknown, options: ParseBulkRulesOptions = {}): BulkRules =>
  parseRules(rules, options);

/** {@link parseBulkRules}, where PDFs may be named by their paths, too. */
export function parseRules(
  rules: unknown,
  { now = new Date() }: ParseBulkRulesOptions,
  documentAt?: DocumentAt,
): BulkRules {
  const mistakes = noMistakes();
  const value = typeof rules === 'string' ? parsed({ value: rules, path: 'rules', mistakes }) : rules;
  mistakes.throwAny();
  const fields = fieldsOf(
    { value, path: '', mistakes: renamed(mistakes) },
    ['$schema', 'rules'],
    'a rules file',
  );
  const list = fields?.('rules');
  const entries = list && entriesOf(list, maxRules);
  if (list !== undefined && (list.value === undefined || entries?.length === 0))
    mistakes.add('rules', 'write at least one rule: { "rules": [{ "template": "Staff only" }] }');
  const read = (entries ?? []).flatMap((entry) => readRule(entry, now, documentAt) ?? []);
  mistakes.throwAny();
  // Of rules that cannot be read nobody knows what they take.
  refuseUnreachable(read, mistakes);
  mistakes.throwAny();
  return Object.freeze({ rules: Object.freeze(read) });
}

/** Mistakes of the whole are told as such. */
const renamed = (mistakes: Field['mistakes']): Field['mistakes'] => ({
  ...mistakes,
  add: (path, message) => mistakes.add(path === '' ? 'the whole' : path, message),
});

function parsed({ value, path, mistakes }: Field): unknown {
  const text = String(value);
  if (text.length > maxRulesLength) {
    mistakes.add(path, `the text is longer than ${maxRulesLength} characters`);
    return undefined;
  }
  // Some editors begin a text with a mark of its encoding.
  const json = text.replace(/^\ufeff/, '');
  const fault = findJsonFault(json);
  if (fault === undefined) return JSON.parse(json);
  const before = json.slice(0, fault.at).split('\n');
  mistakes.add(path, `${fault.what} in line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`);
  return undefined;
}

function readRule(field: Field, now: Date, documentAt: DocumentAt | undefined): BulkRule | undefined {
  const fields = fieldsOf(field, ruleFields, 'a rule');
  if (fields === undefined) return undefined;
  const rule: BulkRule = {
    name: textOf(fields('name'), 200),
    match: readMatch(fields('match'), now),
    template: textOf(fields('template')),
    policy: readPolicy(fields('policy')),
    messagePolicy: readMessagePolicy(fields('messagePolicy')),
    label: readLabel(fields('label')),
    skip: flagOf(fields('skip')),
    owner: readOwner(fields('owner')),
    settings: readDocumentSettings(fields('settings'), documentAt),
  };
  checkChoice(field, (name) => fields(name).value !== undefined, rule.skip === true);
  return Object.freeze(rule);
}

/** What may stand beside what, by what was written: a value that is wrong in itself is not missing, too. */
function checkChoice(
  { path, mistakes }: Field,
  has: (name: (typeof ruleFields)[number]) => boolean,
  skip: boolean,
): void {
  const given = ruleFields.filter((name) => !['name', 'match', 'skip'].includes(name) && has(name));
  if (skip && given.length > 0) mistakes.add(path, `skip stands alone: leave out ${given.join(' and ')}`);
  if (skip) return;
  const [policy, another] = (['template', 'policy', 'messagePolicy'] as const).filter(has);
  if (another !== undefined)
    mistakes.add(path, `${policy} and ${another} exclude each other: leave one of them out`);
  if (policy !== undefined) return;
  if (!has('label'))
    mistakes.add(path, 'write what the files get: template, policy, messagePolicy or label; or skip');
  else if (has('owner'))
    mistakes.add(path, 'an owner goes with a template or a policy: a label alone has none');
  else if (has('settings'))
    mistakes.add(path, 'settings go with a template or a policy: a label alone needs none');
}

function readOwner(field: Field): string | undefined {
  const owner = textOf(field, 320);
  return owner === undefined || owner === 'file'
    ? owner
    : checked(field, () => normalizeAddress(owner, 'owner'));
}

/** A rule behind one that takes every file would never decide anything: most probably they are in the wrong order. */
function refuseUnreachable(rules: readonly BulkRule[], mistakes: Field['mistakes']): void {
  const catchAll = rules.findIndex(
    ({ match }) => match === undefined || Object.values(match).every((each) => each === undefined),
  );
  if (catchAll >= 0 && catchAll < rules.length - 1)
    mistakes.add(
      `rules[${catchAll}]`,
      `this rule takes every file, so that rules[${catchAll + 1}] is never reached: move it to the end, or add a match`,
    );
}
