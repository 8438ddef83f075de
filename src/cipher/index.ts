export { nobleBackend } from './backend/noble.ts';
export { nodeBackend } from './backend/node.ts';
export { backendFor, bySize, defaultBackend } from './backend/select.ts';
export { webcryptoBackend } from './backend/webcrypto.ts';
export {
  type CipherMode,
  type CipherModeName,
  type CipherOptions,
  cipherModeNames,
  type SegmentDecryptor,
  type SegmentEncryptor,
} from './cipher-mode.ts';
export { generateContentKey } from './content-key.ts';
export type { AesKey, CryptoBackend } from './crypto-backend.ts';
export { decryptStream } from './decrypt-stream.ts';
export { type DecryptedSourceOptions, decryptedSource } from './decrypted-source.ts';
export { type CipherStreamOptions, encryptStream } from './encrypt-stream.ts';
export { cipherMode } from './modes.ts';
