import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';

/**
 * Whether a private key (PKCS#8) does what its public key expects. The encryption of key files does not detect changes:
 * damage in their middle would be a key that signs nonsense, and opens nothing. Damaged primes alone are no harm:
 * OpenSSL notices them, and reckons without.
 */
export function keyIsWhole(pkcs8: Uint8Array): boolean {
  try {
    const der = Buffer.from(pkcs8.buffer, pkcs8.byteOffset, pkcs8.length);
    const key = createPrivateKey({ key: der, type: 'pkcs8', format: 'der' });
    const text = Buffer.from('Sealwright');
    return verify('sha256', text, createPublicKey(key), sign('sha256', text, key));
  } catch {
    return false;
  }
}
