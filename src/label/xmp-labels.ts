import { normalGuid } from './label.ts';
import { type LabelProperty, propertyPrefix } from './label-change.ts';
import { membersOf, propertiesOf, type XmpNode, type XmpPacket } from './xmp.ts';

/** The namespaces of labels in XMP (spec/image-labels.md, "Properties"). */
export const namespaces = {
  msip: 'http://www.microsoft.com/msip/1.0/',
  label: 'http://www.microsoft.com/msip/label/1.0/',
  extended: 'http://www.microsoft.com/msip/label/extended/1.0/',
  /** Where PDFs keep what their Info dictionary states beyond the usual (spec/labels.md, "PDF"). */
  pdfx: 'http://ns.adobe.com/pdfx/1.3/',
} as const;

/** Whether properties of the flat form stand in a namespace. */
export const isFlatNamespace = (namespace: string): boolean =>
  namespace === namespaces.msip || namespace === namespaces.pdfx;

/** The flat form: one property a fact, the label's GUID in its name. */
const flatName = /^MSIP_Label_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})_(.+)$/is;

/** A label's id, lower case, and one of its attributes, from the name of a flat property. */
export function flatProperty(name: string): { readonly id: string; readonly attribute: string } | undefined {
  const [, id, attribute] = flatName.exec(name) ?? [];
  return id === undefined || attribute === undefined ? undefined : { id: id.toLowerCase(), attribute };
}

/** The facts of one label, in the order in which they are stated. */
export interface StatedLabel {
  readonly id: string;
  readonly attributes: readonly (readonly [name: string, value: string])[];
}

/** Every label a packet states, in its order, each id once; of an id that is stated twice the first one counts. */
export function statedLabels(packet: XmpPacket): readonly StatedLabel[] {
  const labels = new Map<string, StatedLabel>();
  for (const description of packet.descriptions)
    for (const label of [...structuredLabels(description), ...flatLabels(description)])
      if (!labels.has(label.id)) labels.set(label.id, label);
  return [...labels.values()];
}

/** What a packet states, as documents keep it: one property a fact, and `Sensitivity` if it has one. */
export function statedProperties(packet: XmpPacket): readonly LabelProperty[] {
  const labels = statedLabels(packet).flatMap(({ id, attributes }) =>
    attributes.map(([name, value]): LabelProperty => [`${propertyPrefix(id)}${name}`, value]),
  );
  const sensitivity = packet.descriptions
    .flatMap(propertiesOf)
    .find(({ namespace, name }) => isFlatNamespace(namespace) && isSensitivity(name))?.value;
  return typeof sensitivity === 'string' ? [['Sensitivity', sensitivity], ...labels] : labels;
}

/** The label's name as people read it: `Sensitivity` in the flat form, `sensitivity` in the structured one. */
export const isSensitivity = (name: string): boolean => name.toLowerCase() === 'sensitivity';

const structuredLabels = (description: XmpNode): readonly StatedLabel[] =>
  propertiesOf(description)
    .filter(({ namespace, name }) => namespace === namespaces.msip && name === 'labels')
    .flatMap(({ value }) => (typeof value === 'string' ? [] : membersOf(value)))
    .flatMap((member) => structuredLabel(member) ?? []);

/** The label that a member of the bag `labels` states. */
export function structuredLabel(member: XmpNode): StatedLabel | undefined {
  const attributes: (readonly [string, string])[] = [];
  let id: string | undefined;
  for (const { namespace, name, value } of propertiesOf(member)) {
    if (namespace !== namespaces.label) continue;
    if (typeof value !== 'string') {
      if (name === 'extended') attributes.push(...membersOf(value).flatMap(extendedAttribute));
    } else if (name === 'Id') id ??= value;
    else attributes.push([name, value]);
  }
  const normal = normalGuid(id);
  return normal === undefined ? undefined : { id: normal, attributes };
}

/** `Vendor`, `Key` and `Value` of an extra fact, named as in the flat form. */
function extendedAttribute(member: XmpNode): (readonly [string, string])[] {
  const facts = propertiesOf(member).filter(({ namespace }) => namespace === namespaces.extended);
  const [vendor, key, value] = ['Vendor', 'Key', 'Value'].map((wanted) => {
    const found = facts.find(({ name }) => name === wanted)?.value;
    return typeof found === 'string' ? found : undefined;
  });
  if (key === undefined || key === '' || value === undefined) return [];
  return [[`Extended_${vendor ? `${vendor}_` : ''}${key}`, value]];
}

const flatLabels = (description: XmpNode): readonly StatedLabel[] =>
  labelsOf(
    propertiesOf(description).flatMap(({ namespace, name, value }): readonly LabelProperty[] =>
      isFlatNamespace(namespace) && typeof value === 'string' ? [[name, value]] : [],
    ),
  );

/** Properties, sorted by the label they belong to; what is no label property is left out. */
export function labelsOf(properties: readonly LabelProperty[]): readonly StatedLabel[] {
  const labels = new Map<string, (readonly [string, string])[]>();
  for (const [name, value] of properties) {
    const flat = flatProperty(name);
    if (flat === undefined) continue;
    const attributes = labels.get(flat.id);
    if (attributes === undefined) labels.set(flat.id, [[flat.attribute, value]]);
    else attributes.push([flat.attribute, value]);
  }
  return [...labels].map(([id, attributes]) => ({ id, attributes }));
}
