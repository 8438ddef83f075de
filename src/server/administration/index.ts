export {
  type Administration,
  type AdministrationOptions,
  type AdministrationRequest,
  type AdministrativeAction,
  administrationRoutes,
} from './administration-routes.ts';
export {
  type AdministratorSettings,
  type Administrators,
  administratorsSchema,
  openAdministrators,
  type RoleAssignment,
} from './administrators.ts';
export { administrationPaths } from './openapi-paths.ts';
export type { AdministrativeOperation } from './operation.ts';
export { administrativeOperations } from './operations.ts';
