import {
  type ByteSource,
  type ContentInput,
  encodeHex,
  sha256,
  sourceOf,
  type WaitOptions,
} from '../bytes/index.ts';
import { detectionBytes, type ProtectedFacts, recognise } from '../container/index.ts';
import { SealwrightError } from '../errors.ts';
import { type LabelMetadata, readContainerLabels, readLabels } from '../label/index.ts';
import { type PublishingLicenseFacts, readPublishingLicense } from '../license/index.ts';
import { resolveName, usEnglish } from '../rights/index.ts';
import {
  microsoftTrustAnchors,
  type SignatureVerdict,
  type TrustAnchor,
  verifyXrmlChain,
  type XrmlFacts,
} from '../xrml/index.ts';
import type { InspectedCertificate, InspectedLabel, Inspection } from './inspection.ts';
import { withRandomAccess } from './read-container.ts';

/** Options of `inspect`. */
export interface InspectOptions extends WaitOptions {
  /** Keys to recognize beside Microsoft's roots: an authority's own, say. */
  readonly trustAnchors?: readonly TrustAnchor[] | undefined;
}

/**
 * Tells what a file is and says of itself, without any key and without any network, from its head and, of an Office
 * file, its directory; an Office file that comes as a stream is kept in memory for that.
 * Signatures are checked, but what an unanchored license states is what its writer claims.
 *
 * @returns facts; `protected: false` for a file that is not protected, which is no error
 * @throws `MALFORMED_CONTAINER`, `MALFORMED_LICENSE`, `UNSUPPORTED_VERSION`, `LIMIT_EXCEEDED`
 * @see spec/cli.md, "inspect"
 *
 * @example
 * ```ts
 * import { inspect } from 'sealwright';
 * const facts = await inspect(bytes);
 * console.log(facts.protected, facts.owner, facts.contentId);
 * ```
 */
export async function inspect(input: ContentInput, options: InspectOptions = {}): Promise<Inspection> {
  const source = sourceOf(input);
  try {
    return await inspectSource(source, options);
  } finally {
    // A stream that was handed in is ours to end; what else holds a source closes it.
    if (source !== input) void source.close?.();
  }
}

async function inspectSource(given: ByteSource, options: InspectOptions): Promise<Inspection> {
  const head = new Uint8Array(await given.read(0, detectionBytes, options));
  const source = await withRandomAccess(given, head, { name: undefined, signal: options.signal });
  const recognition = await recognise(head, source, options);
  const { kind, format, compoundFile, pdf } = recognition;
  const container =
    format &&
    (await unlessOnlyNamed(() => format.read(source, { signal: options.signal, compoundFile, pdf })));
  if (container === undefined) {
    // A large directory that cannot be read is not read once more for labels.
    const labels =
      source.seekable && kind !== 'damaged-compound-file'
        ? await readLabels(source, { head, recognition, signal: options.signal })
        : [];
    const recognisedAs = format === undefined ? kind : 'plain';
    return Object.freeze({ ...nothing, recognisedAs, labels: Object.freeze(labels.map(label)) });
  }
  const license = readPublishingLicense(container.publishingLicense);
  const anchors = [...microsoftTrustAnchors, ...(options.trustAnchors ?? [])];
  const chain = verifyXrmlChain(license.documents, {
    trustAnchors: anchors,
    leaf: license.documents.indexOf(license.license),
  });
  return Object.freeze({
    ...nothing,
    protected: true,
    ...containerFacts(container),
    ...licenseFacts(license),
    certificates: Object.freeze(
      chain.signatures.map((verdict, index) => certificate(chain.facts[index] as XrmlFacts, verdict)),
    ),
    trustAnchor: chain.trustAnchor ?? null,
    labels: Object.freeze(readContainerLabels(container).map(label)),
  });
}

/** What `read` gives; `undefined` for a message that says it is protected, and is not. */
async function unlessOnlyNamed(read: () => Promise<ProtectedFacts>): Promise<ProtectedFacts | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof SealwrightError && error.code === 'NOT_PROTECTED') return undefined;
    throw error;
  }
}

const nothing: Inspection = Object.freeze({
  protected: false,
  recognisedAs: null,
  format: null,
  formatVersion: null,
  originalExtension: null,
  originalSize: null,
  contentOffset: null,
  contentLength: null,
  cipherMode: null,
  contentKeyBits: null,
  publishingLicenseSha256: null,
  publishingLicenseLength: null,
  contentId: null,
  templateId: null,
  descriptorId: null,
  policyName: null,
  owner: null,
  issuer: null,
  issuedAt: null,
  validFrom: null,
  validUntil: null,
  referrer: null,
  licensingUrls: Object.freeze([]),
  certificates: Object.freeze([]),
  trustAnchor: null,
  labels: Object.freeze([]),
});

function containerFacts(container: ProtectedFacts) {
  return {
    format: container.format,
    formatVersion: container.formatVersion,
    originalExtension: container.originalExtension ?? null,
    originalSize: container.originalSize ?? null,
    contentOffset: container.contentOffset,
    contentLength: container.contentLength ?? null,
    publishingLicenseSha256: encodeHex(sha256(container.publishingLicense)),
    publishingLicenseLength: container.publishingLicense.length,
  };
}

function licenseFacts(license: PublishingLicenseFacts) {
  const { facts } = license;
  return {
    cipherMode: license.cipherMode ?? null,
    contentKeyBits: contentKeyBits(facts),
    contentId: license.contentId ?? null,
    templateId: license.templateId ?? null,
    descriptorId: license.descriptorId ?? null,
    policyName: resolveName(facts.descriptor?.names ?? [], usEnglish)?.name ?? null,
    owner: license.owner ?? null,
    issuer: facts.issuer?.object?.name?.trim() ?? null,
    issuedAt: text(license.issuedAt),
    validFrom: text(license.validFrom),
    validUntil: text(license.validUntil),
    referrer: license.referrer ?? null,
    licensingUrls: Object.freeze(
      facts.distributionPoints
        .filter(({ type }) => type?.endsWith('License-Acquisition-URL') === true)
        .flatMap(({ url }) => url ?? []),
    ),
  };
}

function certificate(facts: XrmlFacts, verdict: SignatureVerdict): InspectedCertificate {
  return Object.freeze({
    type:
      facts.bodyType === 'Microsoft Rights Label'
        ? 'Publishing-License'
        : (facts.descriptor?.type ?? 'License'),
    issuer: facts.issuer?.object?.name?.trim() ?? null,
    issuerType: facts.issuer?.object?.type ?? null,
    principal: facts.principals[0]?.object?.name?.trim() ?? null,
    issuedAt: text(facts.issuedTime),
    keyBits: verdict.keyBits ?? null,
    digestAlgorithm: verdict.digestAlgorithm ?? null,
    digestValid: verdict.digestValid ?? verdict.signatureValid,
    signatureValid: verdict.signatureValid,
  });
}

const label = (stated: LabelMetadata): InspectedLabel =>
  Object.freeze({
    id: stated.id,
    name: stated.name ?? null,
    siteId: stated.siteId ?? null,
    enabled: stated.enabled,
    removed: stated.removed,
    method: stated.method ?? null,
    setDate: stated.setDate ?? null,
    contentBits: stated.contentBits ?? null,
  });

/**
 * The sealed key's size gives the content key's length away: an RSA block, then a header of 16, a key
 * header of 12, the key and a hash, filled up to 16 (spec/licenses.md, "Sealed keys").
 */
function contentKeyBits(facts: XrmlFacts): number | null {
  const principal = facts.principals[0];
  const { type, bytes } = principal?.enablingBits ?? {};
  if (bytes === undefined || principal?.publicKey === undefined) return null;
  const symmetric = bytes.length - principal.publicKey.modulus.length;
  const hash = type === 'sealed-key' ? 20 : 32;
  // AES-192 and AES-256 look alike, and nobody was seen to use AES-192.
  const fits = [16, 32].find((key) => Math.ceil((16 + 12 + key + hash) / 16) * 16 === symmetric);
  return fits === undefined ? null : fits * 8;
}

const text = (date: Date | undefined): string | null => date?.toISOString() ?? null;
