import { decodeBase64 } from '../bytes/index.ts';
import { type TimeRange, timeRangeIn } from './time.ts';
import { childNamed, childrenNamed, descendantsNamed, elementAt, type XmlElement } from './xml-element.ts';
import { readXrmlObject, type XrmlObject } from './xrml-object.ts';

/** A key sealed to somebody: the `ENABLINGBITS` element. */
export interface EnablingBits {
  /** `sealed-key` (SHA-1, RSA-1024) or `sealed-key-v2` (SHA-256, RSA-2048). */
  readonly type: string | undefined;
  /** `undefined` if they are not base64. */
  readonly bytes: Uint8Array | undefined;
}

/** Someone a right is given to: by number, pointing into the issued principals, or by name. */
export interface RightHolder {
  readonly internalId: string | undefined;
  readonly object: XrmlObject | undefined;
  readonly enablingBits: EnablingBits | undefined;
}

/** One right of a `RIGHTSLIST`. */
export interface RightElement {
  /** Name as written: the `name` attribute of `RIGHT`, or the name of the element. */
  readonly name: string;
  readonly holders: readonly RightHolder[];
  readonly rangeTime: TimeRange | undefined;
  /** Attributes of `INTERVALTIME`, a span counted from the time of issue. */
  readonly intervalTime: Readonly<Record<string, string>> | undefined;
  /** The element itself, for conditions not read here. */
  readonly element: XmlElement;
}

/** Reads an `ENABLINGBITS` element (spec/xrml.md, "Sealed keys"). */
export function readEnablingBits(element: XmlElement | undefined): EnablingBits | undefined {
  if (element === undefined) return undefined;
  return Object.freeze({
    type: element.attributes.type,
    bytes: decodeBase64(childNamed(element, 'VALUE')?.text ?? '#'),
  });
}

/**
 * Reads the rights of a `WORK` element, whether they stand in a `RIGHTSGROUP` or directly in a `RIGHTSLIST`
 * (spec/xrml.md, "Rights").
 *
 * @throws `MALFORMED_LICENSE` for a damaged time
 */
export function readRights(work: XmlElement | undefined): readonly RightElement[] {
  if (work === undefined) return [];
  const lists = [work, ...childrenNamed(work, 'RIGHTSGROUP')].flatMap((parent) =>
    childrenNamed(parent, 'RIGHTSLIST'),
  );
  return Object.freeze(lists.flatMap((list) => list.children.map(readRight)));
}

function readRight(element: XmlElement): RightElement {
  // An owner's license written offline has no CONDITIONLIST between the right and its holder.
  const conditions = childNamed(element, 'CONDITIONLIST') ?? element;
  const holders = childrenNamed(conditions, 'ACCESS').flatMap((access) => childrenNamed(access, 'PRINCIPAL'));
  return Object.freeze({
    name: element.name === 'RIGHT' ? (element.attributes.name ?? '') : element.name,
    holders: Object.freeze(
      holders.map((holder) =>
        Object.freeze({
          internalId: holder.attributes['internal-id'],
          object: readXrmlObject(childNamed(holder, 'OBJECT')),
          enablingBits: readEnablingBits(childNamed(holder, 'ENABLINGBITS')),
        }),
      ),
    ),
    rangeTime: timeRangeIn(elementAt(conditions, 'TIME', 'RANGETIME')),
    intervalTime: elementAt(conditions, 'TIME', 'INTERVALTIME')?.attributes,
    element,
  });
}

/** Every `ENABLINGBITS` of a document, in document order. */
export const readAllEnablingBits = (body: XmlElement): ReadonlyMap<XmlElement, EnablingBits> =>
  new Map(
    descendantsNamed(body, 'ENABLINGBITS').map((element) => [element, readEnablingBits(element)!] as const),
  );
