export {
  decryptPkcs8,
  type EncryptPkcs8Options,
  encryptPkcs8,
  passphraseIterations,
} from './encrypted-pkcs8.ts';
export { decodePem, encodePem, type PemLabel } from './pem.ts';
export { decodeSpki, encodeSpki } from './spki.ts';
