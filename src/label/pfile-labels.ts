import { type LabelMetadata, labelFrom, normalGuid } from './label.ts';
import { membersOf, propertiesOf, type XmpNode, xmpDescriptions } from './xmp.ts';

const msip = 'http://www.microsoft.com/msip/1.0/';
const msipLabel = 'http://www.microsoft.com/msip/label/1.0/';
const msipExtended = 'http://www.microsoft.com/msip/label/extended/1.0/';

/** The flat form: one property a fact, the label's GUID in its name. */
const flatName = /^MSIP_Label_([0-9A-Za-z]{8}(?:-[0-9A-Za-z]{4}){3}-[0-9A-Za-z]{12})_(.+)$/;

/**
 * The sensitivity labels in the metadata of a PFILE, an XMP packet (spec/pfile.md, section 1.4). Metadata is
 * optional and anyone may have changed it, so what cannot be read gives an empty list and never an error.
 *
 * @param metadata the container's metadata as stored
 * @returns the labels in the order in which the packet names them, each id once
 *
 * @example
 * ```ts
 * readPfileLabels(container.metadata).map((label) => label.name); // ['Confidential', 'All Employees']
 * ```
 */
export function readPfileLabels(metadata: Uint8Array): readonly LabelMetadata[] {
  const labels = new Map<string, LabelMetadata>();
  const add = (label: LabelMetadata): void => {
    if (!labels.has(label.id)) labels.set(label.id, label);
  };
  for (const description of xmpDescriptions(metadata)) {
    for (const label of structuredLabels(description)) add(label);
    for (const label of flatLabels(description)) add(label);
  }
  return Object.freeze([...labels.values()]);
}

function structuredLabels(description: XmpNode): LabelMetadata[] {
  return propertiesOf(description)
    .filter(({ namespace, name }) => namespace === msip && name === 'labels')
    .flatMap(({ value }) => (typeof value === 'string' ? [] : membersOf(value)))
    .flatMap((member) => {
      const attributes: (readonly [string, string])[] = [];
      for (const { namespace, name, value } of propertiesOf(member)) {
        if (namespace !== msipLabel) continue;
        if (typeof value === 'string') attributes.push([name, value]);
        else if (name === 'extended') attributes.push(...membersOf(value).flatMap(extendedAttribute));
      }
      const id = normalGuid(attributes.find(([name]) => name === 'Id')?.[1]);
      return id === undefined
        ? []
        : [
            labelFrom(
              id,
              attributes.filter(([name]) => name !== 'Id'),
            ),
          ];
    });
}

/** `Vendor`, `Key` and `Value` of an extra fact, named as in the flat form. */
function extendedAttribute(member: XmpNode): (readonly [string, string])[] {
  const facts = propertiesOf(member).filter(({ namespace }) => namespace === msipExtended);
  const [vendor, key, value] = ['Vendor', 'Key', 'Value'].map((wanted) => {
    const found = facts.find(({ name }) => name === wanted)?.value;
    return typeof found === 'string' ? found : undefined;
  });
  if (key === undefined || key === '' || value === undefined) return [];
  return [[`Extended_${vendor ? `${vendor}_` : ''}${key}`, value]];
}

function flatLabels(description: XmpNode): LabelMetadata[] {
  const groups = new Map<string, (readonly [string, string])[]>();
  for (const { namespace, name, value } of propertiesOf(description)) {
    const [, id, attribute] = (namespace === msip && flatName.exec(name)) || [];
    if (id === undefined || attribute === undefined || typeof value !== 'string') continue;
    const key = id.toLowerCase();
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [[attribute, value]]);
    else group.push([attribute, value]);
  }
  return [...groups].map(([id, attributes]) => labelFrom(id, attributes));
}
