import type { XmlElement } from '../xrml/index.ts';
import {
  attributeName,
  childrenOf,
  isDescription,
  membersOf,
  nameOf,
  rdf,
  type XmpNode,
  type XmpPacket,
} from './xmp.ts';
import { flatProperty, isFlatNamespace, isSensitivity, namespaces, structuredLabel } from './xmp-labels.ts';

/** A piece of a packet's XML that is replaced by `text`. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What has to go of a packet. */
export interface Removals {
  readonly splices: readonly Splice[];
  /** The first bag of labels of which a member stays; new members go there. */
  readonly keptBag: XmlElement | undefined;
}

/** Everything that states something of a touched label; descriptions that hold nothing else go as a whole. */
export function removals(packet: XmpPacket, touched: ReadonlySet<string>, renamed: boolean): Removals {
  const { xml } = packet;
  let keptBag: XmlElement | undefined;
  const goes = (namespace: string, name: string): boolean =>
    isFlatNamespace(namespace) &&
    ((renamed && isSensitivity(name)) ||
      // A form older than any that is still read; left behind it would contradict the new state.
      (namespace === namespaces.msip && name === 'Labels') ||
      touched.has(flatProperty(name)?.id ?? ''));

  /** What goes of the bag in the property `labels`; true if that is all of it. */
  const emptiesBag = (property: XmpNode, found: Splice[]): boolean => {
    const members = membersOf(property);
    const staying = members.filter((member) => !touched.has(structuredLabel(member)?.id ?? ''));
    const [stays] = staying;
    if (stays === undefined) return true;
    keptBag ??= property.element.children.find(
      ({ start, end }) => start < stays.element.start && stays.element.end < end,
    );
    const kept = new Set(staying.map(({ element }) => element));
    for (const { element } of members) if (!kept.has(element)) found.push(wholeElement(xml, element));
    return false;
  };

  /** What goes of a description; true if nothing else is in it. */
  const visit = (node: XmpNode, found: Splice[]): boolean => {
    const { element } = node;
    let left = element.children.length === 0 && element.text.trim() !== '';
    for (const { name: attribute, start, end } of attributesOf(xml, element)) {
      const { namespace, name } = attributeName(node, attribute);
      if (goes(namespace, name)) found.push({ start, end, text: '' });
      else if (namespace !== rdf && attribute !== 'about' && !/^xmlns(?::|$)/.test(attribute)) left = true;
    }
    for (const child of childrenOf(node)) {
      const inner: Splice[] = [];
      if (leavesWhole(child, inner)) found.push(wholeElement(xml, child.element));
      else {
        for (const splice of inner) found.push(splice);
        left = true;
      }
    }
    return !left && found.length > 0;
  };
  const leavesWhole = (child: XmpNode, inner: Splice[]): boolean => {
    if (isDescription(child)) return visit(child, inner);
    const { namespace, name } = nameOf(child);
    if (goes(namespace, name)) return true;
    return namespace === namespaces.msip && name === 'labels' && emptiesBag(child, inner);
  };

  const splices = packet.descriptions.flatMap((description) => {
    const found: Splice[] = [];
    return visit(description, found) ? [wholeElement(xml, description.element)] : found;
  });
  return { splices, keptBag };
}

/** The element with the white space before it. */
const wholeElement = (xml: string, { start, end }: XmlElement): Splice => ({
  start: beforeSpace(xml, start),
  end,
  text: '',
});

/** `offset`, or where the white space before it starts. */
export function beforeSpace(xml: string, offset: number): number {
  let start = offset;
  while (start > 0 && /\s/.test(xml.charAt(start - 1))) start--;
  return start;
}

const attributePattern = /\s+([^\s=]+)\s*=\s*(?:"[^"]*"|'[^']*')/gy;

/** The attributes of a start tag that was parsed, with the white space before each. */
function attributesOf(xml: string, element: XmlElement): readonly (Splice & { readonly name: string })[] {
  const found: (Splice & { name: string })[] = [];
  attributePattern.lastIndex = element.start + 1 + element.name.length;
  for (let match = attributePattern.exec(xml); match !== null; match = attributePattern.exec(xml))
    found.push({
      name: match[1] as string,
      start: match.index,
      end: match.index + match[0].length,
      text: '',
    });
  return found;
}
