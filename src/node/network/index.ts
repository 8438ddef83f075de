export type { FindPassage, Passage } from './connection.ts';
export { type Network, type NetworkFetch, networkFetch, openNetwork } from './network-fetch.ts';
export type { NetworkOptions, ProxyAuthorization, ProxyTokenProvider } from './network-options.ts';
export { resolveSrv, type SrvOptions, srvResolver } from './srv.ts';
export type { ClientCertificate, TlsContexts } from './tls-settings.ts';
