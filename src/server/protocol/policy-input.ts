import { SealwrightError } from '../../errors.ts';
import {
  definePolicy,
  findPermissionLevel,
  type GrantInput,
  type LocalizedName,
  localeOfTag,
  type Policy,
  usEnglish,
} from '../../rights/index.ts';
import type { PublishingLicenseInput } from './schemas.ts';
import { readTime } from './wire-values.ts';

/** The right that the switch `AllowAuditedExtraction` of a request stands for. */
export const auditedExtraction = 'AUDITEDEXTRACT';

/** What the switch "offline is allowed" of an old client means in days; the cloud's own default. */
const defaultOfflineDays = 30;

/** The policy that a publishing request describes. Throws `INVALID_ARGUMENT`, `LIMIT_EXCEEDED`. */
export function policyOf(
  request: PublishingLicenseInput,
  said: NonNullable<PublishingLicenseInput['Policy']>,
): Policy {
  const extension = request.Sealwright ?? {};
  const { ValidFrom: from } = extension;
  const { LicenseValidUntil: until } = said;
  return definePolicy({
    grants: grantsOf(said, request.AllowAuditedExtraction === true),
    validFrom: isGiven(from) ? readTime(from, 'Sealwright.ValidFrom') : undefined,
    validUntil: isGiven(until) ? readTime(until, 'Policy.LicenseValidUntil') : undefined,
    offlineDays: extension.OfflineDays ?? offlineDays(said),
    referrer: isGiven(request.ReferralInfo) ? request.ReferralInfo : undefined,
    names: namesOf(request, said),
    signedApplicationData: request.SignedApplicationData ?? undefined,
    encryptedApplicationData: said.EncryptedApplicationData ?? undefined,
  });
}

type PolicySaid = NonNullable<PublishingLicenseInput['Policy']>;

/** Old clients send empty texts for what they have not. */
const isGiven = (text: string | null | undefined): text is string =>
  text !== undefined && text !== null && text.trim() !== '';

/** Rights or roles; where there are both, rights win. */
function grantsOf({ UserRights, UserRoles }: PolicySaid, audited: boolean): readonly GrantInput[] {
  const more = audited ? [auditedExtraction] : [];
  if (UserRights !== undefined && UserRights !== null)
    return UserRights.flatMap(({ Users, Rights }) =>
      Users.map((to) => ({ to, rights: [...Rights, ...more] })),
    );
  return (UserRoles ?? []).flatMap(({ Users, Roles }) => {
    const rights = Roles.flatMap(rightsOfRole);
    return Users.map((to) => ({ to, rights: [...new Set([...rights, ...more])] }));
  });
}

function rightsOfRole(role: string): readonly string[] {
  const level = findPermissionLevel(role);
  if (level !== undefined) return level.rights;
  throw new SealwrightError(
    'INVALID_ARGUMENT',
    'Policy.UserRoles: expected Viewer, Reviewer, Author or Owner, or the rights themselves in UserRights.',
    { field: 'Policy.UserRoles' },
  );
}

/** The two members say the same to newer and older services; what contradicts counts as the stricter one. */
function offlineDays({ allowOfflineAccess, IntervalTimeInDays: days }: PolicySaid): number {
  if (allowOfflineAccess === false) return 0;
  if (days === undefined || days === null) return defaultOfflineDays;
  if (days > 0) return Math.max(1, Math.floor(days));
  return allowOfflineAccess === true ? defaultOfflineDays : 0;
}

function namesOf(
  { Sealwright }: PublishingLicenseInput,
  { Descriptors }: PolicySaid,
): readonly LocalizedName[] {
  const own = Sealwright?.Names;
  if (own !== undefined && own !== null)
    return own.map(({ Lcid, Name, Description }) => ({ lcid: Lcid, name: Name, description: Description }));
  const byLocale = new Map<number, LocalizedName>();
  for (const { Name, Description, Language } of Descriptors ?? []) {
    const lcid = localeOfTag(Language) ?? usEnglish;
    if (!byLocale.has(lcid)) byLocale.set(lcid, { lcid, name: Name, description: Description });
  }
  return [...byLocale.values()];
}
