export * from './administration/index.ts';
export { createServer } from './app.ts';
export type { AdministratorRole, Caller, VerifyToken } from './caller.ts';
export { administratorRoles } from './caller.ts';
export {
  checkServerConfiguration,
  readServerConfiguration,
  type ServerConfiguration,
  type ServerConfigurationInput,
  serverConfigurationSchema,
} from './configuration.ts';
export * from './dev-issuer/index.ts';
export * from './identity/index.ts';
export { type Listener, type ListenOptions, listen } from './listen.ts';
export { metricsOnly } from './operations/metrics-only.ts';
export { type RunningServer, type ServeOptions, serve } from './serve.ts';
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
