export type { Directory, DirectoryPerson, DirectorySource } from './directory.ts';
export {
  type DirectoryContents,
  directorySchema,
  openDirectoryFile,
  parseDirectory,
} from './directory-file.ts';
export {
  type Issuer,
  type IssuerSettings,
  issuerSettingsSchema,
  issuersSchema,
  type TokenAlgorithm,
  tokenAlgorithms,
} from './issuer-settings.ts';
export { type TokenReason, tokenReasons } from './token-refused.ts';
export {
  createTokenVerifier,
  type RoleBook,
  type TokenVerifier,
  type TokenVerifierOptions,
} from './token-verifier.ts';
