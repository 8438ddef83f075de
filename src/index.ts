export type { ByteSink, ByteSource, MaybePromise, WaitOptions } from './bytes/index.ts';
export { blobSource, memorySource, streamSource } from './bytes/index.ts';
export type { ContainerName } from './container/index.ts';
export {
  errorCodes,
  SealwrightError,
  type SealwrightErrorCode,
  type SealwrightErrorDetails,
} from './errors.ts';
export type { LabelMetadata } from './label/index.ts';
export type {
  AcquireOptions,
  ClientLicensor,
  LicensingService,
  PublishedLicense,
  PublishOptions,
  PublishRequest,
  UseLicense,
} from './licensing/index.ts';
export {
  type ContentInput,
  type InspectedCertificate,
  type InspectedLabel,
  type Inspection,
  type InspectOptions,
  inspect,
  type OpenedContent,
  type OpenOptions,
  open,
  type PolicyChoice,
  type ProtectedContent,
  type ProtectOptions,
  type ProtectSettings,
  protect,
  type ReprotectOptions,
  removeProtection,
  reprotect,
  type ServiceOptions,
  type TransferOptions,
} from './protection/index.ts';
export {
  authenticatedUsers,
  type ContentExpiration,
  definePolicy,
  doNotForward,
  doNotForwardRights,
  encryptOnly,
  encryptOnlyRights,
  type Grant,
  type GrantInput,
  hasRight,
  type Identity,
  type LocalizedName,
  type MailPolicyOptions,
  mayRemoveProtection,
  mayReplaceProtection,
  ownerPrincipal,
  type Policy,
  type PolicyInput,
  permissionLevels,
  type RefusalRule,
  rights,
  type Template,
  type TemplateInput,
  type TemplateState,
  type TemplateSummary,
} from './rights/index.ts';
export { microsoftTrustAnchors, type TrustAnchor } from './xrml/index.ts';
