import { decodeBase64, wipe } from '../bytes/index.ts';
import { SealwrightError } from '../errors.ts';
import { parseGuid } from '../rights/index.ts';
import {
  elementAt,
  elementSource,
  readXrmlDocuments,
  readXrmlFacts,
  type XrmlDocument,
  type XrmlFacts,
} from '../xrml/index.ts';
import { decryptBlocks } from './block-cipher.ts';
import type { KeyCustodian } from './key-custodian.ts';
import { cipherModeEntry, contentKeyBinding, issuerEntry, reservedPrefix } from './publishing-license.ts';
import { applicationData, type RightsData, readRightsData, referrerOf } from './read-rights-data.ts';
import { boundHash, sealedKeyType, unsealKey } from './sealed-key.ts';
import { noEnd } from './times.ts';

/** What a publishing license states in the clear. Nothing of it is proven before its signature is. */
export interface PublishingLicenseFacts {
  readonly documents: readonly XrmlDocument[];
  readonly license: XrmlDocument;
  readonly facts: XrmlFacts;
  /** As written: braces and case differ by writer. */
  readonly contentId: string | undefined;
  readonly owner: string | undefined;
  readonly descriptorId: string | undefined;
  /** The template's id, as far as it can be told from outside (spec/licenses.md, "Descriptor"). */
  readonly templateId: string | undefined;
  readonly issuedAt: Date | undefined;
  readonly validFrom: Date | undefined;
  readonly validUntil: Date | undefined;
  readonly referrer: string | undefined;
  /** The cipher mode the license states; the sealed key decides. */
  readonly cipherMode: string | undefined;
  readonly signedApplicationData: Readonly<Record<string, string>>;
  /** Who protected the content: the client that signed, or on whose behalf the server did. */
  readonly issuer: string | undefined;
  /**
   * Where the license says its service is, extranet first, then intranet unless it is the same: as written, of any
   * scheme, `urn:uuid:…` for an authority without an address. Whoever wrote the file chose them.
   */
  readonly licensingUrls: readonly string[];
}

/** The secrets of a publishing license. Wipe the key when done. */
export interface OpenedPublishingLicense {
  readonly contentKey: Uint8Array;
  readonly cipherMode: string;
  readonly rights: RightsData;
}

const labelType = 'Microsoft Rights Label';

/** Whether a license names a person as its issuer, not a server. */
export const isClientSigned = (facts: XrmlFacts): boolean => facts.issuer?.object?.type === 'Group-Identity';

/** Reads what a publishing license states. Throws `MALFORMED_LICENSE`, `LIMIT_EXCEEDED`. */
export function readPublishingLicense(bytes: Uint8Array): PublishingLicenseFacts {
  const documents = readXrmlDocuments(bytes);
  const license = documents.find(({ body }) => body.attributes.type === labelType);
  if (license === undefined)
    throw new SealwrightError(
      'MALFORMED_LICENSE',
      'The license holds no publishing license. Get a fresh copy of the protected file.',
    );
  const facts = readXrmlFacts(license);
  const until = facts.validity?.until;
  return {
    documents,
    license,
    facts,
    contentId: facts.work?.object?.id,
    owner: facts.work?.owner?.name?.trim(),
    descriptorId: facts.descriptor?.id,
    templateId: templateIdFromOutside(facts),
    issuedAt: facts.issuedTime,
    validFrom: facts.validity?.from,
    validUntil: until?.getTime() === noEnd.getTime() ? undefined : until,
    referrer: referrerOf(facts),
    cipherMode: applicationData(facts)[cipherModeEntry],
    issuer: isClientSigned(facts) ? facts.issuer?.object?.name : applicationData(facts)[issuerEntry],
    licensingUrls: licensingUrlsOf(facts),
    signedApplicationData: Object.freeze(applicationData(facts, (name) => !name.startsWith(reservedPrefix))),
  };
}

function licensingUrlsOf({ distributionPoints }: XrmlFacts): readonly string[] {
  const urlOf = (wanted: string) => distributionPoints.find(({ type, url }) => type === wanted && url)?.url;
  const extranet = urlOf('Extranet-License-Acquisition-URL');
  const intranet = urlOf('License-Acquisition-URL');
  const isSame = extranet?.toLowerCase() === intranet?.toLowerCase();
  return Object.freeze([extranet, isSame ? undefined : intranet].filter((url) => url !== undefined));
}

/**
 * Opens a publishing license with the key of the server it was issued for: unseals the content key, checks
 * that it belongs to this license, and decrypts the rights. Signatures are the caller's to check first.
 *
 * Throws `DECRYPTION_FAILED` for a license that is sealed to someone else or was altered.
 */
export async function openPublishingLicense(
  license: PublishingLicenseFacts,
  custodian: KeyCustodian,
): Promise<OpenedPublishingLicense> {
  const sealed = sealedContent(license);
  const { contentKey, cipherMode } = await openContentKey(sealed, custodian);
  try {
    return { contentKey, cipherMode, rights: await openRights(sealed, contentKey) };
  } catch (error) {
    wipe(contentKey);
    throw error;
  }
}

/** What is encrypted in a publishing license, and all that it takes to open it again and again. */
export interface SealedContent {
  readonly sealedKey: Uint8Array;
  /** Hash of what the sealed key is bound to, as this license has it. */
  readonly bound: Uint8Array;
  readonly rights: Uint8Array;
  /** The cipher mode the license states. */
  readonly cipherMode: string | undefined;
}

/** The encrypted parts of a license. Throws `MALFORMED_LICENSE` if they are not there. */
export function sealedContent({ license, facts, cipherMode }: PublishingLicenseFacts): SealedContent {
  const { type, bytes } = facts.principals[0]?.enablingBits ?? {};
  const encryptedRights = facts.authenticatedData.find(({ id }) => id === 'Encrypted-Rights-Data');
  const rights = decodeBase64(encryptedRights?.text ?? '#');
  if (type !== sealedKeyType || bytes === undefined || rights === undefined || rights.length % 16 !== 0)
    throw new SealwrightError(
      'MALFORMED_LICENSE',
      'The publishing license lacks a sealed key or encrypted rights that this version can read.',
    );
  return { sealedKey: bytes, bound: boundHash(boundText(license)), rights, cipherMode };
}

/** The content key; wipe it when done. Throws `DECRYPTION_FAILED`, `UNTRUSTED_LICENSE`. */
export async function openContentKey(
  { sealedKey, bound, cipherMode: stated }: SealedContent,
  custodian: KeyCustodian,
): Promise<{ readonly contentKey: Uint8Array; readonly cipherMode: string }> {
  const { key, cipherMode } = await unsealKey(sealedKey, custodian, bound);
  // A license that says one mode and seals another could be used to weaken the decryption.
  if (stated === undefined || stated === cipherMode) return { contentKey: key, cipherMode };
  wipe(key);
  throw new SealwrightError('UNTRUSTED_LICENSE', 'The license contradicts itself about the cipher mode.');
}

/** The rights, decrypted. Throws `MALFORMED_LICENSE`. */
export const openRights = async ({ rights }: SealedContent, contentKey: Uint8Array): Promise<RightsData> =>
  readRightsData(await decryptBlocks(contentKey, rights));

/** {@link contentKeyBinding} as the license has it. */
function boundText(license: XrmlDocument): string {
  const issuer = elementAt(license.body, 'ISSUER');
  const work = elementAt(license.body, 'WORK');
  const principals = elementAt(license.body, 'ISSUEDPRINCIPALS');
  const sealed = elementAt(principals, 'PRINCIPAL', 'ENABLINGBITS');
  if (!issuer || !principals || !sealed || !work) return '';
  return contentKeyBinding(
    elementSource(license, issuer),
    license.source.slice(principals.start, sealed.start) + license.source.slice(sealed.end, principals.end),
    elementSource(license, work),
  );
}

/**
 * A service writes a template's id in braces and a fresh id without; a client writes either in braces, so
 * from a client's license it cannot be told.
 */
function templateIdFromOutside({ issuer, descriptor }: XrmlFacts): string | undefined {
  const id = descriptor?.id;
  if (issuer?.object?.type !== 'MS-DRM-Server' || !id?.startsWith('{')) return undefined;
  return parseGuid(id);
}
