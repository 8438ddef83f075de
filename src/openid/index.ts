export type { SignInFailureReason } from './failure.ts';
export type {
  Account,
  ClientKey,
  DeviceCode,
  OpenBrowser,
  OpenIdOptions,
  OpenIdSession,
  ShowDeviceCode,
  SignInMethod,
  SignInOptions,
} from './open-id-options.ts';
export { openIdTokens } from './open-id-tokens.ts';
export { fileTokenStore } from './store/file-token-store.ts';
export { memoryTokenStore, type TokenStore } from './store/token-store.ts';
