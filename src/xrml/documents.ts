import { decodeBase64, maxima } from '../bytes/index.ts';
import { SealwrightError } from '../errors.ts';
import { decodeLicenseText } from './decode-text.ts';
import { knownCertificate, splitKnownCertificates } from './known-certificates.ts';
import { parseXmlSequence } from './parse-xml.ts';
import { parsedDocument } from './parsed-document.ts';
import { childrenNamed, descendants, type XmlElement } from './xml-element.ts';

/** One `<XrML>` document of a license: a publishing license, a use license or a certificate. */
export interface XrmlDocument {
  /** The text that all element offsets of this document point into; may hold other documents too. */
  readonly source: string;
  /** `<XrML …>` through `</XrML>`, exactly as stored. */
  readonly text: string;
  readonly root: XmlElement;
  readonly body: XmlElement;
  /** `<BODY …>` through `</BODY>`, exactly as stored: what the signature covers. */
  readonly bodyText: string;
}

/**
 * Splits a license into its XrML documents, leaf first (spec/xrml.md, "Splitting").
 *
 * Accepts documents glued together with an optional XML declaration in front, and the
 * `CERTIFICATECHAIN` wrapper that holds each one as base64 of UTF-16LE text.
 *
 * @param license the stored bytes, or text already decoded
 * @returns at least one document
 * @throws `MALFORMED_LICENSE` with `offset`; `LIMIT_EXCEEDED` for more than `maxima` allows
 *
 * @example
 * ```ts
 * const [license] = readXrmlDocuments('<XrML version="1.2"><BODY type="LICENSE" /></XrML>');
 * license?.bodyText; // '<BODY type="LICENSE" />'
 * ```
 */
export function readXrmlDocuments(license: Uint8Array | string): readonly XrmlDocument[] {
  const source = typeof license === 'string' ? license : decodeLicenseText(license).text;
  const documents = withKnownCertificates(source) ?? parseDocuments(source);
  if (documents.length === 0) throw malformed('it holds no XrML document', 0);
  // The first one is the license itself.
  return Object.freeze(
    documents.map((document, index) => (index === 0 ? document : knownCertificate(document))),
  );
}

/** Parses only what was not parsed before; `undefined` where that is not possible, or fails. */
function withKnownCertificates(source: string): XrmlDocument[] | undefined {
  const { front, known, elements } = splitKnownCertificates(source);
  const limits = { elements: maxima.xmlElements - elements, roots: maxima.chainLength - known.length };
  if (known.length === 0 || source.length > maxima.licenseBytes) return undefined;
  try {
    return [...parseXmlSequence(front, limits).map((root) => xrmlDocument(front, root)), ...known];
  } catch {
    // The whole is parsed to tell what is wrong with it, and where.
    return undefined;
  }
}

function parseDocuments(source: string): XrmlDocument[] {
  const roots = parseXmlSequence(source);
  const only = roots.length === 1 ? roots[0] : undefined;
  return only?.name === 'CERTIFICATECHAIN'
    ? unwrapChain(only)
    : roots.map((root) => xrmlDocument(source, root));
}

/** The text of an element, exactly as it stands in its document. */
export const elementSource = (document: XrmlDocument, element: XmlElement): string =>
  document.source.slice(element.start, element.end);

/** Glues documents, leaf first, into the text of a license, with the XML declaration genuine ones have. */
export const joinXrmlDocuments = (documents: readonly string[]): string =>
  `<?xml version="1.0"?>${documents.join('')}`;

function unwrapChain(chain: XmlElement): XrmlDocument[] {
  const certificates = childrenNamed(chain, 'CERTIFICATE');
  if (certificates.length > maxima.chainLength)
    throw new SealwrightError(
      'LIMIT_EXCEEDED',
      `The certificate chain holds more than ${maxima.chainLength} certificates. Get a fresh copy of it.`,
      { offset: chain.start },
    );
  return certificates.map((certificate) => {
    const bytes = decodeBase64(certificate.text);
    if (bytes === undefined) throw malformed('a wrapped certificate is not base64', certificate.start);
    const { text } = decodeLicenseText(bytes);
    const [root, another] = parseXmlSequence(text);
    if (root === undefined || another !== undefined)
      throw malformed('a wrapped certificate is not exactly one document', certificate.start);
    return xrmlDocument(text, root);
  });
}

function xrmlDocument(source: string, root: XmlElement): XrmlDocument {
  if (root.name !== 'XrML') throw malformed('an element other than XrML stands at the top', root.start);
  const parts = descendants(root, (name) => name === 'BODY' || name === 'XrML');
  const bodies = parts.filter(({ name }) => name === 'BODY');
  const body = bodies[0];
  // A reader that looks for the text "<BODY" must find the same one.
  if (body === undefined || bodies.length > 1 || !root.children.includes(body))
    throw malformed('a document does not have exactly one BODY', root.start);
  if (parts.length > bodies.length) throw malformed('a document stands inside another', root.start);
  return parsedDocument(source, root, body);
}

function malformed(problem: string, offset: number): SealwrightError {
  return new SealwrightError(
    'MALFORMED_LICENSE',
    `The license is not made as licenses are: ${problem}, at character ${offset}. Get a fresh copy of it.`,
    { offset },
  );
}
