import type { CipherMode, SegmentDecryptor } from '../../../src/cipher/index.ts';

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
