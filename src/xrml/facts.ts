import type { XrmlDocument } from './documents.ts';
import { parseLocalizedNames, type XrmlLocalizedName } from './localized-names.ts';
import { keptFacts } from './parsed-document.ts';
import { readPublicKey, type XrmlPublicKey } from './public-key.ts';
import { type EnablingBits, type RightElement, readAllEnablingBits, readRights } from './rights-elements.ts';
import { readSignature, type XrmlSignature } from './signature.ts';
import { type TimeRange, timeIn, timeRangeIn } from './time.ts';
import { childNamed, childrenNamed, elementAt, type XmlElement } from './xml-element.ts';
import { readXrmlObject, type XrmlObject } from './xrml-object.ts';

/** An issuer or a principal: who it is, its key, and what software made it. */
export interface XrmlPrincipal {
  readonly internalId: string | undefined;
  readonly object: XrmlObject | undefined;
  /** `undefined` if missing or not usable, see `readPublicKey`. */
  readonly publicKey: XrmlPublicKey | undefined;
  /** Values of `SECURITYLEVEL` by name, such as `SDK`, `Server-Version`, `Tenant-ID`. */
  readonly securityLevels: Readonly<Record<string, string>>;
  readonly enablingBits: EnablingBits | undefined;
  readonly element: XmlElement;
}

/** What a document is about, with the names people see. */
export interface XrmlDescriptor extends XrmlObject {
  /** The `version` attribute of the ID: time of the template's last change, where a service writes one. */
  readonly idVersion: string | undefined;
  readonly names: readonly XrmlLocalizedName[];
}

/** Where to turn to: an acquisition URL or a referrer. Never contact one before the license is trusted. */
export interface DistributionPoint {
  readonly type: string | undefined;
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly url: string | undefined;
}

/** Data carried in a document under an id and, for application data, a name. */
export interface AuthenticatedData {
  /** `Encrypted-Rights-Data`, `APPSPECIFIC`, `LICENSEMETADATA`. */
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly text: string;
}

/** The content a license is for. */
export interface XrmlWork {
  readonly object: XrmlObject | undefined;
  readonly owner: XrmlObject | undefined;
  /** From `PRECONDITIONLIST`: when the content may be opened at all. */
  readonly rangeTime: TimeRange | undefined;
  readonly intervalTime: Readonly<Record<string, string>> | undefined;
  readonly element: XmlElement;
}

/** What an XrML document states. Nothing of it is proven before `verifyXrmlChain` says so. */
export interface XrmlFacts {
  /** `purpose` of the root, outside the signature: `Content-License` on use licenses. */
  readonly purpose: string | undefined;
  readonly bodyType: string | undefined;
  readonly bodyVersion: string | undefined;
  readonly issuedTime: Date | undefined;
  readonly validity: TimeRange | undefined;
  readonly descriptor: XrmlDescriptor | undefined;
  readonly issuer: XrmlPrincipal | undefined;
  readonly principals: readonly XrmlPrincipal[];
  readonly federationPrincipals: readonly XrmlPrincipal[];
  readonly distributionPoints: readonly DistributionPoint[];
  readonly work: XrmlWork | undefined;
  readonly rights: readonly RightElement[];
  readonly authenticatedData: readonly AuthenticatedData[];
  /** All sealed keys of the document, wherever they stand. */
  readonly enablingBits: readonly EnablingBits[];
  readonly signature: XrmlSignature | undefined;
}

/**
 * Reads what a document states (spec/xrml.md, "What a document states"). Missing parts are `undefined`
 * or empty, so that a caller decides what it needs.
 *
 * @throws `MALFORMED_LICENSE` for a time that is there and cannot be read
 *
 * @example
 * ```ts
 * const [document] = readXrmlDocuments(licenseBytes);
 * readXrmlFacts(document).work?.object?.id; // the content id
 * ```
 */
export function readXrmlFacts(document: XrmlDocument): XrmlFacts {
  // Asked for by whoever reads the document and by whoever verifies it.
  return keptFacts(document, () => readFacts(document));
}

function readFacts(document: XrmlDocument): XrmlFacts {
  const { root, body } = document;
  const sealed = readAllEnablingBits(body);
  const work = childNamed(body, 'WORK');
  const principalsOf = (name: string): readonly XrmlPrincipal[] =>
    Object.freeze(
      childrenNamed(body, name).flatMap((list) =>
        childrenNamed(list, 'PRINCIPAL').map((each) => readPrincipal(each, sealed)),
      ),
    );
  const issuer = childNamed(body, 'ISSUER');
  return Object.freeze({
    purpose: root.attributes.purpose,
    bodyType: body.attributes.type,
    bodyVersion: body.attributes.version,
    issuedTime: timeIn(childNamed(body, 'ISSUEDTIME')),
    validity: timeRangeIn(childNamed(body, 'VALIDITYTIME')),
    descriptor: readDescriptor(elementAt(body, 'DESCRIPTOR', 'OBJECT')),
    issuer: issuer === undefined ? undefined : readPrincipal(issuer, sealed),
    principals: principalsOf('ISSUEDPRINCIPALS'),
    federationPrincipals: principalsOf('FEDERATIONPRINCIPALS'),
    distributionPoints: Object.freeze(childrenNamed(body, 'DISTRIBUTIONPOINT').map(readDistributionPoint)),
    work: readWork(work),
    rights: readRights(work),
    authenticatedData: Object.freeze(
      childrenNamed(body, 'AUTHENTICATEDDATA').map(({ attributes, text }) =>
        Object.freeze({ id: attributes.id, name: attributes.name, text }),
      ),
    ),
    enablingBits: Object.freeze([...sealed.values()]),
    signature: readSignature(document),
  });
}

/** `sealed` holds the sealed keys of the document. */
function readPrincipal(element: XmlElement, sealed: ReadonlyMap<XmlElement, EnablingBits>): XrmlPrincipal {
  const enablingBits = childNamed(element, 'ENABLINGBITS');
  const securityLevels = Object.create(null) as Record<string, string>;
  for (const { attributes } of childrenNamed(element, 'SECURITYLEVEL')) {
    const name = attributes.name;
    if (name !== undefined) securityLevels[name] ??= attributes.value ?? '';
  }
  return Object.freeze({
    internalId: element.attributes['internal-id'],
    object: readXrmlObject(childNamed(element, 'OBJECT')),
    publicKey: readPublicKey(childNamed(element, 'PUBLICKEY')),
    securityLevels: Object.freeze(securityLevels),
    enablingBits: enablingBits && sealed.get(enablingBits),
    element,
  });
}

function readDescriptor(element: XmlElement | undefined): XrmlDescriptor | undefined {
  const object = readXrmlObject(element);
  if (object === undefined) return undefined;
  return Object.freeze({
    ...object,
    idVersion: childNamed(element, 'ID')?.attributes.version,
    names: parseLocalizedNames(object.name ?? ''),
  });
}

function readDistributionPoint(element: XmlElement): DistributionPoint {
  const object = readXrmlObject(childNamed(element, 'OBJECT'));
  return Object.freeze({
    type: object?.type,
    id: object?.id,
    name: object?.name,
    url: object?.addresses.find((address) => address.type === 'URL')?.value,
  });
}

function readWork(element: XmlElement | undefined): XrmlWork | undefined {
  if (element === undefined) return undefined;
  const time = elementAt(element, 'PRECONDITIONLIST', 'TIME');
  return Object.freeze({
    object: readXrmlObject(childNamed(element, 'OBJECT')),
    owner: readXrmlObject(elementAt(element, 'METADATA', 'OWNER', 'OBJECT')),
    rangeTime: timeRangeIn(childNamed(time, 'RANGETIME')),
    intervalTime: childNamed(time, 'INTERVALTIME')?.attributes,
    element,
  });
}
