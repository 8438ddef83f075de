export {
  type ManagedIdentityOptions,
  msalApplication,
  msalManagedIdentity,
  msalOnBehalfOf,
} from './application.ts';
export { type MsalCacheStore, msalCache } from './msal-cache.ts';
export type { MsalCredential, MsalOptions } from './msal-options.ts';
export { type MsalDeviceCode, msalDeviceCode, msalInteractive, msalSilent } from './person.ts';
