export { type ChainOptions, type ChainVerdict, verifyXrmlChain } from './chain.ts';
export {
  decodeLicenseText,
  encodeLicenseText,
  type LicenseEncoding,
  type LicenseText,
} from './decode-text.ts';
export { type DigestAlgorithm, digestOfText } from './digest.ts';
export { elementSource, joinXrmlDocuments, readXrmlDocuments, type XrmlDocument } from './documents.ts';
export {
  type AuthenticatedData,
  type DistributionPoint,
  readXrmlFacts,
  type XrmlDescriptor,
  type XrmlFacts,
  type XrmlPrincipal,
  type XrmlWork,
} from './facts.ts';
export { formatLocalizedNames, parseLocalizedNames, type XrmlLocalizedName } from './localized-names.ts';
export { parseXml, parseXmlSequence, type XmlLimits } from './parse-xml.ts';
export { publicKeyElement, readPublicKey, type XrmlPublicKey } from './public-key.ts';
export {
  type EnablingBits,
  type RightElement,
  type RightHolder,
  readEnablingBits,
} from './rights-elements.ts';
export { type SignBytes, type SignOptions, signXrmlBody } from './sign.ts';
export { readSignature, type XrmlSignature } from './signature.ts';
export type { SurfaceForm } from './surface-forms.ts';
export { formatXrmlTime, isWithin, parseXrmlTime, type TimeRange } from './time.ts';
export { microsoftTrustAnchors, type TrustAnchor } from './trust-anchors.ts';
export { type SignatureVerdict, verifySignature } from './verify.ts';
export {
  element,
  escapeAttribute,
  escapeText,
  markup,
  type XmlContent,
  type XmlMarkup,
} from './write-xml.ts';
export {
  childNamed,
  childrenNamed,
  descendantsNamed,
  elementAt,
  trimmedText,
  type XmlElement,
} from './xml-element.ts';
export type { XrmlAddress, XrmlObject } from './xrml-object.ts';
