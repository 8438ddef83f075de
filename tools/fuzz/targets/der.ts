import { SealwrightError } from '../../../src/errors.ts';
import { custodianFromPkcs8 } from '../../../src/license/index.ts';
import { decodePem, decodeSpki, decryptPkcs8, encodeSpki } from '../../../src/license/key-encoding/index.ts';
import { corpusFile } from '../samples.ts';
import { passphrase } from '../seal-archive.ts';
import { type FuzzTarget, must } from '../target.ts';

/** Keys in DER and PEM. */
export async function derTarget(): Promise<FuzzTarget> {
  const message = new TextEncoder().encode('signed');
  const check = {
    spki: (input: Uint8Array) => {
      const key = decodeSpki(input);
      must(decodeSpki(encodeSpki(key)).modulus.join() === key.modulus.join(), 'the key does not come back');
    },
    encrypted: (input: Uint8Array) => decryptPkcs8(input, passphrase),
    pkcs8: async (input: Uint8Array) => {
      const custodian = await custodianFromPkcs8(input);
      const { length } = custodian.publicKey.modulus;
      must(length >= 64 && length <= 512, `a key of ${length} bytes was taken`);
      const signature = await custodian.sign(message).catch(() => undefined);
      must(
        signature === undefined || signature.length === length,
        'the signature has another length than the key',
      );
    },
    pem: (input: Uint8Array) => decodeSpki(decodePem('PUBLIC KEY', new TextDecoder('latin1').decode(input))),
  };
  return {
    habits: { head: 120 },
    samples: ['key.spki', 'key.pk8', 'key-encrypted.pk8', 'key-encrypted.pk8', 'key.pem'].map(corpusFile),
    async check(input) {
      const read: string[] = [];
      let last: unknown;
      for (const [name, work] of Object.entries(check))
        try {
          await work(input);
          read.push(name);
        } catch (error) {
          if (!(error instanceof SealwrightError)) throw error;
          last = error;
        }
      if (read.length === 0) throw last;
      return read.join(' and ');
    },
  };
}
