import type { Command } from 'commander';
import { type MessagePolicy, openFileSource } from '../node/index.ts';
import { messageParticipants } from '../protection/index.ts';
import { doNotForward, encryptOnly, type PolicyInput } from '../rights/index.ts';
import type { PolicyOptions } from './policy-options.ts';
import { collect } from './repeatable-option.ts';
import { usageError } from './usage-error.ts';

/** The options of a policy that goes by whom a message is sent to. */
export interface MailPolicyOptions {
  readonly doNotForward?: boolean;
  readonly encryptOnly?: boolean;
  readonly recipient?: readonly string[];
}

/** What the rest of the options say of the policy. */
type Refinements = Pick<PolicyInput, 'validFrom' | 'validUntil' | 'referrer'>;

/** Adds `--do-not-forward`, `--encrypt-only` and `--recipient`. */
export function addMailPolicyOptions(command: Command): Command {
  command.optionsGroup('Messages (.eml, .msg):');
  command
    .option(
      '--do-not-forward',
      'those it is sent to read and answer it; they do not forward, print or copy it',
    )
    .option('--encrypt-only', 'nobody but those it is sent to opens it; they do with it what they like')
    .option(
      '--recipient <email>',
      'with these two: who may open it, instead of To, Cc and Bcc of the message (repeatable)',
      collect,
    );
  command.optionsGroup('Options:');
  return command;
}

/** Which of the two policies is chosen, as it is typed. */
export const mailPolicyFlag = ({ doNotForward, encryptOnly }: MailPolicyOptions): string | undefined =>
  doNotForward ? '--do-not-forward' : encryptOnly ? '--encrypt-only' : undefined;

/** Whether each message says for itself who gets it. */
export const goesByMessage = (options: MailPolicyOptions): boolean =>
  mailPolicyFlag(options) !== undefined && options.recipient === undefined;

/** The policy for many messages, each for those it is sent to. */
export const messagePolicyOf = (
  { doNotForward }: MailPolicyOptions,
  refinements: Refinements,
): MessagePolicy => ({ ...refinements, rights: doNotForward ? 'do-not-forward' : 'encrypt-only' });

/** Refuses what would contradict the policy, or would have no effect. */
export function checkMailPolicy(options: MailPolicyOptions & PolicyOptions): void {
  const flag = mailPolicyFlag(options);
  if (flag === undefined) {
    if (options.recipient === undefined) return;
    throw usageError('--recipient goes with --do-not-forward or --encrypt-only. Add one, or use --grant.');
  }
  const { doNotForward, encryptOnly, template, grant, onlyMe, offlineDays } = options;
  const [other] = [
    ...(doNotForward && encryptOnly ? ['--encrypt-only'] : []),
    ...(template === undefined ? [] : ['--template']),
    ...(grant === undefined ? [] : ['--grant']),
    ...(onlyMe ? ['--only-me'] : []),
  ];
  if (other !== undefined) {
    throw usageError(
      `${flag} and ${other} exclude each other: each says who may do what. Leave one of them out.`,
    );
  }
  if (offlineDays !== undefined) {
    throw usageError(
      `How long a message opens offline is for the authority to say: leave --offline-days out, or use --grant instead of ${flag}.`,
    );
  }
}

/** The policy for recipients that were named. */
export function policyForRecipients(
  options: MailPolicyOptions,
  refinements: Refinements,
  recipients: readonly string[] = options.recipient ?? [],
  sender?: string,
): PolicyInput {
  const make = options.doNotForward ? doNotForward : encryptOnly;
  return make(recipients, { ...refinements, sender });
}

/** The policy for whom the message at `path` goes to; its sender may do everything. */
export async function policyForMessage(
  path: string,
  options: MailPolicyOptions,
  refinements: Refinements,
  signal: AbortSignal,
): Promise<PolicyInput> {
  const source = await openFileSource(path);
  try {
    const participants = await messageParticipants(source, { signal });
    if (participants === undefined) {
      throw usageError(
        `${path} is no message, so it does not say who gets it. Name them with --recipient, or use --grant.`,
      );
    }
    const { sender, recipients } = participants;
    if (recipients.length === 0) {
      throw usageError(
        `${path} names nobody in To, Cc or Bcc. Name those who get it with --recipient, or use --only-me.`,
      );
    }
    return policyForRecipients(options, refinements, recipients, sender);
  } finally {
    await source.close();
  }
}
