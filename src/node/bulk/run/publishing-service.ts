import { SealwrightError, type SealwrightErrorCode } from '../../../errors.ts';
import {
  type LicensingService,
  withOfflinePublishing,
  withSharedLicenses,
} from '../../../licensing/index.ts';
import type { BulkPublishing } from '../bulk-options.ts';

/** The service of a run that publishes, as its options want it. */
export interface PublishingService {
  readonly service: LicensingService;
  /** Wipes the keys that it kept. */
  close(): void;
}

/** Puts in front of the service what the options ask for (spec/bulk.md, "Shared licenses" and "Offline publishing"). */
export function publishingService({
  service,
  licenses = 'per-file',
  publishOffline = false,
  interop,
  cipherMode,
  now,
}: BulkPublishing & { readonly now?: (() => Date) | undefined }): PublishingService {
  const publishing = publishOffline ? withOfflinePublishing(orOnline(service), { now }) : service;
  if (licenses === 'per-file') return { service: publishing, close: () => undefined };
  if (licenses !== 'per-policy')
    throw new SealwrightError('INVALID_ARGUMENT', '"licenses" is either "per-file" or "per-policy".');
  const shared = withSharedLicenses(publishing, { now });
  if (interop !== undefined || cipherMode !== undefined)
    return { service: shared, close: () => shared.forget() };
  return { service: sharedWhereWhole(shared, publishing), close: () => shared.forget() };
}

/** Where nobody chose a mode, only a format that carries none that could be shared names one: its files have licenses of their own. */
const sharedWhereWhole = (shared: LicensingService, publishing: LicensingService): LicensingService => ({
  ...shared,
  publish: (request, wait) =>
    request.cipherMode === undefined ? shared.publish(request, wait) : publishing.publish(request, wait),
});

const refusals: ReadonlySet<SealwrightErrorCode> = new Set(['ACCESS_DENIED', 'SERVICE_REFUSED']);

/** A service that refuses a certificate is asked for each license instead, as one is that has none to give. */
const orOnline = (service: LicensingService): LicensingService => ({
  listTemplates: (wait) => service.listTemplates(wait),
  publish: (request, wait) => service.publish(request, wait),
  acquireUseLicense: (license, request) => service.acquireUseLicense(license, request),
  async getClientLicensorCertificate(wait) {
    try {
      return await service.getClientLicensorCertificate(wait);
    } catch (cause) {
      if (!(cause instanceof SealwrightError) || !refusals.has(cause.code)) throw cause;
      throw new SealwrightError('UNSUPPORTED_BY_SERVICE', cause.message, { ...cause.details, cause });
    }
  },
  registerForTracking: (license, name, wait) => service.registerForTracking(license, name, wait),
  revoke: (contentId, request) => service.revoke(contentId, request),
  restore: (contentId, request) => service.restore(contentId, request),
});
