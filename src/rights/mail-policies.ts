import type { GrantInput } from './grant.ts';
import { doNotForwardRights, encryptOnlyRights } from './levels.ts';
import { usEnglish } from './locale.ts';
import type { PolicyInput } from './policy.ts';
import { normalizeAddress } from './principal.ts';

/**
 * What can be said of a mail policy beside who gets the message. How long it opens offline cannot be chosen: that is
 * for the organization to say (spec/rights.md, "Mail protections").
 */
export interface MailPolicyOptions
  extends Pick<
    PolicyInput,
    'validFrom' | 'validUntil' | 'referrer' | 'signedApplicationData' | 'encryptedApplicationData'
  > {
  /** The sender, where somebody else protects the message, a gateway say; may do everything. Whoever protects may anyway. */
  readonly sender?: string | undefined;
}

/**
 * The policy of a message that recipients read and answer, but do not forward, print, copy or save elsewhere.
 * It is no template: who may open is who the message goes to.
 *
 * @param recipients mail addresses of people and groups, as they stand in To, Cc and Bcc; none is "only the sender". Each of
 *   them may see who the others are
 * @returns a policy for `protect`; everybody once, each with `doNotForwardRights`
 * @throws `INVALID_ARGUMENT` for what is no mail address
 * @see spec/rights.md, "Mail protections"
 *
 * @example
 * ```ts
 * import { doNotForward, protect } from 'sealwright';
 * const mail = await protect(eml, { service, name: 'offer.eml', policy: doNotForward(['bob@contoso.com']) });
 * ```
 */
export const doNotForward = (recipients: readonly string[], options: MailPolicyOptions = {}): PolicyInput =>
  mailPolicy(recipients, doNotForwardRights, options, {
    name: 'Do Not Forward',
    description: 'Recipients read and answer this message, and do not forward, print or copy it.',
  });

/**
 * The policy of a message that nobody but its recipients reads: they have every right but `EXPORT` and `OWNER`. `EXTRACT` is
 * among them, so whoever copies the content out, or has a program take the protection off, is not kept from it.
 *
 * @param recipients mail addresses of people and groups, as they stand in To, Cc and Bcc; none is "only the sender". Each of
 *   them may see who the others are
 * @returns a policy for `protect`; everybody once, each with `encryptOnlyRights`
 * @throws `INVALID_ARGUMENT` for what is no mail address
 * @see spec/rights.md, "Mail protections"
 *
 * @example
 * ```ts
 * import { encryptOnly, protect } from 'sealwright';
 * const policy = encryptOnly(['bob@contoso.com', 'team@contoso.com']);
 * const mail = await protect(eml, { service, name: 'offer.eml', policy });
 * ```
 */
export const encryptOnly = (recipients: readonly string[], options: MailPolicyOptions = {}): PolicyInput =>
  mailPolicy(recipients, encryptOnlyRights, options, {
    name: 'Encrypt-Only',
    description: 'Only its recipients open this message. They do with it what they like.',
  });

function mailPolicy(
  recipients: readonly string[],
  rights: readonly string[],
  { sender, ...options }: MailPolicyOptions,
  called: { readonly name: string; readonly description: string },
): PolicyInput {
  const addresses = new Set(recipients.map((address) => normalizeAddress(address, 'recipient')));
  const grants: GrantInput[] = [...addresses].map((to) => Object.freeze({ to, rights }));
  if (sender !== undefined)
    grants.push(Object.freeze({ to: normalizeAddress(sender, 'sender'), rights: ['OWNER'] }));
  return Object.freeze({
    ...options,
    grants: Object.freeze(grants),
    names: Object.freeze([Object.freeze({ lcid: usEnglish, ...called })]),
  });
}
