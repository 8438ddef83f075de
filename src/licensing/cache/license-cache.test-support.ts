import { SealwrightError, type SealwrightErrorCode } from '../../errors.ts';
import type { LicensingService, UseLicense } from '../licensing-service.ts';

export const start = new Date('2026-05-04T10:00:00Z');
export const minute = 60_000;
export const day = 24 * 60 * minute;
export const later = (milliseconds: number): Date => new Date(start.getTime() + milliseconds);

/** A use license with everything in it; `more` replaces fields. */
export const useLicense = (more: Partial<UseLicense> = {}): UseLicense => ({
  contentKey: Uint8Array.from({ length: 32 }, (_, i) => i + 1),
  cipherMode: 'SEALWRIGHT.GCM64K',
  rights: ['VIEW', 'PRINT'],
  owner: 'alice@contoso.com',
  issuedTo: 'bob@contoso.com',
  contentId: '{11111111-2222-3333-4444-555555555555}',
  templateId: undefined,
  contentValidUntil: undefined,
  licenseValidUntil: later(7 * day),
  onlineOnly: false,
  referrer: 'help@contoso.com',
  policy: {
    grants: [{ to: 'contoso.com', rights: ['VIEW', 'PRINT'] }],
    validFrom: start,
    validUntil: undefined,
    offlineDays: 7,
    referrer: 'help@contoso.com',
    names: [{ lcid: 1033, name: 'Staff', description: 'All staff' }],
    signedApplicationData: { department: 'Legal' },
    encryptedApplicationData: { matter: 'Zephyr' },
  },
  signedApplicationData: { department: 'Legal' },
  encryptedApplicationData: { matter: 'Zephyr' },
  ...more,
});

export const failure = (code: SealwrightErrorCode): SealwrightError => new SealwrightError(code, 'Made up.');

/** A service that grants what it is told to, counts, and can be unplugged. */
export function fakeService() {
  const state = {
    asked: 0,
    grant: useLicense(),
    fails: undefined as SealwrightError | undefined,
    revoked: [] as string[],
  };
  const elsewhere = async (): Promise<never> => {
    throw failure('UNSUPPORTED_BY_SERVICE');
  };
  const service: LicensingService = {
    listTemplates: async () => [],
    publish: elsewhere,
    getClientLicensorCertificate: elsewhere,
    registerForTracking: elsewhere,
    restore: elsewhere,
    async revoke(contentId) {
      state.revoked.push(contentId);
    },
    async acquireUseLicense() {
      state.asked++;
      await Promise.resolve();
      if (state.fails !== undefined) throw state.fails;
      return { ...state.grant, contentKey: state.grant.contentKey.slice() };
    },
  };
  return { service, state };
}
