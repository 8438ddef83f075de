import { constants, createPublicKey, generateKeyPairSync, publicEncrypt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { custodianFromPkcs8, encryptTo, generateRsaKey } from './key-custodian.ts';
import { keyBits } from './rsa-public-key.ts';

const pkcs8Of = (modulusLength: number, publicExponent = 0x10001): Uint8Array =>
  new Uint8Array(
    generateKeyPairSync('rsa', { modulusLength, publicExponent }).privateKey.export({
      type: 'pkcs8',
      format: 'der',
    }),
  );

describe('custodianFromPkcs8', () => {
  it('signs, and opens what was encrypted to it', async () => {
    const custodian = await custodianFromPkcs8(await generateRsaKey(2048));
    expect(keyBits(custodian.publicKey)).toBe(2048);
    expect(await custodian.sign(Uint8Array.of(1))).toHaveLength(256);
    const message = Uint8Array.of(1, 2, 3);
    expect(await custodian.decrypt(await encryptTo(custodian.publicKey, message))).toEqual(message);
    await expect(custodian.decrypt(new Uint8Array(256))).rejects.toMatchObject({ code: 'DECRYPTION_FAILED' });
  });

  it('signs as WebCrypto does, also many things at once', async () => {
    const pkcs8 = await generateRsaKey(2048);
    const custodian = await custodianFromPkcs8(pkcs8.slice());
    const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
    const key = await crypto.subtle.importKey('pkcs8', pkcs8 as Uint8Array<ArrayBuffer>, algorithm, false, [
      'sign',
    ]);
    const texts = Array.from({ length: 12 }, (_, i) => new Uint8Array(1000 * i).fill(i));
    const signed = await Promise.all(
      texts.map((text) => {
        const given = text.slice();
        const signature = custodian.sign(given);
        // What is signed is what it was when it was given.
        given.fill(0xff);
        return signature;
      }),
    );
    for (const [index, text] of texts.entries()) {
      const expected = await crypto.subtle.sign(algorithm.name, key, text);
      expect(signed[index]).toEqual(new Uint8Array(expected));
    }
  });

  it('opens only what was encrypted by OAEP with SHA-1, and says the same of everything else', async () => {
    const custodian = await custodianFromPkcs8(pkcs8Of(2048));
    const n = Buffer.from(custodian.publicKey.modulus.slice().reverse()).toString('base64url');
    const key = createPublicKey({ key: { kty: 'RSA', n, e: 'AQAB' }, format: 'jwk' });
    const message = Uint8Array.of(1, 2, 3);
    const padded = publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, message);
    const other = publicEncrypt(
      { key, oaepHash: 'sha256', padding: constants.RSA_PKCS1_OAEP_PADDING },
      message,
    );
    const good = publicEncrypt({ key, oaepHash: 'sha1', padding: constants.RSA_PKCS1_OAEP_PADDING }, message);
    expect(await custodian.decrypt(new Uint8Array(good))).toEqual(message);
    for (const wrong of [padded, other, good.subarray(1), new Uint8Array(0), new Uint8Array(256).fill(0xff)])
      await expect(custodian.decrypt(new Uint8Array(wrong))).rejects.toMatchObject({
        code: 'DECRYPTION_FAILED',
      });
  });

  it('refuses a key with another exponent, which licenses could not state', async () => {
    await expect(custodianFromPkcs8(pkcs8Of(2048, 3))).rejects.toMatchObject({ code: 'MALFORMED_KEY' });
  });

  it('refuses a key that is too long to work with, and bytes that are too many for a key', async () => {
    await expect(custodianFromPkcs8(new Uint8Array(70_000))).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
    });
  });

  it('refuses a key that is damaged inside, or works with it as if it were not', async () => {
    const whole = pkcs8Of(2048);
    const message = Uint8Array.of(1, 2, 3);
    let refused = 0;
    for (let at = 40; at < whole.length; at += 37) {
      const damaged = whole.slice();
      damaged[at] = (damaged[at] as number) ^ 0x10;
      const custodian = await custodianFromPkcs8(damaged).catch((error: unknown) => {
        expect(error).toMatchObject({ code: 'MALFORMED_KEY' });
        refused++;
        return undefined;
      });
      // Exponent and primes each suffice: what is left of a key may still be a whole one.
      if (custodian !== undefined)
        expect(await custodian.decrypt(await encryptTo(custodian.publicKey, message))).toEqual(message);
    }
    expect(refused).toBeGreaterThan(5);
  });

  it('refuses what is no RSA key', async () => {
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
      type: 'pkcs8',
      format: 'der',
    });
    for (const other of [new Uint8Array(0), Uint8Array.of(0x30, 0x80), new Uint8Array(ec)])
      await expect(custodianFromPkcs8(other)).rejects.toMatchObject({ code: 'MALFORMED_KEY' });
  });
});
