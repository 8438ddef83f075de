import { equalBytes } from '../bytes/index.ts';
import { type DigestAlgorithm, digestOfText, isDigestAlgorithm } from './digest.ts';
import type { XrmlDocument } from './documents.ts';
import { factsReadBefore, keptVerdict } from './parsed-document.ts';
import { readPublicKey } from './public-key.ts';
import { openSignature } from './rsa.ts';
import { readSignature } from './signature.ts';
import { inSurfaceForm, type SurfaceForm, surfaceForms } from './surface-forms.ts';
import { elementAt } from './xml-element.ts';

/**
 * What became of one document's signature. It says that whoever holds the issuer key named *inside* the
 * document signed it; whether that issuer is to be believed is the question of `verifyXrmlChain`.
 */
export interface SignatureVerdict {
  /** The body is what was signed, by the key the document names. */
  readonly valid: boolean;
  /** `undefined` if the document names none of the two known ones. */
  readonly digestAlgorithm: DigestAlgorithm | undefined;
  /** The stated digest is that of the body; `undefined` if no digest is stated. */
  readonly digestValid: boolean | undefined;
  /** The RSA signature is good over the stated digest or, if none is stated, over that of the body. */
  readonly signatureValid: boolean;
  /** Bits of the issuer's key; `undefined` if there is no usable key. */
  readonly keyBits: number | undefined;
  /** The form of the body that matched; `undefined` if none did. */
  readonly signedForm: SurfaceForm | undefined;
}

/**
 * Checks digest and signature of one document against the issuer key it carries (spec/xrml.md,
 * "Signature"). Never throws for a bad signature, a missing one or a useless key.
 *
 * @example
 * ```ts
 * const [document] = readXrmlDocuments(licenseBytes);
 * verifySignature(document).valid;
 * ```
 */
export function verifySignature(document: XrmlDocument): SignatureVerdict {
  return keptVerdict(document, () => verify(document));
}

function verify(document: XrmlDocument): SignatureVerdict {
  // The facts hold both, but reading them throws for a damaged time, which is none of a signature's business.
  const facts = factsReadBefore(document);
  const key = facts?.issuer?.publicKey ?? readPublicKey(elementAt(document.body, 'ISSUER', 'PUBLICKEY'));
  const signature = facts?.signature ?? readSignature(document);
  const algorithm = signature?.digestAlgorithm;
  if (signature === undefined || !isDigestAlgorithm(algorithm))
    return verdict(undefined, undefined, false, key?.bits, undefined);

  const usable =
    key !== undefined && signature.value !== undefined && signature.algorithm === 'RSA PKCS#1-V1.5'
      ? openSignature(key, signature.value)
      : undefined;
  const { statesDigest, digestValue } = signature;
  const isSigned = (digest: Uint8Array): boolean =>
    statesDigest
      ? digestValue !== undefined && equalBytes(digest, digestValue)
      : (usable?.isOver(algorithm, digest) ?? false);
  const form = surfaceForms.find((candidate) =>
    isSigned(digestOfText(algorithm, inSurfaceForm(document.source, document.body, candidate))),
  );
  if (!statesDigest) return verdict(algorithm, undefined, form !== undefined, key?.bits, form);
  const signatureValid = digestValue !== undefined && (usable?.isOver(algorithm, digestValue) ?? false);
  return verdict(algorithm, form !== undefined, signatureValid, key?.bits, form);
}

function verdict(
  digestAlgorithm: DigestAlgorithm | undefined,
  digestValid: boolean | undefined,
  signatureValid: boolean,
  keyBits: number | undefined,
  signedForm: SurfaceForm | undefined,
): SignatureVerdict {
  const valid = signatureValid && digestValid !== false && signedForm !== undefined;
  return Object.freeze({ valid, digestAlgorithm, digestValid, signatureValid, keyBits, signedForm });
}
