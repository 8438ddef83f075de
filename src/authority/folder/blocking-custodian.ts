import { constants, type KeyObject, privateDecrypt, sign } from 'node:crypto';
import { plainView } from '../../bytes/index.ts';
import { decryptionFailed } from '../../errors.ts';
import type { KeyCustodian, RsaPublicKey } from '../../license/index.ts';

/**
 * A custodian for a thread that has nothing else to do meanwhile: it makes signatures and opens keys at once, in this
 * thread. To hand them to the thread pool of Node and to be woken up again takes as long as a quarter of the work.
 *
 * @param key belongs to this thread alone: Node locks a key while it is used
 */
export function blockingCustodian(key: KeyObject, publicKey: RsaPublicKey): KeyCustodian {
  const signing = { key, padding: constants.RSA_PKCS1_PADDING };
  const opening = { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' };
  return Object.freeze({
    publicKey,
    async sign(data) {
      return plainView(sign('sha256', data, signing));
    },
    async decrypt(ciphertext) {
      try {
        return plainView(privateDecrypt(opening, ciphertext));
      } catch {
        throw decryptionFailed();
      }
    },
  } satisfies KeyCustodian);
}
