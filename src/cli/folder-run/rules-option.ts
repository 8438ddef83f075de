import type { Command } from 'commander';
import { type BulkRules, readBulkRules } from '../../node/index.ts';
import type { MailPolicyOptions } from '../mail-policy.ts';
import type { PolicyOptions } from '../policy-options.ts';
import { usageError } from '../usage-error.ts';

/** The rules of a run, as they were typed. */
export interface RulesOptions {
  readonly rules?: string;
}

const policyFlags = {
  template: '--template',
  grant: '--grant',
  onlyMe: '--only-me',
  validFrom: '--valid-from',
  validUntil: '--valid-until',
  offlineDays: '--offline-days',
  referrer: '--referrer',
  doNotForward: '--do-not-forward',
  encryptOnly: '--encrypt-only',
  recipient: '--recipient',
} as const satisfies Partial<Record<keyof (PolicyOptions & MailPolicyOptions), string>>;

/** Adds `--rules`. */
export function addRulesOption(command: Command): Command {
  command.optionsGroup('Runs over many files:');
  command.option('--rules <file>', 'JSON that says which files get which template, policy or label');
  command.optionsGroup('Options:');
  return command;
}

/** Reads the rules file; nothing beside it may say what files get. */
export async function readRules(
  path: string,
  options: PolicyOptions & MailPolicyOptions,
  now = new Date(),
): Promise<BulkRules> {
  const names = Object.keys(policyFlags) as (keyof typeof policyFlags)[];
  const other = names.find((name) => options[name] !== undefined);
  if (other !== undefined) {
    throw usageError(
      `--rules and ${policyFlags[other]} exclude each other: the rules say what each file gets. Leave one of them out.`,
    );
  }
  return readBulkRules(path, { now });
}
