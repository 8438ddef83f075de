export { createServer } from './app.ts';
export type { AdministratorRole, Caller, VerifyToken } from './caller.ts';
export { administratorRoles } from './caller.ts';
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
