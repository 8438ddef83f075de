import { randomBytes, randomUUID } from 'node:crypto';
import { SealwrightError } from '../../errors.ts';
import {
  custodianFromPkcs8,
  generateRsaKey,
  issuePublishingLicense,
  openPublishingLicense,
  readPublishingLicense,
} from '../../license/index.ts';
import type { LicensingService } from '../../licensing/index.ts';
import { definePolicy } from '../../rights/index.ts';

/** For tests: real licenses, and every right to everyone. `pkcs8` lets several processes share the key. */
export async function makeTestService(pkcs8?: Uint8Array): Promise<LicensingService> {
  const custodian = await custodianFromPkcs8(pkcs8 ?? (await generateRsaKey(2048)));
  const server = {
    kind: 'server',
    id: '11111111-2222-3333-4444-555555555555',
    name: 'Test',
    url: 'urn:example:test',
    publicKey: custodian.publicKey,
  } as const;
  const owner = 'alice@contoso.com';
  const notOffered = (): never => {
    throw new SealwrightError('SERVICE_UNAVAILABLE', 'The service for tests does not offer this.');
  };
  return {
    async publish(request) {
      const contentKey = new Uint8Array(randomBytes(32));
      const contentId = randomUUID();
      const cipherMode = request.cipherMode ?? 'SEALWRIGHT.GCM64K';
      const publishingLicense = await issuePublishingLicense({
        issuedAt: new Date(),
        contentId,
        owner,
        rights: { policy: request.policy ?? definePolicy({ grants: [] }) },
        contentKey,
        cipherMode,
        signedApplicationData: {},
        server,
        signer: { kind: 'server', custodian },
      });
      return { publishingLicense, contentKey, cipherMode, contentId: `{${contentId}}`, owner };
    },
    async acquireUseLicense(publishingLicense) {
      const license = readPublishingLicense(publishingLicense);
      const { contentKey, cipherMode } = await openPublishingLicense(license, custodian);
      return {
        contentKey,
        cipherMode,
        rights: ['OWNER'],
        owner,
        issuedTo: owner,
        contentId: license.contentId ?? '',
        templateId: undefined,
        contentValidUntil: undefined,
        licenseValidUntil: undefined,
        onlineOnly: false,
        referrer: undefined,
        policy: undefined,
        signedApplicationData: {},
        encryptedApplicationData: {},
      };
    },
    listTemplates: async () => [],
    getClientLicensorCertificate: notOffered,
    registerForTracking: notOffered,
    revoke: notOffered,
    restore: notOffered,
  };
}
