import type { ByteSource } from '../../bytes/index.ts';
import { editZip } from '../../container/index.ts';
import { SealwrightError } from '../../errors.ts';
import { checkedChange, type LabelChange } from '../label-change.ts';
import { changeLabelInfo } from '../label-info.ts';
import type { LabelPlace, LabelPlaceOptions, StatedLabels } from '../label-place.ts';
import { isLabelProperty, labelsFromProperties } from '../properties.ts';
import { unlessDamaged } from '../unless-damaged.ts';
import { whereToWrite } from '../where-to-write.ts';
import { readXmlPart } from '../xml-part.ts';
import { addContentTypes, contentTypes, isContentTypes } from './content-types.ts';
import { type CustomProperties, newCustomProperties, readCustomProperties } from './custom-properties.ts';
import { contentTypesName, malformedPart, type OfficePackage, openPackage } from './package-parts.ts';
import { addRelationships, relationshipTypes, targetOf } from './relationships.ts';

const nothing: StatedLabels = Object.freeze({ labelInfo: undefined, properties: Object.freeze([]) });

/** Where new parts go. */
const newNames = { labelInfo: 'docMetadata/LabelInfo.xml', customProperties: 'docProps/custom.xml' } as const;
type PartKind = keyof typeof newNames;

/** Labels in Office Open XML and other packages: LabelInfo and custom properties (spec/labels.md, "Office Open XML"). */
export const packageLabels: LabelPlace = Object.freeze({
  name: 'package',

  async read(source: ByteSource, options?: LabelPlaceOptions): Promise<StatedLabels> {
    const found = await unlessDamaged(() => openPackage(source, options));
    if (found === undefined) return nothing;
    const { labelInfo, customProperties } = targetsOf(found);
    const info = labelInfo && (await unlessDamaged(() => found.read(labelInfo)));
    const custom = customProperties && (await unlessDamaged(() => found.read(customProperties)));
    return Object.freeze({
      labelInfo: info || undefined,
      properties: labelsFromProperties((custom && readCustomProperties(custom)?.pairs) || []),
    });
  },

  async change(source: ByteSource, change: LabelChange, options?: LabelPlaceOptions): Promise<ByteSource> {
    const checked = checkedChange(change);
    const opened = await openPackage(source, options);
    if (opened === undefined) throw noPackage();
    refuseSigned(opened);
    const targets = targetsOf(opened);
    if (
      targets.labelInfo !== undefined &&
      targets.labelInfo.toLowerCase() === targets.customProperties?.toLowerCase()
    )
      throw malformedPart(targets.labelInfo, 'is said to be LabelInfo and custom properties at once');
    const info = targets.labelInfo && (await opened.read(targets.labelInfo));
    const custom = await readCustom(opened, targets.customProperties);
    const statesLabels = custom?.pairs.some(([name]) => isLabelProperty(name)) ?? false;
    const parts = new Map<PartKind, Uint8Array>();
    const write = whereToWrite(checked, { labelInfo: info !== undefined, properties: statesLabels });
    if (write.labelInfo) {
      const changed = changeLabelInfo(info || undefined, checked);
      if (changed !== info) parts.set('labelInfo', changed);
    }
    if (write.properties) {
      const base =
        custom ?? (readCustomProperties(newCustomProperties(isStrict(opened))) as CustomProperties);
      const changed = base.change(checked);
      if (changed !== undefined) parts.set('customProperties', changed);
    }
    return parts.size === 0 ? source : withParts(opened, parts, targets);
  },
});

const targetsOf = ({ relationships }: OfficePackage): Readonly<Record<PartKind, string | undefined>> => ({
  labelInfo: targetOf(relationships, relationshipTypes.labelInfo),
  customProperties: targetOf(relationships, relationshipTypes.customProperties),
});

async function readCustom(
  opened: OfficePackage,
  name: string | undefined,
): Promise<CustomProperties | undefined> {
  const bytes = name === undefined ? undefined : await opened.read(name);
  if (name === undefined || bytes === undefined) return undefined;
  const custom = readCustomProperties(bytes);
  if (custom === undefined) throw malformedPart(name, 'holds no properties we can read');
  return custom;
}

/** Whether the package is one of Strict Open XML, whose types and namespaces have other names. */
const isStrict = ({ relationships }: OfficePackage): boolean =>
  relationships.some(({ type }) => type === relationshipTypes.officeDocument[1]);

/** The package with parts replaced, or added with what makes them parts. */
async function withParts(
  opened: OfficePackage,
  parts: ReadonlyMap<PartKind, Uint8Array>,
  targets: Readonly<Record<PartKind, string | undefined>>,
): Promise<ByteSource> {
  const { relationshipsPart } = opened;
  const changes = new Map<string, Uint8Array>();
  const related: [type: string, target: string][] = [];
  const added: [name: string, type: string][] = [];
  for (const [kind, content] of parts) {
    const name = targets[kind] ?? freeName(opened, newNames[kind]);
    const entry = opened.entry(name);
    changes.set(entry?.name ?? name, content);
    const type = relationshipTypes[kind][kind === 'customProperties' && isStrict(opened) ? 1 : 0] as string;
    if (targets[kind] === undefined) related.push([type, name]);
    if (targets[kind] === undefined || entry === undefined) added.push([name, contentTypes[kind]]);
  }
  if (related.length > 0)
    changes.set(
      opened.relationshipsName,
      relationshipsPart.encode(addRelationships(relationshipsPart, related)),
    );
  if (added.length > 0) {
    const types = readXmlPart((await opened.read(contentTypesName)) ?? new Uint8Array(0));
    if (types === undefined || !isContentTypes(types))
      throw malformedPart(contentTypesName, 'is no list of types we can read');
    const text = addContentTypes(types, added);
    const name = opened.entry(contentTypesName)?.name ?? contentTypesName;
    if (text !== types.text) changes.set(name, types.encode(text));
  }
  return editZip(opened.archive, changes);
}

/** A name that no part has: what nothing relates to is somebody else's all the same. */
function freeName({ entry }: OfficePackage, wanted: string): string {
  let name = wanted;
  for (let number = 2; entry(name) !== undefined; number++)
    name = wanted.replace(/(?=\.[^.]*$)/, String(number));
  return name;
}

/** Where signatures stand in documents, in packages of NuGet, and in those of Windows applications. */
const signatureParts = ['_xmlsignatures/origin.sigs', '.signature.p7s', 'AppxSignature.p7x'];

function refuseSigned({ relationships, entry }: OfficePackage): void {
  const signed =
    targetOf(relationships, relationshipTypes.signatures) !== undefined ||
    signatureParts.some((name) => entry(name) !== undefined);
  if (signed)
    throw new SealwrightError(
      'UNSUPPORTED_FORMAT',
      'The document is digitally signed, and a change of its labels would make the signature invalid. Remove the signature in Office, label the document, and sign it again.',
    );
}

const noPackage = (): SealwrightError =>
  new SealwrightError(
    'UNSUPPORTED_FORMAT',
    'The file is a ZIP archive but no Office document, and such archives have no place for labels. Protect it as a PFILE and label that, or label the documents inside.',
  );
