import { decodeBase64 } from '../bytes/index.ts';
import type { XrmlDocument } from './documents.ts';
import { childNamed, childrenNamed, elementAt, trimmedText } from './xml-element.ts';

/** The `SIGNATURE` element of a document, as stated; nothing in it has been checked. */
export interface XrmlSignature {
  /** `RSA PKCS#1-V1.5` in every genuine document. */
  readonly algorithm: string | undefined;
  /** `SHA1` or `SHA256` in every genuine document. */
  readonly digestAlgorithm: string | undefined;
  /** `surface-coding`: the digest is over the text as it stands. */
  readonly coding: string | undefined;
  /** Whether a digest value is stated at all; signed application manifests leave it out. */
  readonly statesDigest: boolean;
  /** The stated digest; `undefined` if missing or not base64. */
  readonly digestValue: Uint8Array | undefined;
  /** Signature bytes, most significant first; `undefined` if missing or not base64. */
  readonly value: Uint8Array | undefined;
}

/**
 * Reads the one `SIGNATURE` of a document, whatever the order of its children (spec/xrml.md, "Signature").
 *
 * @returns `undefined` if there is none, or more than one
 */
export function readSignature(document: XrmlDocument): XrmlSignature | undefined {
  const signatures = childrenNamed(document.root, 'SIGNATURE');
  const signature = signatures[0];
  if (signature === undefined || signatures.length > 1) return undefined;
  const digest = childNamed(signature, 'DIGEST');
  const digestValue = childNamed(digest, 'VALUE');
  const value = trimmedText(childNamed(signature, 'VALUE'));
  return Object.freeze({
    algorithm: trimmedText(childNamed(signature, 'ALGORITHM')),
    digestAlgorithm: trimmedText(childNamed(digest, 'ALGORITHM')),
    coding: trimmedText(elementAt(digest, 'PARAMETER', 'VALUE')),
    statesDigest: digestValue !== undefined,
    digestValue: digestValue === undefined ? undefined : decodeBase64(digestValue.text),
    value: value === undefined ? undefined : decodeBase64(value),
  });
}
