export { type NetworkFetch, networkFetch } from './network-fetch.ts';
export type { NetworkOptions, PacProxy, ProxyAuthorization, ProxyTokenProvider } from './network-options.ts';
export { resolveSrv, type SrvOptions, srvResolver } from './srv.ts';
export type { ClientCertificate } from './tls-settings.ts';
