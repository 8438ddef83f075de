export { createServer } from './app.ts';
export type { AdministratorRole, Caller, VerifyToken } from './caller.ts';
export { administratorRoles } from './caller.ts';
export * from './dev-issuer/index.ts';
export * from './identity/index.ts';
export { type Listener, type ListenOptions, listen } from './listen.ts';
export { metricsOnly } from './operations/metrics-only.ts';
export type {
  ChallengeFacts,
  Connection,
  HandedOn,
  RequestRate,
  Server,
  ServerLimits,
  ServerOptions,
  SubApplication,
} from './server-options.ts';
export type { TlsFiles } from './tls-files.ts';
