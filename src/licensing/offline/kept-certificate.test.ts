import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equalBytes } from '../../bytes/index.ts';
import { readKeptCertificate, writeKeptCertificate } from './kept-certificate.ts';

const anyBytes = fc.uint8Array({ maxLength: 300 });

describe('a kept certificate', () => {
  it('reads as it was written', () => {
    fc.assert(
      fc.property(anyBytes, anyBytes, (certificateChain, privateKey) => {
        const read = readKeptCertificate(writeKeptCertificate({ certificateChain, privateKey }));
        return (
          read !== undefined &&
          equalBytes(read.certificateChain, certificateChain) &&
          equalBytes(read.privateKey, privateKey)
        );
      }),
    );
  });

  it('is absent in another version, cut within the chain, or with a length that lies', () => {
    const good = writeKeptCertificate({
      certificateChain: new Uint8Array(50),
      privateKey: new Uint8Array(9),
    });
    for (let length = 0; length < 55; length++)
      expect(readKeptCertificate(good.subarray(0, length))).toBeUndefined();
    expect(readKeptCertificate(Uint8Array.of(2, ...good.subarray(1)))).toBeUndefined();
    expect(readKeptCertificate(Uint8Array.of(1, 0xff, 0xff, 0xff, 0xff, 0))).toBeUndefined();
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const read = readKeptCertificate(bytes);
        return (
          read === undefined || read.certificateChain.length + read.privateKey.length + 5 === bytes.length
        );
      }),
    );
  });
});
