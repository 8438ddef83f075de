import { encodeHex, sha256 } from '../bytes/index.ts';
import { SealwrightError } from '../errors.ts';
import { certifies, type ReadDocument } from './certifies.ts';
import type { XrmlDocument } from './documents.ts';
import { readXrmlFacts, type XrmlFacts } from './facts.ts';
import { microsoftTrustAnchors, type TrustAnchor } from './trust-anchors.ts';
import { type SignatureVerdict, verifySignature } from './verify.ts';

/** What a chain of documents proves. */
export interface ChainVerdict {
  /** The leaf is signed, and an unbroken path of valid certificates leads from it to a trust anchor. */
  readonly trusted: boolean;
  /** Name of the anchor reached. */
  readonly trustAnchor: string | undefined;
  /** Indexes of the documents from the leaf to the one whose issuer is the anchor; empty unless trusted. */
  readonly path: readonly number[];
  /** One verdict a document, in order. */
  readonly signatures: readonly SignatureVerdict[];
  /** What each document states, in order; proven for the documents on `path` only. */
  readonly facts: readonly XrmlFacts[];
  /** Why the chain is not trusted, and what is wrong with documents off the path; never document content. */
  readonly problems: readonly string[];
}

/** Whom to believe, and where to start. */
export interface ChainOptions {
  /** Keys believed as they are; Microsoft's two roots by default. Pin a server key to trust one organization. */
  readonly trustAnchors?: readonly TrustAnchor[];
  /** Index of the document in question, 0 by default. */
  readonly leaf?: number;
}

/**
 * Verifies every document of a license and looks for a path from the leaf to a trust anchor (spec/xrml.md,
 * "Chains" and "Trust"). A certificate always stands behind what it certifies, so no path has a circle;
 * an anchor may be the issuer of any document on the way, and the nearest one is named.
 *
 * Needs no network and no clock: validity is judged at the time each document was issued. Does not know
 * of revocation.
 *
 * @param documents leaf first, as `readXrmlDocuments` gives them
 * @throws `MALFORMED_LICENSE` for a damaged time; `INVALID_ARGUMENT` for a leaf that is not there
 *
 * @example
 * ```ts
 * const verdict = verifyXrmlChain(readXrmlDocuments(licenseBytes));
 * if (!verdict.trusted) console.error(verdict.problems);
 * ```
 */
export function verifyXrmlChain(
  documents: readonly XrmlDocument[],
  options: ChainOptions = {},
): ChainVerdict {
  const leaf = options.leaf ?? 0;
  if (!Number.isInteger(leaf) || documents[leaf] === undefined)
    throw new SealwrightError('INVALID_ARGUMENT', `The license has no document number ${leaf}.`);
  const read: readonly ReadDocument[] = documents.map((document) => ({
    document,
    facts: readXrmlFacts(document),
  }));
  const signatures = documents.map(verifySignature);
  const anchors = read.map(({ facts }) => anchorOf(facts, options.trustAnchors ?? microsoftTrustAnchors));

  // From the end, so that each document finds the paths of the later ones ready.
  const paths: (readonly number[] | undefined)[] = documents.map(() => undefined);
  let uncertified = false;
  for (let index = documents.length - 1; index >= leaf; index--) {
    if (!signatures[index]!.valid) continue;
    if (anchors[index] !== undefined) {
      paths[index] = [index];
      continue;
    }
    for (let upper = index + 1; upper < documents.length && paths[index] === undefined; upper++) {
      const onward = paths[upper];
      if (onward !== undefined && certifies(read[upper]!, read[index]!)) paths[index] = [index, ...onward];
    }
    if (index === leaf) uncertified = paths[index] === undefined;
  }

  const path = paths[leaf] ?? [];
  const last = path.at(-1);
  const problems = signatures.flatMap((signature, index) => signatureProblem(signature, index));
  if (uncertified)
    problems.unshift(`No certificate in the license leads from document ${leaf} to a trust anchor.`);
  return Object.freeze({
    trusted: last !== undefined,
    trustAnchor: last === undefined ? undefined : anchors[last]!.name,
    path: Object.freeze(path),
    signatures: Object.freeze(signatures),
    facts: Object.freeze(read.map(({ facts }) => facts)),
    problems: Object.freeze(problems),
  });
}

function anchorOf({ issuer }: XrmlFacts, trustAnchors: readonly TrustAnchor[]): TrustAnchor | undefined {
  if (issuer?.publicKey === undefined) return undefined;
  const fingerprint = encodeHex(sha256(issuer.publicKey.modulus));
  return trustAnchors.find((anchor) => anchor.modulusSha256.toLowerCase() === fingerprint);
}

function signatureProblem(signature: SignatureVerdict, index: number): string[] {
  if (signature.valid) return [];
  if (signature.digestAlgorithm === undefined) return [`Document ${index} has no signature of a known kind.`];
  if (signature.keyBits === undefined) return [`Document ${index} names no usable issuer key.`];
  if (signature.digestValid === false)
    return [`The body of document ${index} was changed after it was signed.`];
  return [`The signature of document ${index} was not made with the issuer key it names.`];
}
