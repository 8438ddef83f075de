import type { ByteSource, WaitOptions } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import { messageParticipants } from '../../protection/index.ts';
import { doNotForward, encryptOnly, type PolicyInput } from '../../rights/index.ts';

/**
 * A policy for many messages, each for those it is sent to (spec/bulk.md, "Messages"). Files that are no messages do not
 * say who gets them, and are passed over.
 *
 * @example
 * ```ts
 * const messagePolicy: MessagePolicy = { rights: 'do-not-forward', validUntil: new Date('2099-12-31') };
 * ```
 */
export interface MessagePolicy extends Pick<PolicyInput, 'validFrom' | 'validUntil' | 'referrer'> {
  /** What those in To, Cc and Bcc may do: as `doNotForward` and `encryptOnly` say. Its sender may do everything. */
  readonly rights: 'do-not-forward' | 'encrypt-only';
}

/** The rights that can be chosen, and what makes a policy of each. */
export const messageRights = Object.freeze({
  'do-not-forward': doNotForward,
  'encrypt-only': encryptOnly,
} satisfies Record<MessagePolicy['rights'], unknown>);

/**
 * The policy of one message; `undefined` for what is none.
 *
 * @param path for the refusal
 * @throws SealwrightError `INVALID_ARGUMENT` for a message that names nobody; what `messageParticipants` throws
 */
export async function policyOfMessage(
  source: ByteSource,
  path: string,
  { rights, ...refinements }: MessagePolicy,
  options: WaitOptions,
): Promise<PolicyInput | undefined> {
  const participants = await messageParticipants(source, options);
  if (participants === undefined) return undefined;
  const { sender, recipients } = participants;
  if (recipients.length > 0) return messageRights[rights](recipients, { ...refinements, sender });
  throw new SealwrightError(
    'INVALID_ARGUMENT',
    `${path} names nobody in To, Cc or Bcc, so that nobody but its sender could open it. Protect it under a policy or a template instead.`,
    { path },
  );
}
