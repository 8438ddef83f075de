import { expect } from 'vitest';
import type { inspect } from '../../src/index.ts';

/** A certificate of a real file, as it was measured (`expected.json` of the samples). */
export interface ExpectedCertificate {
  readonly bodyType: string;
  readonly issued: string;
  readonly descriptor?: string;
  readonly issuerType: string;
  readonly issuerName?: string;
  readonly issuerKeyBits: number;
  readonly enablingBitsBytes?: readonly number[];
  readonly contentId?: string;
  readonly signature: {
    readonly digest: string;
    readonly digestMatchesBody: boolean;
    readonly rsaValid: boolean;
  };
}

/** Certificates and the verdicts on their signatures are those that were measured, in order. */
export function expectCertificates(
  found: Awaited<ReturnType<typeof inspect>>['certificates'],
  expected: readonly ExpectedCertificate[],
): void {
  expect(found).toHaveLength(expected.length);
  for (const [i, certificate] of expected.entries())
    expect(found[i], `certificate ${i}`).toMatchObject({
      type: certificate.bodyType === 'Microsoft Rights Label' ? 'Publishing-License' : certificate.descriptor,
      issuerType: certificate.issuerType,
      issuedAt: `${certificate.issued}:00.000Z`,
      keyBits: certificate.issuerKeyBits,
      digestAlgorithm: certificate.signature.digest,
      digestValid: certificate.signature.digestMatchesBody,
      signatureValid: certificate.signature.rsaValid,
    });
}
