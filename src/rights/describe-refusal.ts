import type { RefusalRule } from './access.ts';
import type { Policy } from './policy.ts';

const asMinute = (date: Date | undefined): string =>
  date === undefined ? '' : ` ${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/**
 * One sentence for the person who was refused, and whom to ask.
 *
 * @param who - mail address of that person.
 * @example
 * ```ts
 * describeRefusal('expired', 'bob@contoso.com', { validUntil: new Date(0), referrer: 'help@contoso.com' });
 * // 'This content expired at 1970-01-01 00:00 UTC. To get access, ask help@contoso.com.'
 * ```
 */
export function describeRefusal(
  rule: RefusalRule,
  who: string,
  facts: Partial<Pick<Policy, 'validFrom' | 'validUntil' | 'referrer'>> = {},
): string {
  const ask = facts.referrer ?? 'the person who protected it';
  return `${sentence(rule, who, facts)} To get access, ask ${ask}.`;
}

function sentence(
  rule: RefusalRule,
  who: string,
  facts: Partial<Pick<Policy, 'validFrom' | 'validUntil'>>,
): string {
  switch (rule) {
    case 'revoked':
      return 'Access to this content was revoked for everyone.';
    case 'revoked-for-user':
      return `Access to this content was revoked for ${who}.`;
    case 'template-deleted':
      return 'The template this content was protected with was deleted, so its rights can no longer be looked up.';
    case 'not-yet-valid':
      return `This content cannot be opened before${asMinute(facts.validFrom) || ' a later date'}.`;
    case 'expired':
      return `This content expired${facts.validUntil === undefined ? '' : ` at${asMinute(facts.validUntil)}`}.`;
    case 'no-grant':
      return `The policy of this content gives ${who} no rights.`;
    case 'no-view-right':
      return `The policy of this content gives ${who} rights, but not the right to view it (VIEW).`;
  }
}
