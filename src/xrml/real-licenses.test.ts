import { describe, expect, it } from 'vitest';
import { decodeBase64, encodeHex } from '../bytes/index.ts';
import { SealwrightError } from '../errors.ts';
import { certifies } from './certifies.ts';
import { verifyXrmlChain } from './chain.ts';
import { decodeLicenseText } from './decode-text.ts';
import { readXrmlDocuments } from './documents.ts';
import { readXrmlFacts, type XrmlPrincipal } from './facts.ts';
import {
  expectedLicenses,
  realLicensesPresent,
  sha256Hex,
  verifiedLicenses,
} from './real-licenses.test-support.ts';
import { formatXrmlTime } from './time.ts';
import { verifySignature } from './verify.ts';

const keyFacts = (party: XrmlPrincipal | undefined) => ({
  type: party?.object?.type,
  bits: party?.publicKey?.bits,
  sha256: party?.publicKey && sha256Hex(party.publicKey.modulus),
});

describe.skipIf(!realLicensesPresent)(
  'licenses made by Microsoft software (skipped without the real samples)',
  () => {
    const asPrinted = expectedLicenses().filter(({ file }) => file.startsWith('xrml-docs/'));
    const genuine = expectedLicenses().filter(({ file }) => !file.startsWith('xrml-docs/'));

    it.each(genuine)(
      'state in $file what was measured, and every signature is good',
      ({ bytes, license }) => {
        const decoded = decodeLicenseText(bytes);
        expect(license.encoding.startsWith(decoded.encoding)).toBe(true);
        if (!license.encoding.includes('CERTIFICATECHAIN')) expect(decoded.byteOrderMark).toBe(license.bom);
        const documents = readXrmlDocuments(bytes);
        expect(documents.length).toBe(license.certificates.length);
        license.certificates.forEach((expected, index) => {
          const facts = readXrmlFacts(documents[index]!);
          const verdict = verifySignature(documents[index]!);
          const ofId = (id: string) => facts.authenticatedData.filter((data) => data.id === id);
          expect(facts.bodyType).toBe(expected.bodyType);
          expect(formatXrmlTime(facts.issuedTime!)).toBe(expected.issued);
          expect(facts.descriptor?.type).toBe(expected.descriptor);
          expect(keyFacts(facts.issuer)).toEqual({
            type: expected.issuerType,
            bits: expected.issuerKeyBits,
            sha256: expected.issuerModulusSha256,
          });
          if (expected.issuerName !== undefined)
            expect(facts.issuer?.object?.name === expected.issuerName).toBe(true);
          expect(facts.enablingBits.map(({ bytes: sealed }) => sealed?.length)).toEqual(
            expected.enablingBitsBytes ?? [],
          );
          expect(facts.distributionPoints.map(({ type }) => type)).toEqual(expected.distributionPoints ?? []);
          const rightsData = ofId('Encrypted-Rights-Data')[0];
          expect(rightsData && decodeBase64(rightsData.text)?.length).toBe(expected.encryptedRightsDataBytes);
          const named = facts.authenticatedData.filter(({ id }) => id !== 'Encrypted-Rights-Data');
          expect(named.map(({ name }) => name)).toEqual(expected.appData ?? []);
          if (expected.contentId !== undefined) expect(facts.work?.object?.id).toBe(expected.contentId);
          // The table lists only rights of the form `RIGHT name="…"` without spaces.
          for (const right of expected.rights ?? [])
            expect(facts.rights.map(({ name }) => name)).toContain(right);
          const { signature } = expected;
          expect(verdict).toMatchObject({
            valid: true,
            digestAlgorithm: signature.digest,
            signatureValid: signature.rsaValid,
            digestValid: signature.digestValueAbsent ? undefined : signature.digestMatchesBody,
            signedForm: {
              whitespaceRemoved: signature.whitespaceRemovedFirst ?? false,
              emptyElements: 'as-stored',
            },
          });
          if (signature.algorithm !== undefined) expect(facts.signature?.algorithm).toBe(signature.algorithm);
          if (signature.coding !== undefined) expect(facts.signature?.coding).toBe(signature.coding);
        });
      },
    );

    it.each(verifiedLicenses())('certify each other in $file as measured', ({ bytes, asIs, licenses }) => {
      const read = readXrmlDocuments(bytes).map((document) => ({ document, facts: readXrmlFacts(document) }));
      expect(read.length).toBe(licenses.length);
      licenses.forEach((expected, index) => {
        const { document, facts } = read[index]!;
        expect(facts.bodyType).toBe(expected.bodyType);
        expect(facts.descriptor?.type ?? null).toBe(expected.descriptor);
        expect(facts.purpose ?? null).toBe(expected.xrmlPurpose);
        expect(formatXrmlTime(facts.issuedTime!)).toBe(expected.issuedTime);
        for (const [party, stated] of [
          [facts.issuer, expected.issuer],
          [facts.principals[0], expected.principal],
        ] as const) {
          if (stated === null) continue;
          expect(keyFacts(party)).toEqual({
            type: stated.type,
            bits: stated.keyBits,
            sha256: stated.modulusLittleEndianSha256,
          });
          expect((party?.object?.name ?? null) === stated.name).toBe(true);
        }
        expect(encodeHex(facts.signature!.digestValue!)).toBe(expected.digestHex);
        if (asIs) expect(document.bodyText.length).toBe(expected.bodyCharacters);
        expect(verifySignature(document).valid).toBe(expected.signatureVerified);
        const certifiers = read.flatMap((upper, at) =>
          at > index && certifies(upper, read[index]!) ? [at] : [],
        );
        expect(certifiers).toEqual(expected.issuerKeyCertifiedByIndexes);
      });
    });

    it.each(genuine)('lead from $file to the root it hangs from, or to none', ({ bytes, license }) => {
      const documents = readXrmlDocuments(bytes);
      // A signed application manifest is no license: it names its issuer as it likes, so the certificate
      // behind it does not vouch for that name. Its chain is good from the certificate on.
      const leaf = license.certificates[0]!.descriptor === 'Manifest' ? 1 : 0;
      const verdict = verifyXrmlChain(documents, { leaf });
      if (leaf === 1) expect(verifyXrmlChain(documents).trusted).toBe(false);
      const roots = license.certificates.flatMap(({ issuerName }) =>
        issuerName?.endsWith('Production Root') || issuerName?.endsWith('ISV Root') ? [issuerName] : [],
      );
      expect(verdict.trustAnchor).toBe(roots[0]);
      expect(verdict.trusted).toBe(roots.length > 0);
      expect(verdict.path.at(-1)).toBe(roots.length > 0 ? documents.length - 1 : undefined);
      expect(verdict.problems.length).toBe(roots.length > 0 ? 0 : 1);
    });

    it.each(genuine)(
      'are trusted from $file on when the key of the issuer is pinned',
      ({ bytes, license }) => {
        const modulusSha256 = license.certificates[0]!.issuerModulusSha256!;
        const verdict = verifyXrmlChain(readXrmlDocuments(bytes), {
          trustAnchors: [{ name: 'pinned', modulusSha256 }],
        });
        expect(verdict).toMatchObject({ trusted: true, trustAnchor: 'pinned', path: [0] });
      },
    );

    it.each(asPrinted)('are refused as altered for print in $file', ({ bytes, license }) => {
      let documents: ReturnType<typeof readXrmlDocuments>;
      try {
        documents = readXrmlDocuments(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(SealwrightError);
        expect((error as SealwrightError).code).toBe('MALFORMED_LICENSE');
        return;
      }
      expect(documents.length).toBe(license.certificates.length);
      documents.forEach((document, index) => {
        const { digestMatchesBody, rsaValid } = license.certificates[index]!.signature;
        expect(verifySignature(document)).toMatchObject({
          valid: false,
          digestValid: digestMatchesBody,
          signatureValid: rsaValid,
        });
      });
      expect(verifyXrmlChain(documents).trusted).toBe(false);
    });
  },
);
