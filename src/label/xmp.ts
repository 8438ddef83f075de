import { parseXml, type XmlElement } from '../xrml/index.ts';
import { type Namespaces, namespacesOf, noNamespaces } from './namespaces.ts';
import { decodeXmpText, type XmpText } from './xmp-text.ts';

/** The namespace of RDF, in which XMP is written. */
export const rdf = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';

/** A property of an RDF node: a text, or a node of its own. */
export interface XmpProperty {
  readonly namespace: string;
  readonly name: string;
  readonly value: string | XmpNode;
}

/** An XML element and the namespaces that hold there. */
export interface XmpNode {
  readonly element: XmlElement;
  readonly namespaces: Namespaces;
}

/** The span that holds the packet's XML; what stands around it (`<?xpacket`, padding) is for editors. */
const packetStart = /<((?:[A-Za-z_][\w.-]{0,63}:)?(?:xmpmeta|RDF))(?=[\s>])/;

/** More than licenses have: the flat form puts every fact of every label in an attribute of one element. */
const limits = { attributes: 512 } as const;

/** An XMP packet that could be read. Offsets of its elements count within `xml`. */
export interface XmpPacket {
  /** What stands before the XML: the opening `<?xpacket`. */
  readonly before: string;
  readonly xml: string;
  /** What stands after it: padding and the closing `<?xpacket`. */
  readonly after: string;
  /** Zero bytes behind all that. */
  readonly zeros: number;
  readonly encoding: XmpText['encoding'];
  /** The `rdf:RDF` element. */
  readonly rdf: XmpNode;
  /** Its `rdf:Description` nodes. */
  readonly descriptions: readonly XmpNode[];
}

/**
 * Reads an XMP packet; `undefined` if the bytes hold none that can be read. Metadata is optional and anyone may
 * have changed it: unreadable is the same as absent (spec/pfile.md, section 1.4).
 */
export function readXmpPacket(packet: Uint8Array): XmpPacket | undefined {
  try {
    const { text, zeros, encoding } = decodeXmpText(packet);
    const start = packetStart.exec(text);
    if (start?.[1] === undefined) return undefined;
    const endTag = text.lastIndexOf(`</${start[1]}`);
    const end = text.indexOf('>', endTag < 0 ? start.index : endTag) + 1;
    if (end === 0) return undefined;
    const xml = text.slice(start.index, end);
    const root = nodeOf(parseXml(xml, limits), noNamespaces);
    const node = is(root, rdf, 'RDF') ? root : childrenOf(root).find((child) => is(child, rdf, 'RDF'));
    if (node === undefined) return undefined;
    const descriptions = childrenOf(node).filter(isDescription);
    return {
      before: text.slice(0, start.index),
      xml,
      after: text.slice(end),
      zeros,
      encoding,
      rdf: node,
      descriptions,
    };
  } catch {
    return undefined;
  }
}

/** Whether the node is an `rdf:Description`. */
export const isDescription = (node: XmpNode): boolean => is(node, rdf, 'Description');

/** What is said of a node, in attributes and in elements; RDF's own attributes left out. */
export function propertiesOf(node: XmpNode): readonly XmpProperty[] {
  const properties: XmpProperty[] = [];
  for (const [attribute, value] of Object.entries(node.element.attributes)) {
    const { namespace, name } = attributeName(node, attribute);
    if (namespace !== '' && namespace !== rdf) properties.push({ namespace, name, value });
  }
  for (const child of childrenOf(node)) {
    // The long way of writing a node: a description of its own inside.
    if (isDescription(child)) for (const property of propertiesOf(child)) properties.push(property);
    else
      properties.push({
        ...nameOf(child),
        value: child.element.children.length > 0 ? child : child.element.text.trim(),
      });
  }
  return properties;
}

/** The members of an `rdf:Bag`, `rdf:Seq` or `rdf:Alt` inside `node`. */
export const membersOf = (node: XmpNode): readonly XmpNode[] =>
  childrenOf(node)
    .filter((list) => ['Bag', 'Seq', 'Alt'].some((name) => is(list, rdf, name)))
    .flatMap(childrenOf)
    .filter((member) => is(member, rdf, 'li'));

/** The elements inside, each with the namespaces that hold there. */
export const childrenOf = (node: XmpNode): readonly XmpNode[] =>
  node.element.children.map((child) => nodeOf(child, node.namespaces));

const nodeOf = (element: XmlElement, inherited: Namespaces): XmpNode => ({
  element,
  namespaces: namespacesOf(element, inherited),
});

/** Namespace and local name of an attribute; the namespace of one without a prefix is empty. */
export function attributeName(
  node: XmpNode,
  attribute: string,
): { readonly namespace: string; readonly name: string } {
  const colon = attribute.indexOf(':');
  const namespace = colon < 0 ? '' : (node.namespaces(attribute.slice(0, colon)) ?? '');
  return { namespace, name: attribute.slice(colon + 1) };
}

/** Namespace and local name of a node's element. */
export function nameOf({ element, namespaces }: XmpNode): {
  readonly namespace: string;
  readonly name: string;
} {
  const colon = element.name.indexOf(':');
  const prefix = colon < 0 ? '' : element.name.slice(0, colon);
  return { namespace: namespaces(prefix) ?? '', name: element.name.slice(colon + 1) };
}

function is(node: XmpNode, namespace: string, name: string): boolean {
  const own = nameOf(node);
  return own.namespace === namespace && own.name === name;
}
