export type { KeptEntry, LicenseStore } from './cache/license-store.ts';
export { type MemoryLicenseStoreOptions, memoryLicenseStore } from './cache/memory-license-store.ts';
export {
  type CachingLicensingService,
  type LicenseCacheMode,
  type LicenseCacheOptions,
  withLicenseCache,
} from './cache/with-license-cache.ts';
export {
  type AllowedServices,
  type AllowedServicesOptions,
  allowedServices,
  checkedServiceUrl,
} from './exchange/allowed-services.ts';
export { type Challenge, readChallenges } from './exchange/challenge-header.ts';
export { type Cloud, clouds } from './exchange/clouds.ts';
export { createExchange } from './exchange/create-exchange.ts';
export type {
  ApplicationFacts,
  Exchange,
  ExchangeOptions,
  RequestLimit,
  Retries,
  ServiceAnswer,
  ServiceRequest,
  Timeouts,
} from './exchange/exchange.ts';
export { isLoopbackHost } from './exchange/host-pattern.ts';
export { checkLicensorKey, firstUseKeys, pinnedKeys } from './exchange/key-pins.ts';
export { type Limiter, requestLimiter } from './exchange/limiter.ts';
export type {
  AcquireOptions,
  ClientLicensor,
  LicensingService,
  PublishedLicense,
  PublishOptions,
  PublishRequest,
  UseLicense,
} from './licensing-service.ts';
export type { OfflineStore } from './offline/offline-shelf.ts';
export { type OfflinePublishingOptions, withOfflinePublishing } from './offline/with-offline-publishing.ts';
export type * from './rest/messages.ts';
export { endpointNames, sealwrightEndpoints } from './rest/messages.ts';
export { restLicensingService } from './rest/rest-licensing-service.ts';
export type {
  DiscoveryStep,
  ResolveSrv,
  RestServiceOptions,
  SrvRecord,
} from './rest/rest-service-options.ts';
export type { CloudName, KeyPins, ServiceTrust } from './service-trust.ts';
export {
  type SharedLicensesOptions,
  type SharedLicensingService,
  withSharedLicenses,
} from './shared/with-shared-licenses.ts';
export { staticToken, type TokenChallenge, type TokenProvider } from './token-provider.ts';
