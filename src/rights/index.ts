export type { AccessDecision, AccessQuestion, Identity, RefusalRule } from './access.ts';
export { hasRight, mayRemoveProtection, mayReplaceProtection, maySeePolicy } from './check-right.ts';
export { decideAccess } from './decide-access.ts';
export { defineGrants } from './define-grants.ts';
export { definePolicy, policyFromTemplate } from './define-policy.ts';
export { defineTemplate } from './define-template.ts';
export { describeRefusal } from './describe-refusal.ts';
export type { Grant, GrantInput, Principal } from './grant.ts';
export { parseGrant } from './grant-text.ts';
export {
  bracedGuid,
  normalizeGuid,
  parseGuid,
  type RandomBytes,
  randomGuid,
  systemRandomBytes,
} from './guid.ts';
export { localeOfTag, sameLanguage, tagOfLocale } from './language-tag.ts';
export {
  doNotForwardAttachmentRights,
  doNotForwardRights,
  encryptOnlyRights,
  findPermissionLevel,
  type PermissionLevel,
  permissionLevels,
} from './levels.ts';
export { nameInBestLanguage, resolveName, usEnglish } from './locale.ts';
export { doNotForward, encryptOnly, type MailPolicyOptions } from './mail-policies.ts';
export {
  strictestOfflineDays,
  type UseLicenseTerms,
  type UseLicenseValidity,
  useLicenseValidity,
} from './offline.ts';
export type { LocalizedName, Policy, PolicyInput } from './policy.ts';
export {
  authenticatedUsers,
  matchesPrincipal,
  normalizeAddress,
  normalizePrincipal,
  ownerPrincipal,
  type PrincipalKind,
  principalKind,
} from './principal.ts';
export {
  isKnownRight,
  normalizeRight,
  quoteBriefly,
  type RightNames,
  rights,
  suggestRight,
} from './rights.ts';
export type {
  ContentExpiration,
  Template,
  TemplateInput,
  TemplateState,
  TemplateSummary,
} from './template.ts';
