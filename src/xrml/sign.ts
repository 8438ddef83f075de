import { encodeBase64, encodeUtf16le, maxima, sha256 } from '../bytes/index.ts';
import { SealwrightError } from '../errors.ts';
import { parseXml } from './parse-xml.ts';
import { element, sizeOf, type XmlMarkup } from './write-xml.ts';
import { descendantsNamed } from './xml-element.ts';

/** Makes an RSASSA-PKCS1-v1_5 signature with SHA-256 over `bytes`, most significant byte first. */
export type SignBytes = (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>;

/** How a signed document is laid out outside the signed bytes. */
export interface SignOptions {
  /**
   * Whose habits to follow in attributes of the root and children of the signature; readers accept both.
   * `server` by default, `client` for what a user signs offline.
   */
  readonly layout?: 'server' | 'client';
  /** `Content-License` for a use license. */
  readonly purpose?: string;
}

/**
 * Signs a body and gives the whole `<XrML>` document (spec/xrml.md, "Signature"). The body is kept as it
 * is, to the character; it must never be written anew afterwards.
 *
 * @param body a `BODY` element, as `element` writes it
 * @param sign signs with the key the body names as its issuer; not checked here
 * @throws `INVALID_ARGUMENT` if the body is not one well-formed `BODY` element
 *
 * @example
 * ```ts
 * const body = element('BODY', { type: 'LICENSE', version: '3.0' }, issuer, principals);
 * const license = await signXrmlBody(body, (bytes) => custodian.sign(bytes));
 * ```
 */
export async function signXrmlBody(
  body: XmlMarkup,
  sign: SignBytes,
  options: SignOptions = {},
): Promise<string> {
  checkBody(body);
  const signed = encodeUtf16le(body.xml);
  const digestValue = base64Value(sha256(signed));
  const signature = await sign(signed);
  const algorithm = element('ALGORITHM', {}, 'RSA PKCS#1-V1.5');
  const digest = element(
    'DIGEST',
    {},
    element('ALGORITHM', {}, 'SHA256'),
    element('PARAMETER', { name: 'codingtype' }, element('VALUE', { encoding: 'string' }, 'surface-coding')),
    digestValue,
  );
  const client = options.layout === 'client';
  const { purpose } = options;
  return element(
    'XrML',
    client ? { version: '1.2', xmlns: '', purpose } : { xmlns: '', version: '1.2', purpose },
    body,
    element('SIGNATURE', {}, ...(client ? [algorithm, digest] : [digest, algorithm]), base64Value(signature)),
  ).xml;
}

const base64Value = (bytes: Uint8Array): XmlMarkup =>
  element('VALUE', { encoding: 'base64', size: String(8 * bytes.length) }, encodeBase64(bytes));

function checkBody(body: XmlMarkup): void {
  const { xml } = body;
  // What was written here throughout need not be parsed to see that it can be.
  if (isWrittenBody(body)) return;
  const refuse = (cause?: unknown): SealwrightError =>
    new SealwrightError('INVALID_ARGUMENT', 'What is to be signed is not one well-formed BODY element.', {
      cause,
    });
  try {
    const root = parseXml(xml);
    if (root.name === 'BODY' && root.start === 0 && root.end === xml.length) {
      if (descendantsNamed(root, 'BODY').length + descendantsNamed(root, 'XrML').length === 0) return;
    }
  } catch (cause) {
    throw refuse(cause);
  }
  throw refuse();
}

function isWrittenBody(body: XmlMarkup): boolean {
  const size = sizeOf(body);
  return (
    size !== undefined &&
    /^<BODY[ >]/.test(body.xml) &&
    body.xml.length <= maxima.licenseBytes &&
    size.elements <= maxima.xmlElements &&
    size.depth <= maxima.xmlDepth
  );
}
