import { concatBytes, encodeUtf8 } from '../bytes/index.ts';
import { SealwrightError } from '../errors.ts';
import type { XmlElement } from '../xrml/index.ts';
import type { LabelChange, LabelProperty } from './label-change.ts';
import { changeProperties } from './properties.ts';
import type { XmpNode, XmpPacket } from './xmp.ts';
import { attributeName, rdf, readXmpPacket } from './xmp.ts';
import { isSensitivity, labelsOf, statedProperties } from './xmp-labels.ts';
import { paddedPacket } from './xmp-padding.ts';
import { beforeSpace, removals, type Splice } from './xmp-removals.ts';
import { isBlankPacket } from './xmp-text.ts';
import type { WrittenLabels, XmpForm } from './xmp-write.ts';
import { labelDescription, memberDeclarations, newPacketText, structuredMember } from './xmp-write.ts';

/** What an XMP packet is written for. */
export interface XmpEditOptions {
  readonly form: XmpForm;
  /** Bytes the place can hold; the result may still be larger, but not because of padding. */
  readonly maximum: number;
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
    const properties = withSensitivity([], changeProperties([], change), change, form);
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
  const after = withSensitivity(before, changeProperties(before, change), change, form);
  const touched = touchedIds(before, after);
  const renamed = sensitivityOf(before) !== sensitivityOf(after);
  if (touched.size === 0 && !renamed) return undefined;
  const { splices, keptBag } = removals(read, touched, renamed);
  const added = additions(read, keptBag, writtenLabels(before, after), form);
  return joined(read, splice(read.xml, [...splices, ...added]), packet.length, maximum);
}

const sensitivityOf = (properties: readonly LabelProperty[]): string | undefined =>
  properties.find(([name]) => isSensitivity(name))?.[1];

/** A file that gets a label gets the name people read with it, except a PDF. */
function withSensitivity(
  before: readonly LabelProperty[],
  after: readonly LabelProperty[],
  change: LabelChange,
  form: XmpForm,
): readonly LabelProperty[] {
  if (form === 'pdf' || !('set' in change) || !change.set.name || sensitivityOf(after) !== undefined)
    return after;
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

/** New labels: members of the bag that is there if it keeps any, else a description of their own. */
function additions(
  packet: XmpPacket,
  keptBag: XmlElement | undefined,
  written: WrittenLabels,
  form: XmpForm,
): readonly Splice[] {
  const { xml } = packet;
  const rdfPrefix = prefixOf(packet.rdf.element);
  const bag = form === 'structured' && written.labels.length > 0 ? keptBag : undefined;
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

const writableEnd = /^[\s\0]*(<\?xpacket\s+end\s*=\s*(["'])w\2\s*\?>)(\s*)$/;

/** The whole packet around the new XML; padding takes up the difference where there is any. */
function joined(packet: XmpPacket, xml: string, room: number, maximum: number): Uint8Array {
  const { after, zeros, encoding } = packet;
  const before =
    encoding === 'utf-8'
      ? packet.before
      : packet.before.replace(/^\ufeff/, '').replace(/\sencoding\s*=\s*(["'])[^"']*\1/, '');
  // The length that very old packets state of themselves would be wrong now.
  const start = `${before.replace(/\sbytes\s*=\s*(["'])\d*\1/, '')}${xml}`;
  const [, end, , behind] = writableEnd.exec(after) ?? [];
  if (end !== undefined) return paddedPacket({ start, end: `${end}${behind}`, zeros }, room, maximum);
  return concatBytes([encodeUtf8(`${start}${after}`), new Uint8Array(zeros)]);
}
