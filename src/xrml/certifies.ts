import { equalBytes } from '../bytes/index.ts';
import type { XrmlDocument } from './documents.ts';
import type { XrmlFacts, XrmlPrincipal } from './facts.ts';
import { inSurfaceForm } from './surface-forms.ts';
import { isWithin } from './time.ts';
import { childNamed } from './xml-element.ts';

/** A document with what it states. */
export interface ReadDocument {
  readonly document: XrmlDocument;
  readonly facts: XrmlFacts;
}

/**
 * Whether `upper` is a certificate for the issuer of `lower` (spec/xrml.md, "Chains"): it grants the right
 * `ISSUE` to a principal with the same key and the same `OBJECT`, and `lower` was issued while that
 * right ran. Judged at the time of issue, because the upper certificates of genuine chains ended
 * years before the licenses below them were made. Signatures are not looked at here.
 */
export function certifies(upper: ReadDocument, lower: ReadDocument): boolean {
  const { issuer, issuedTime } = lower.facts;
  if (issuer === undefined || issuedTime === undefined || !isCertificate(upper)) return false;
  // A user's licensor certificate is for publishing. Without this, one employee could certify a key as
  // another's and publish in that name.
  if (isClientLicensor(upper) && isCertificate(lower)) return false;
  const { validity } = upper.facts;
  if (validity !== undefined && !isWithin(issuedTime, validity)) return false;
  return upper.facts.principals.some(
    (principal) =>
      isSame(upper, principal, lower, issuer) &&
      issueRights(upper).some(
        (right) =>
          right.rangeTime?.from !== undefined &&
          right.rangeTime.until !== undefined &&
          isWithin(issuedTime, right.rangeTime) &&
          right.holders.some((holder) => holder.internalId === principal.internalId),
      ),
  );
}

const issueRights = ({ facts }: ReadDocument) => facts.rights.filter((right) => right.name === 'ISSUE');

const isCertificate = (read: ReadDocument): boolean =>
  read.facts.bodyType === 'LICENSE' && issueRights(read).length > 0;

const isClientLicensor = ({ facts }: ReadDocument): boolean =>
  facts.descriptor?.type === 'Client-Licensor-Certificate' ||
  facts.principals.some((principal) => principal.object?.type === 'Group-Identity');

function isSame(
  upper: ReadDocument,
  principal: XrmlPrincipal,
  lower: ReadDocument,
  issuer: XrmlPrincipal,
): boolean {
  if (principal.publicKey === undefined || issuer.publicKey === undefined) return false;
  if (!equalBytes(principal.publicKey.modulus, issuer.publicKey.modulus)) return false;
  const named = objectText(upper.document, principal);
  return named !== undefined && named === objectText(lower.document, issuer);
}

/** The `OBJECT` as text, freed of indentation and of the two ways to write an empty element. */
function objectText(document: XrmlDocument, { element }: XrmlPrincipal): string | undefined {
  const object = childNamed(element, 'OBJECT');
  if (object === undefined) return undefined;
  const form = { whitespaceRemoved: true, emptyElements: '<X />' } as const;
  return inSurfaceForm(document.source, object, form);
}
