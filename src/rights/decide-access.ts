import type { AccessDecision, AccessQuestion, RefusalRule } from './access.ts';
import { hasRight } from './check-right.ts';
import { isSamePerson, type KnownAddresses, knownAddresses, matchesKnown } from './principal.ts';
import { normalizeRight } from './rights.ts';

/**
 * The one access decision (spec/rights.md, "The access decision"): who may do what with this content now, or which rule
 * refuses. Pure: the clock is part of the question.
 *
 * The issuer always gets `OWNER`. So does the owner, unless the content was withdrawn from the owner by name. Everyone
 * else meets, in this order: revocation, deletion of the template, validity, grants, the right to view.
 *
 * @throws SealwrightError `INVALID_ARGUMENT` if an address of the person who asks is no mail address.
 * @example
 * ```ts
 * const decision = decideAccess({
 *   who: { email: 'bob@contoso.com' },
 *   now: new Date(),
 *   owner: 'alice@contoso.com',
 *   issuer: 'alice@contoso.com',
 *   policy: definePolicy({ grants: [{ to: 'contoso.com', rights: 'Viewer' }] }),
 *   revoked: false,
 *   revokedUsers: [],
 * });
 * ```
 */
export function decideAccess(question: AccessQuestion): AccessDecision {
  const who = knownAddresses(question.who);
  const withdrawnByName = question.revokedUsers.some((address) => isSamePerson(address, who));
  const isOwner = isSamePerson(question.owner, who);
  if (isSamePerson(question.issuer, who) || (isOwner && !withdrawnByName))
    return { granted: true, rights: Object.freeze(['OWNER']), exempt: true };

  const rule = ruleThatRefuses(question, who);
  if (rule !== undefined) return { granted: false, rule };

  const rights = grantedRights(question, who);
  if (rights.length === 0) return { granted: false, rule: 'no-grant' };
  if (!hasRight(rights, 'VIEW')) return { granted: false, rule: 'no-view-right' };
  return { granted: true, rights, exempt: false };
}

function ruleThatRefuses(question: AccessQuestion, who: KnownAddresses): RefusalRule | undefined {
  const { now, policy, owner } = question;
  if (question.revoked) return 'revoked';
  // Withdrawn from a group or domain is withdrawn from its members.
  if (question.revokedUsers.some((each) => matchesKnown(each, who, owner))) return 'revoked-for-user';
  if (question.template === 'deleted') return 'template-deleted';
  if (policy.validFrom !== undefined && now < policy.validFrom) return 'not-yet-valid';
  if (policy.validUntil !== undefined && now >= policy.validUntil) return 'expired';
  return undefined;
}

function grantedRights({ policy, owner }: AccessQuestion, who: KnownAddresses): readonly string[] {
  const rights = new Set<string>();
  for (const grant of policy.grants)
    if (matchesKnown(grant.to, who, owner))
      for (const right of grant.rights) rights.add(normalizeRight(right));
  return Object.freeze([...rights]);
}
