import { createPrivateKey, createPublicKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SealwrightError } from '../../errors.ts';
import { custodianFromPkcs8, generateRsaKey } from '../key-custodian.ts';
import { decodePem, decodeSpki, decryptPkcs8, encodePem, encodeSpki, encryptPkcs8 } from './index.ts';

const pkcs8 = await generateRsaKey(2048);
const quick = { iterations: 1000 };

describe('keys between XrML, WebCrypto, Node and PEM', () => {
  it('gives Node the same public key as the private key has', async () => {
    const { publicKey } = await custodianFromPkcs8(pkcs8);
    const expected = createPublicKey(
      createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' }),
    );
    const pem = encodePem('PUBLIC KEY', encodeSpki(publicKey));
    expect(pem).toBe(expected.export({ type: 'spki', format: 'pem' }));
    expect(decodeSpki(decodePem('PUBLIC KEY', pem)).modulus).toEqual(publicKey.modulus);
  });

  it('opens a key that was encrypted under a passphrase, as Node does', async () => {
    const encrypted = await encryptPkcs8(pkcs8, 'correct horse', quick);
    expect(await decryptPkcs8(encrypted, 'correct horse')).toEqual(pkcs8);
    const pem = encodePem('ENCRYPTED PRIVATE KEY', encrypted);
    const opened = createPrivateKey({ key: pem, passphrase: 'correct horse' });
    expect(opened.export({ type: 'pkcs8', format: 'der' })).toEqual(Buffer.from(pkcs8));
  });

  it('reads what Node encrypted with the same algorithms', async () => {
    const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
    const pem = key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'pass' });
    const der = decodePem('ENCRYPTED PRIVATE KEY', pem.toString());
    expect(await decryptPkcs8(der, 'pass')).toEqual(pkcs8);
  });

  it('refuses a wrong passphrase with the one code for decryption failures', async () => {
    const encrypted = await encryptPkcs8(pkcs8, 'right', quick);
    await expect(decryptPkcs8(encrypted, 'wrong')).rejects.toMatchObject({ code: 'DECRYPTION_FAILED' });
  });

  it('never takes what a wrong passphrase left for a key, whatever its padding looks like', async () => {
    const encrypted = await encryptPkcs8(pkcs8, 'right', { iterations: 1 });
    for (let attempt = 0; attempt < 1500; attempt++)
      await expect(decryptPkcs8(encrypted, `wrong ${attempt}`)).rejects.toMatchObject({
        code: 'DECRYPTION_FAILED',
      });
  });

  it('refuses an absurd number of rounds before doing them', async () => {
    const encrypted = await encryptPkcs8(pkcs8, 'right', { iterations: 1 });
    const at = Buffer.from(encrypted).indexOf(Buffer.from('020101', 'hex'), 20);
    expect(at).toBeGreaterThan(0);
    encrypted[at + 2] = 0; // zero rounds
    await expect(decryptPkcs8(encrypted, 'right')).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  it('answers every mutation of DER with a typed error or the key', async () => {
    const encrypted = await encryptPkcs8(pkcs8, 'right', { iterations: 1 });
    const spki = encodeSpki((await custodianFromPkcs8(pkcs8)).publicKey);
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 255 }), fc.boolean(), async (where, flip, cut) => {
        for (const der of [encrypted, spki]) {
          let mutated = der.slice();
          const at = where % (der === encrypted ? 120 : der.length);
          mutated[at] = (mutated[at] as number) ^ flip;
          if (cut) mutated = mutated.subarray(0, at);
          try {
            if (der === spki) decodeSpki(mutated);
            else await decryptPkcs8(mutated, 'right');
          } catch (error) {
            expect(error).toBeInstanceOf(SealwrightError);
          }
        }
      }),
      { numRuns: 300 },
    );
  }, 30_000);
});
