import { trimXmlSpace } from './xml-characters.ts';
import { childNamed, childrenNamed, trimmedText, type XmlElement } from './xml-element.ts';

/** An `ADDRESS` of an object: a URL, an e-mail alias, an identity in another directory. */
export interface XrmlAddress {
  readonly type: string | undefined;
  readonly value: string;
}

/** The `OBJECT` element that names people, servers, contents and certificates alike. */
export interface XrmlObject {
  /** `MS-DRM-Server`, `Group-Identity`, `Client-Licensor-Certificate`, …; absent for contents and policies. */
  readonly type: string | undefined;
  /** `MS-GUID`, `Windows`, `Federation`, `Unspecified`, `Internal`, … */
  readonly idType: string | undefined;
  /** Trimmed; `undefined` when empty. Case and braces of GUIDs are kept as written. */
  readonly id: string | undefined;
  /** Text of `NAME`, not trimmed: it is shown to people or compared. */
  readonly name: string | undefined;
  readonly addresses: readonly XrmlAddress[];
}

/** Reads an `OBJECT` element (spec/xrml.md, "Objects"); what is missing is `undefined`. */
export function readXrmlObject(element: XmlElement | undefined): XrmlObject | undefined {
  if (element === undefined) return undefined;
  const id = childNamed(element, 'ID');
  return Object.freeze({
    type: element.attributes.type,
    idType: id?.attributes.type,
    id: trimmedText(id),
    name: childNamed(element, 'NAME')?.text,
    addresses: Object.freeze(
      childrenNamed(element, 'ADDRESS').map((address) =>
        Object.freeze({ type: address.attributes.type, value: trimXmlSpace(address.text) }),
      ),
    ),
  });
}
