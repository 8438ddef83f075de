import { concatBytes, encodeUtf8 } from '../bytes/index.ts';
import { SealwrightError } from '../errors.ts';
import type { XmlElement } from '../xrml/index.ts';
import type { LabelChange, LabelProperty } from './label-change.ts';
import { changeProperties } from './properties.ts';
import type { XmpNode, XmpPacket } from './xmp.ts';
import { attributeName, childrenOf, isDescription, membersOf, nameOf, rdf, readXmpPacket } from './xmp.ts';
import { flatProperty, isSensitivity, namespaces, statedProperties, structuredLabel } from './xmp-labels.ts';
import { paddedPacket } from './xmp-padding.ts';
import { isBlankPacket } from './xmp-text.ts';
import type { WrittenLabels, XmpForm } from './xmp-write.ts';
import {
  labelDescription,
  labelsOf,
  memberDeclarations,
  newPacketText,
  structuredMember,
} from './xmp-write.ts';

/** What an XMP packet is written for. */
export interface XmpEditOptions {
  readonly form: XmpForm;
  /** Bytes the place can hold; the result may still be larger, but not because of padding. */
  readonly maximum: number;
}

/** A piece of the packet's XML that is replaced by `text`. */
interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * An XMP packet after a change of its labels: only what states them changes, the rest stays byte for byte
 * (spec/image-labels.md, "Changing a packet"). A packet in UTF-16 comes out in UTF-8.
 *
 * @param packet the packet as stored; `undefined` or blank if there is none yet
 * @returns the new packet, or `undefined` if nothing changes
 * @throws SealwrightError `MALFORMED_CONTAINER` for a packet that cannot be read, `INVALID_ARGUMENT` for a label that cannot be written
 */
export function changeXmp(
  packet: Uint8Array | undefined,
  change: LabelChange,
  { form, maximum }: XmpEditOptions,
): Uint8Array | undefined {
  if (packet === undefined || isBlankPacket(packet)) {
    const properties = withSensitivity([], changeProperties([], change), change);
    if (properties.length === 0) return undefined;
    const [start, end] = newPacketText(writtenLabels([], properties), form);
    return paddedPacket({ start, end, zeros: 0 }, 0, maximum);
  }
  const read = readXmpPacket(packet);
  if (read === undefined)
    throw new SealwrightError(
      'MALFORMED_CONTAINER',
      'The file has an XMP packet that cannot be read, so its labels cannot be changed. Take the packet off with a metadata editor, then try again.',
    );
  const before = statedProperties(read);
  const after = withSensitivity(before, changeProperties(before, change), change);
  const touched = touchedIds(before, after);
  const renamed = sensitivityOf(before) !== sensitivityOf(after);
  if (touched.size === 0 && !renamed) return undefined;
  const splices = removals(read, touched, renamed);
  splices.push(...additions(read, splices, writtenLabels(before, after), form));
  return joined(read, splice(read.xml, splices), packet.length, maximum);
}

const sensitivityOf = (properties: readonly LabelProperty[]): string | undefined =>
  properties.find(([name]) => isSensitivity(name))?.[1];

/** A file that gets a label gets the name people read with it. */
function withSensitivity(
  before: readonly LabelProperty[],
  after: readonly LabelProperty[],
  change: LabelChange,
): readonly LabelProperty[] {
  if (!('set' in change) || !change.set.name || sensitivityOf(after) !== undefined) return after;
  return before === after ? after : [['Sensitivity', change.set.name], ...after];
}

/** Ids of labels of which anything differs. */
function touchedIds(before: readonly LabelProperty[], after: readonly LabelProperty[]): ReadonlySet<string> {
  const [old, now] = [before, after].map(
    (properties) =>
      new Map(labelsOf(properties).map(({ id, attributes }) => [id, JSON.stringify(attributes)])),
  ) as [Map<string, string>, Map<string, string>];
  return new Set([...old.keys(), ...now.keys()].filter((id) => old.get(id) !== now.get(id)));
}

/** What has to be written: the labels that differ, and the name if it does. */
function writtenLabels(before: readonly LabelProperty[], after: readonly LabelProperty[]): WrittenLabels {
  const touched = touchedIds(before, after);
  const name = sensitivityOf(after);
  return {
    sensitivity: name === sensitivityOf(before) ? undefined : name,
    labels: labelsOf(after).filter(({ id }) => touched.has(id)),
  };
}

/** Everything that states something of a touched label; descriptions that hold nothing else go as a whole. */
function removals(packet: XmpPacket, touched: ReadonlySet<string>, renamed: boolean): Splice[] {
  const { xml } = packet;
  const goes = (namespace: string, name: string): boolean =>
    namespace === namespaces.msip &&
    // `Labels` is a form older than any that is still read; left behind it would contradict the new state.
    ((renamed && isSensitivity(name)) || name === 'Labels' || touched.has(flatProperty(name)?.id ?? ''));

  const visit = (node: XmpNode, found: Splice[]): { readonly emptied: boolean } => {
    let left =
      xml.slice(node.element.contentStart, node.element.contentEnd).trim() !== '' &&
      node.element.children.length === 0;
    for (const { name: attribute, start, end } of attributesOf(xml, node.element)) {
      const { namespace, name } = attributeName(node, attribute);
      if (goes(namespace, name)) found.push({ start, end, text: '' });
      else if (namespace !== rdf && attribute !== 'about' && !/^xmlns(?::|$)/.test(attribute)) left = true;
    }
    for (const child of childrenOf(node)) {
      const { namespace, name } = nameOf(child);
      const inner: Splice[] = [];
      const whole = isDescription(child)
        ? visit(child, inner).emptied
        : goes(namespace, name) ||
          (namespace === namespaces.msip && name === 'labels' && emptiedBag(child, inner));
      if (whole) found.push(wholeElement(xml, child.element));
      else {
        found.push(...inner);
        left = true;
      }
    }
    return { emptied: !left && found.length > 0 };
  };
  const emptiedBag = (property: XmpNode, found: Splice[]): boolean => {
    const members = membersOf(property);
    const leaving = members.filter((member) => touched.has(structuredLabel(member)?.id ?? ''));
    found.push(...leaving.map(({ element }) => wholeElement(xml, element)));
    return members.length > 0 && leaving.length === members.length;
  };

  return packet.descriptions.flatMap((description) => {
    const found: Splice[] = [];
    return visit(description, found).emptied ? [wholeElement(xml, description.element)] : found;
  });
}

/** The element with the white space before it. */
function wholeElement(xml: string, { start, end }: XmlElement): Splice {
  return { start: beforeSpace(xml, start), end, text: '' };
}

function beforeSpace(xml: string, offset: number): number {
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

/** New labels: members of the bag that is there if it keeps any, else a description of their own. */
function additions(
  packet: XmpPacket,
  removed: readonly Splice[],
  written: WrittenLabels,
  form: XmpForm,
): readonly Splice[] {
  const { xml } = packet;
  const rdfPrefix = prefixOf(packet.rdf.element);
  const bag = form === 'structured' && written.labels.length > 0 ? keptBag(packet, removed) : undefined;
  const added: Splice[] = [];
  if (bag !== undefined) {
    const at = beforeSpace(xml, bag.contentEnd);
    const declared = `${memberDeclarations}${rdfPrefix === '' ? ` xmlns:rdf="${rdf}"` : ''}`;
    const members = written.labels.map((label) => structuredMember(label, rdfPrefix || 'rdf', declared));
    added.push({ start: at, end: at, text: members.join('') });
  }
  const rest = bag === undefined ? written : { ...written, labels: [] };
  if (rest.labels.length === 0 && rest.sensitivity === undefined) return added;
  const text = labelDescription(rest, form, { rdfPrefix, about: aboutOf(packet) });
  const { element } = packet.rdf;
  if (element.contentStart === element.end) {
    // `<rdf:RDF … />` is opened.
    const slash = xml.lastIndexOf('/', element.end);
    added.push({ start: slash, end: element.end, text: `>${text}\n </${element.name}>` });
  } else {
    const at = beforeSpace(xml, element.contentEnd);
    added.push({ start: at, end: at, text });
  }
  return added;
}

const prefixOf = ({ name }: XmlElement): string =>
  name.includes(':') ? name.slice(0, name.indexOf(':')) : '';

function aboutOf({ descriptions }: XmpPacket): string {
  const [first] = descriptions;
  const found = Object.entries(first?.element.attributes ?? {}).find(([attribute]) => {
    const { namespace, name } = attributeName(first as XmpNode, attribute);
    return name === 'about' && (namespace === rdf || attribute === 'about');
  });
  return found?.[1] ?? '';
}

/** The first bag of labels of which a member stays. */
function keptBag({ descriptions }: XmpPacket, removed: readonly Splice[]): XmlElement | undefined {
  const stays = ({ start, end }: XmlElement): boolean =>
    !removed.some((range) => range.start <= start && end <= range.end);
  return descriptions
    .flatMap(childrenOf)
    .filter((child) => {
      const { namespace, name } = nameOf(child);
      return namespace === namespaces.msip && name === 'labels';
    })
    .flatMap(childrenOf)
    .map(({ element }) => element)
    .find(({ children }) => children.some(stays));
}

/** The text with every splice done; none overlaps another. */
function splice(xml: string, splices: readonly Splice[]): string {
  let result = '';
  let done = 0;
  for (const { start, end, text } of [...splices].sort((a, b) => a.start - b.start || a.end - b.end)) {
    // White space between two elements that go belongs to both.
    result += xml.slice(done, Math.max(done, start)) + text;
    done = Math.max(done, end);
  }
  return result + xml.slice(done);
}

const writableEnd = /^\s*(<\?xpacket\s+end\s*=\s*(["'])w\2\s*\?>)(\s*)$/;

/** The whole packet around the new XML; padding takes up the difference where there is any. */
function joined(packet: XmpPacket, xml: string, room: number, maximum: number): Uint8Array {
  const { after, zeros, encoding } = packet;
  const before =
    encoding === 'utf-8'
      ? packet.before
      : packet.before.replace(/^\ufeff/, '').replace(/\s+encoding\s*=\s*(["'])[^"']*\1/, '');
  // The length that very old packets state of themselves would be wrong now.
  const start = `${before.replace(/\s+bytes\s*=\s*(["'])\d*\1/, '')}${xml}`;
  const [, end, , behind] = writableEnd.exec(after) ?? [];
  if (end !== undefined) return paddedPacket({ start, end: `${end}${behind}`, zeros }, room, maximum);
  return concatBytes([encodeUtf8(`${start}${after}`), new Uint8Array(zeros)]);
}
