import { escapeAttribute, escapeText } from '../xrml/index.ts';
import { type LabelProperty, propertyPrefix } from './label-change.ts';
import { rdf } from './xmp.ts';
import { namespaces, type StatedLabel } from './xmp-labels.ts';

/**
 * How labels are written: flat in images, structured in PFILEs (spec/image-labels.md, "Properties"), as elements in
 * PDFs (spec/labels.md, "PDF").
 */
export type XmpForm = 'flat' | 'structured' | 'pdf';

/** Labels to be written, and the name people read. */
export interface WrittenLabels {
  readonly sensitivity: string | undefined;
  readonly labels: readonly StatedLabel[];
}

/** Where a description is written. */
export interface XmpPlace {
  /** The prefix of RDF that holds there; empty if there is none. */
  readonly rdfPrefix: string;
  /** What the other descriptions say they are about; it must be the same in all of a packet, [XMP] part 1, 7.4. */
  readonly about: string;
}

/** An `rdf:Description` of its own that states the labels, with the line end before it. */
export function labelDescription(written: WrittenLabels, form: XmpForm, place: XmpPlace): string {
  const prefix = place.rdfPrefix === '' ? 'rdf' : place.rdfPrefix;
  const declared = place.rdfPrefix === '' ? ` xmlns:rdf="${rdf}"` : '';
  const start = `\n  <${prefix}:Description ${prefix}:about="${escapeAttribute(place.about)}"${declared}`;
  if (form === 'structured') return structuredDescription(start, prefix, written);
  return form === 'flat' ? flatDescription(start, written) : pdfDescription(start, prefix, written);
}

function flatFacts({ sensitivity, labels }: WrittenLabels): readonly LabelProperty[] {
  const facts = labels.flatMap(({ id, attributes }) =>
    attributes.map(([name, value]): LabelProperty => [`${propertyPrefix(id)}${name}`, value]),
  );
  return sensitivity === undefined ? facts : [['Sensitivity', sensitivity], ...facts];
}

function flatDescription(start: string, written: WrittenLabels): string {
  const attributes = flatFacts(written).map(
    ([name, value]) => `\n   msip:${name}="${escapeAttribute(value)}"`,
  );
  return `${start}\n    xmlns:msip="${namespaces.msip}"${attributes.join('')}/>`;
}

function pdfDescription(start: string, prefix: string, written: WrittenLabels): string {
  const elements = flatFacts(written).map(
    ([name, value]) => `\n   <pdfx:${name}>${escapeText(value)}</pdfx:${name}>`,
  );
  return `${start}\n    xmlns:pdfx="${namespaces.pdfx}">${elements.join('')}\n  </${prefix}:Description>`;
}

function structuredDescription(
  start: string,
  prefix: string,
  { sensitivity, labels }: WrittenLabels,
): string {
  const members = labels.map((label) => structuredMember(label, prefix)).join('');
  return [
    `${start}\n    xmlns:msip="${namespaces.msip}"`,
    `\n    xmlns:msip-label="${namespaces.label}"`,
    `\n    xmlns:msip-label-extended="${namespaces.extended}">`,
    sensitivity === undefined ? '' : `\n   <msip:sensitivity>${escapeText(sensitivity)}</msip:sensitivity>`,
    members && `\n   <msip:labels>\n    <${prefix}:Bag>${members}\n    </${prefix}:Bag>\n   </msip:labels>`,
    `\n  </${prefix}:Description>`,
  ].join('');
}

/** Attributes that have an element of their own in the structured form; all others are extended ones. */
const directNames = [
  'Name',
  'Enabled',
  'ParentId',
  'SiteId',
  'Ref',
  'Owner',
  'SetDate',
  'Method',
  'ContentBits',
  'ActionId',
  'Application',
];

/** A member of the bag of labels. With `declared` it declares the namespaces of labels itself. */
export function structuredMember(label: StatedLabel, prefix: string, declared = ''): string {
  const direct: string[] = [];
  const extended: string[] = [];
  for (const [attribute, value] of label.attributes) {
    const name = attribute === 'Parent' ? 'ParentId' : attribute;
    if (directNames.includes(name)) direct.push(named('msip-label', name, value));
    else extended.push(extendedMember(name, value, prefix));
  }
  const bag = extended.join('');
  return [
    `\n     <${prefix}:li${declared} ${prefix}:parseType="Resource">`,
    named('msip-label', 'Id', label.id),
    ...direct,
    bag &&
      `\n      <msip-label:extended>\n       <${prefix}:Bag>${bag}\n       </${prefix}:Bag>\n      </msip-label:extended>`,
    `\n     </${prefix}:li>`,
  ].join('');
}

/** `Extended_MSFT_Method` is the fact `Method` of the vendor `MSFT`. */
function extendedMember(attribute: string, value: string, prefix: string): string {
  const name = attribute.replace(/^Extended_/, '');
  const [, vendor, key = name] = /^(MSFT)_(.+)$/s.exec(name) ?? [];
  const facts = [
    vendor === undefined ? '' : named('msip-label-extended', 'Vendor', vendor),
    named('msip-label-extended', 'Key', key),
    named('msip-label-extended', 'Value', value),
  ];
  return `\n        <${prefix}:li ${prefix}:parseType="Resource">${facts.join('')}\n        </${prefix}:li>`;
}

const named = (prefix: string, name: string, value: string): string =>
  `\n      <${prefix}:${name}>${escapeText(value)}</${prefix}:${name}>`;

/** Declarations of the namespaces of labels, for a member of a bag that may not have them. */
export const memberDeclarations = ` xmlns:msip-label="${namespaces.label}" xmlns:msip-label-extended="${namespaces.extended}"`;

/** A packet that states labels and nothing else, without padding; `id` as [XMP] part 1, 7.3.2 has it. */
export const newPacketText = (written: WrittenLabels, form: XmpForm): readonly [xml: string, end: string] => [
  [
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>',
    '\n<x:xmpmeta xmlns:x="adobe:ns:meta/">',
    `\n <rdf:RDF xmlns:rdf="${rdf}">`,
    labelDescription(written, form, { rdfPrefix: 'rdf', about: '' }),
    '\n </rdf:RDF>\n</x:xmpmeta>',
  ].join(''),
  '<?xpacket end="w"?>',
];
