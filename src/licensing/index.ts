export type {
  AcquireOptions,
  ClientLicensor,
  LicensingService,
  PublishedLicense,
  PublishOptions,
  PublishRequest,
  UseLicense,
} from './licensing-service.ts';
