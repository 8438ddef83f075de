import { equalBytes } from '../bytes/index.ts';
import { SealwrightError } from '../errors.ts';
import { parseGuid } from '../rights/index.ts';
import { readXrmlDocuments, readXrmlFacts } from '../xrml/index.ts';
import { custodianFromPkcs8 } from './key-custodian.ts';
import type { ServerParty } from './party.ts';
import type { LicenseSigner } from './publishing-license.ts';

/** Who publishes offline, and for which server. */
export interface OfflinePublisher {
  readonly server: ServerParty;
  readonly signer: Extract<LicenseSigner, { kind: 'client' }>;
}

/**
 * Makes a client licensor certificate and its key, as a licensing service gave them, ready for
 * `issuePublishingLicense`: any number of licenses, with no further request.
 *
 * @param certificateChain the certificate and what certifies it, leaf first
 * @param privateKey PKCS#8 of the certificate's key
 * @throws `MALFORMED_LICENSE`, `MALFORMED_KEY` for a key that is not the certificate's
 * @see spec/licenses.md, "Publishing licenses"
 *
 * @example
 * ```ts
 * const publisher = await offlinePublisher(await service.getClientLicensorCertificate());
 * const license = await issuePublishingLicense({
 *   ...publisher,
 *   issuedAt: new Date(),
 *   contentId: crypto.randomUUID(),
 *   owner: publisher.signer.account.email,
 *   rights: { policy: definePolicy({ grants: [{ to: 'contoso.com', rights: 'Viewer' }] }) },
 *   contentKey: generateContentKey(256),
 *   cipherMode: 'SEALWRIGHT.GCM64K',
 *   signedApplicationData: {},
 * });
 * ```
 */
export async function offlinePublisher({
  certificateChain,
  privateKey,
}: {
  readonly certificateChain: Uint8Array;
  readonly privateKey: Uint8Array;
}): Promise<OfflinePublisher> {
  const documents = readXrmlDocuments(certificateChain);
  const certificate = documents[0] && readXrmlFacts(documents[0]);
  const principal = certificate?.principals[0];
  const server = certificate?.issuer;
  const licensingUrl = certificate?.distributionPoints.find(
    ({ type }) => type === 'License-Acquisition-URL',
  )?.url;
  const id = parseGuid(server?.object?.id ?? '');
  const email = principal?.object?.name;
  if (id === undefined || email === undefined || !server?.publicKey || !principal?.publicKey)
    throw new SealwrightError(
      'MALFORMED_LICENSE',
      'The client licensor certificate does not say for whom and by which server it is. Get a new one from the licensing service.',
    );
  const custodian = await custodianFromPkcs8(privateKey);
  if (!equalBytes(custodian.publicKey.modulus, principal.publicKey.modulus))
    throw new SealwrightError(
      'MALFORMED_KEY',
      'The private key is not that of the client licensor certificate. Use the two that came together.',
    );
  return {
    server: {
      kind: 'server',
      id,
      name: server.object?.name ?? '',
      url: server.object?.addresses.find(({ type }) => type === 'URL')?.value ?? `urn:uuid:${id}`,
      licensingUrl,
      publicKey: server.publicKey,
    },
    signer: {
      kind: 'client',
      custodian,
      account: { kind: 'account', email, publicKey: custodian.publicKey },
      certificates: documents.map(({ text }) => text),
    },
  };
}
