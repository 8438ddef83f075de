import { decodeUtf8 } from '../bytes/index.ts';
import { parseXml, type XmlElement } from '../xrml/index.ts';

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
  readonly namespaces: ReadonlyMap<string, string>;
}

/** The span that holds the packet's XML; what stands around it (`<?xpacket`, padding) is for editors. */
const packetStart = /<((?:[A-Za-z_][\w.-]{0,63}:)?(?:xmpmeta|RDF))(?=[\s>])/;

/** More than licenses have: the flat form puts every fact of every label in an attribute of one element. */
const limits = { attributes: 512 } as const;

/** The `rdf:Description` nodes of an XMP packet; none if the bytes hold no packet that can be read. */
export function xmpDescriptions(packet: Uint8Array): readonly XmpNode[] {
  const root = parsePacket(packet);
  if (root === undefined) return [];
  const found: XmpNode[] = [];
  const visit = (node: XmpNode, depth: number): void => {
    if (is(node, rdf, 'Description')) found.push(node);
    else if (depth < 3) for (const child of childrenOf(node)) visit(child, depth + 1);
  };
  visit(nodeOf(root, new Map()), 0);
  return found;
}

function parsePacket(packet: Uint8Array): XmlElement | undefined {
  try {
    const text = decodeUtf8(packet);
    const start = packetStart.exec(text);
    if (start?.[1] === undefined) return undefined;
    const end = text.lastIndexOf(`</${start[1]}`);
    const close = text.indexOf('>', end);
    return end < 0 || close < 0 ? undefined : parseXml(text.slice(start.index, close + 1), limits);
  } catch {
    // Metadata is optional and anyone may have changed it: unreadable is the same as absent (spec/pfile.md, section 1.4).
    return undefined;
  }
}

/** What is said of a node, in attributes and in elements; RDF's own attributes left out. */
export function propertiesOf(node: XmpNode): readonly XmpProperty[] {
  const properties: XmpProperty[] = [];
  for (const [name, value] of Object.entries(node.element.attributes)) {
    const colon = name.indexOf(':');
    const namespace = colon < 0 ? undefined : node.namespaces.get(name.slice(0, colon));
    if (namespace !== undefined && namespace !== rdf)
      properties.push({ namespace, name: name.slice(colon + 1), value });
  }
  for (const child of childrenOf(node)) {
    // The long way of writing a node: a description of its own inside.
    if (is(child, rdf, 'Description')) properties.push(...propertiesOf(child));
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

const childrenOf = (node: XmpNode): readonly XmpNode[] =>
  node.element.children.map((child) => nodeOf(child, node.namespaces));

function nodeOf(element: XmlElement, inherited: ReadonlyMap<string, string>): XmpNode {
  const declared = Object.entries(element.attributes).filter(([name]) => /^xmlns(?::|$)/.test(name));
  if (declared.length === 0) return { element, namespaces: inherited };
  const namespaces = new Map(inherited);
  for (const [name, uri] of declared) namespaces.set(name.slice('xmlns:'.length), uri);
  return { element, namespaces };
}

function nameOf({ element, namespaces }: XmpNode): { readonly namespace: string; readonly name: string } {
  const colon = element.name.indexOf(':');
  const prefix = colon < 0 ? '' : element.name.slice(0, colon);
  return { namespace: namespaces.get(prefix) ?? '', name: element.name.slice(colon + 1) };
}

function is(node: XmpNode, namespace: string, name: string): boolean {
  const own = nameOf(node);
  return own.namespace === namespace && own.name === name;
}
