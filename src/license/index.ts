export {
  type CertificateIssuer,
  type CertificateTerms,
  issueAccountCertificate,
  issueClientLicensorCertificate,
  issueServerLicensorCertificate,
} from './certificates.ts';
export { type OfflinePublisher, offlinePublisher } from './client-licensor.ts';
export { custodianFromPkcs8, generateRsaKey, type KeyCustodian } from './key-custodian.ts';
export type { AccountParty, Party, ServerParty } from './party.ts';
export {
  issuePublishingLicense,
  type LicensedTemplate,
  type LicenseSigner,
  type PublishingLicenseInput,
} from './publishing-license.ts';
export {
  isClientSigned,
  type OpenedPublishingLicense,
  openContentKey,
  openPublishingLicense,
  openRights,
  type PublishingLicenseFacts,
  readPublishingLicense,
  type SealedContent,
  sealedContent,
} from './read-publishing-license.ts';
export { type RightsData, readTemplateDocument } from './read-rights-data.ts';
export { fromJsonWebKey, keyBits, type RsaPublicKey, toJsonWebKey } from './rsa-public-key.ts';
export { issueTemplateDocument } from './template-document.ts';
export { issueTemplateReference, type TemplateReference } from './template-reference.ts';
export {
  issueUseLicense,
  type OpenedUseLicense,
  openUseLicense,
  type UseLicenseTerms,
} from './use-license.ts';
