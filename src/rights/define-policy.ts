import { SealwrightError } from '../errors.ts';
import { defineGrants } from './define-grants.ts';
import type { Policy, PolicyInput } from './policy.ts';
import {
  checkApplicationData,
  checkMinute,
  checkNames,
  checkOfflineDays,
  checkReferrer,
} from './policy-fields.ts';
import type { Template } from './template.ts';

const day = 24 * 60 * 60 * 1000;

/**
 * Checks and normalizes a policy: levels are expanded, grants to the same principal merged, times rounded to the
 * minute so that rounding never gives more time than was written (spec/rights.md, "Policies").
 *
 * @throws SealwrightError `INVALID_ARGUMENT` with what is wrong, `LIMIT_EXCEEDED` for more than a license can hold.
 * @example
 * ```ts
 * const policy = definePolicy({
 *   grants: [{ to: 'contoso.com', rights: 'Viewer' }, { to: 'bob@contoso.com', rights: ['VIEW', 'PRINT'] }],
 *   validUntil: new Date('2030-01-01T00:00:00Z'),
 *   offlineDays: 7,
 * });
 * ```
 */
export function definePolicy(input: PolicyInput): Policy {
  const validFrom = input.validFrom && checkMinute(input.validFrom, 'start of validity', 'up');
  const validUntil = input.validUntil && checkMinute(input.validUntil, 'end of validity', 'down');
  if (validFrom !== undefined && validUntil !== undefined && validFrom >= validUntil)
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      `The policy would never be valid: it starts at ${validFrom.toISOString()} and ends at ${validUntil.toISOString()}. Let it end at least a minute after it starts.`,
    );
  return Object.freeze({
    grants: defineGrants(input.grants),
    validFrom,
    validUntil,
    offlineDays: checkOfflineDays(input.offlineDays ?? -1),
    referrer: input.referrer === undefined ? undefined : checkReferrer(input.referrer),
    names: checkNames(input.names ?? []),
    signedApplicationData: checkApplicationData(input.signedApplicationData ?? {}, 'signed application data'),
    encryptedApplicationData: checkApplicationData(
      input.encryptedApplicationData ?? {},
      'encrypted application data',
    ),
  });
}

/** What a template says about one content: the policy in force for content protected at `publishedAt`. */
export function policyFromTemplate(template: Template, publishedAt: Date): Policy {
  return definePolicy({
    grants: template.grants,
    validUntil: templateExpiry(template, publishedAt),
    offlineDays: template.offlineDays,
    referrer: template.referrer,
    names: template.names,
  });
}

function templateExpiry({ expiration }: Template, publishedAt: Date): Date | undefined {
  if (expiration.kind === 'never') return undefined;
  if (expiration.kind === 'on') return expiration.date;
  return new Date(publishedAt.getTime() + expiration.days * day);
}
