export {
  type InitOptions,
  initAuthority,
  type OpenAuthorityOptions,
  openAuthority,
  type RestoreOptions,
  restoreAuthority,
} from './folder-authority.ts';
export { openSqliteStore, type SqliteStoreOptions } from './sqlite-store.ts';
