import { type LicensingService, SealwrightError } from '../../src/index.ts';

/** A licensing service that stands in for one nobody has: it gives a key for any license, in the mode it was told. */
export function standInService(
  cipherMode: string,
  contentKey: Uint8Array = new Uint8Array(16),
): LicensingService {
  const notOffered = (): never => {
    throw new SealwrightError('SERVICE_UNAVAILABLE', 'This service only gives the key it was told.');
  };
  return {
    listTemplates: notOffered,
    publish: notOffered,
    getClientLicensorCertificate: notOffered,
    registerForTracking: notOffered,
    revoke: notOffered,
    restore: notOffered,
    acquireUseLicense: async () => ({
      contentKey: contentKey.slice(),
      cipherMode,
      rights: ['VIEW'],
      owner: 'alice@contoso.com',
      issuedTo: 'bob@contoso.com',
      contentId: '{00000000-0000-0000-0000-000000000000}',
      templateId: undefined,
      contentValidUntil: undefined,
      licenseValidUntil: undefined,
      onlineOnly: false,
      referrer: undefined,
      policy: undefined,
      signedApplicationData: {},
      encryptedApplicationData: {},
    }),
  };
}
