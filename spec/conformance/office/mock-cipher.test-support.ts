import type { CipherMode, SegmentDecryptor } from '../../../src/cipher/index.ts';
import { type LicensingService, SealwrightError } from '../../../src/index.ts';

/** The cipher of a test suite that needed none: each byte is XORed with 0xAA. What a foreign mode looks like. */
export const xorMode: CipherMode = Object.freeze({
  name: 'MOCK.XOR',
  authenticated: false,
  keyLengths: [16],
  preambleLength: 0,
  segmentLength: 4096,
  encryptedSegmentLength: 4096,
  alignment: 16,
  encryptedLength: (length: number) => length,
  plaintextLengthBounds: (length: number) => ({ minimum: length, maximum: length }),
  encryptor: () => ({ preamble: new Uint8Array(0), encrypt: xored, wipe: () => undefined }),
  decryptor: () => ({ decrypt: xored, wipe: () => undefined }),
});

const xored: SegmentDecryptor['decrypt'] = (input, _first, _last, output) => {
  for (let i = 0; i < input.length; i++) output[i] = (input[i] as number) ^ 0xaa;
  return input.length;
};

/** A licensing service that stands in for one nobody has: it gives a key for any license, in the mode it was told. */
export function standInService(cipherMode: string, contentKey = new Uint8Array(16)): LicensingService {
  const notOffered = (): never => {
    throw new SealwrightError('SERVICE_UNAVAILABLE', 'This service only gives the key it was told.');
  };
  return {
    listTemplates: notOffered,
    publish: notOffered,
    getClientLicensorCertificate: notOffered,
    registerForTracking: notOffered,
    revoke: notOffered,
    restore: notOffered,
    acquireUseLicense: async () => ({
      contentKey: contentKey.slice(),
      cipherMode,
      rights: ['VIEW'],
      owner: 'alice@contoso.com',
      issuedTo: 'bob@contoso.com',
      contentId: '{00000000-0000-0000-0000-000000000000}',
      templateId: undefined,
      contentValidUntil: undefined,
      licenseValidUntil: undefined,
      onlineOnly: false,
      referrer: undefined,
      policy: undefined,
      signedApplicationData: {},
      encryptedApplicationData: {},
    }),
  };
}
