import type { ByteSource } from '../bytes/index.ts';
import type { ContainerName, ProtectedFacts } from '../container/index.ts';
import { SealwrightError } from '../errors.ts';
import { changeLabels } from './change-labels.ts';
import { labelsInSummary } from './compound/place.ts';
import type { LabelMetadata } from './label.ts';
import { isStorable, type LabelChange, type LabelProperty, type NewLabel } from './label-change.ts';
import { isLabelInfo } from './label-info.ts';
import { fieldOfLabels, labelsOfField } from './mail/place.ts';
import { labelsOfPdf, writePdfLabels } from './pdf/stated-labels.ts';
import { readPfileLabels, writePfileLabels } from './pfile-labels.ts';
import { decideLabels } from './precedence.ts';
import { propertiesFromLabels } from './properties.ts';
import { type LabelOptions, openPlace, readLabels } from './read-labels.ts';

/** The labels of a document that is to be protected. */
export interface CarriedLabels {
  /** LabelInfo exactly as the document has it. */
  readonly labelInfo: Uint8Array | undefined;
  /** What its properties state. */
  readonly properties: readonly LabelMetadata[];
  /** What of both counts. */
  readonly labels: readonly LabelMetadata[];
  /** Whether the document itself states them. */
  readonly ofDocument?: true;
}

const nothing: CarriedLabels = Object.freeze({
  labelInfo: undefined,
  properties: Object.freeze([]),
  labels: Object.freeze([]),
});

/**
 * The labels that a document takes along when it is protected (spec/labels.md, "Through protection"). Damaged
 * labels are none: they never keep a document from being protected.
 *
 * @param source the document, seekable; of a stream nothing is read
 */
export async function readCarriedLabels(
  source: ByteSource,
  options: LabelOptions = {},
): Promise<CarriedLabels> {
  if (!source.seekable || source.size === undefined) return nothing;
  try {
    const found = await openPlace(source, options);
    if (found === undefined) return nothing;
    const stated = await found.place.read(found.source, found.options);
    const labelInfo = stated.labelInfo && isLabelInfo(stated.labelInfo) ? stated.labelInfo : undefined;
    const labels = decideLabels({ labelInfo, properties: stated.properties });
    return Object.freeze({ labelInfo, properties: stated.properties, labels, ofDocument: true });
  } catch (error) {
    return passOver(error, nothing);
  }
}

/**
 * What a container of a format is given so that it states the labels of its document: LabelInfo as it stands,
 * and properties, for an Office file; an XMP packet for a PFILE, with the same as properties for a PDF; the text of a header
 * field for a message. What a container cannot keep is left out.
 */
export function containerLabels(
  format: ContainerName,
  { labelInfo, properties, labels, ofDocument }: CarriedLabels,
): { readonly metadata?: Uint8Array; readonly labelProperties?: readonly LabelProperty[] } {
  if (format === 'pfile') {
    const metadata = packetOf(() => writePfileLabels(labels));
    return metadata.length === 0 ? {} : { metadata };
  }
  if (format === 'pdf') {
    const stated = storable(propertiesFromLabels(labels)).filter(([name]) => isPropertyName.test(name));
    const metadata = packetOf(() => writePdfLabels(stated));
    return metadata.length === 0 ? {} : { metadata, labelProperties: stated };
  }
  if (format === 'mail') {
    // The header of a message goes along as it stands.
    if (ofDocument) return {};
    const metadata = fieldOfLabels(storable(propertiesFromLabels(labels)));
    return metadata.length === 0 ? {} : { metadata };
  }
  const labelProperties = storable(propertiesFromLabels(properties));
  return {
    ...(labelInfo && { metadata: labelInfo }),
    ...(labelProperties.length > 0 && { labelProperties }),
  };
}

/** Names that can stand both in a PDF and in its packet; a document may have any. */
const isPropertyName = /^[A-Za-z_][\w.-]*$/;

function packetOf(write: () => Uint8Array): Uint8Array {
  try {
    return write();
  } catch (error) {
    return passOver(error, new Uint8Array(0));
  }
}

/** Properties that a summary can keep: of bounded length, without controls, and no name twice in any case. */
function storable(pairs: readonly LabelProperty[]): readonly LabelProperty[] {
  const names = new Set<string>();
  return pairs.filter(([name, value]) => {
    const key = name.toLowerCase();
    const fits = [name, value].every(isStorable) && !names.has(key);
    names.add(key);
    return fits;
  });
}

/** The labels that a protected file states, from what was read of it; never an error. */
export function readContainerLabels(container: ProtectedFacts): readonly LabelMetadata[] {
  if (container.format === 'pfile') return readPfileLabels(container.metadata);
  const { metadata, documentSummary } = container;
  if (container.format === 'mail' && !isLabelInfo(container.metadata))
    return labelsOfField(container.metadata);
  if (container.format === 'pdf') return labelsOfPdf(container.labelProperties ?? [], metadata);
  return decideLabels({
    labelInfo: metadata.length === 0 ? undefined : metadata,
    properties: documentSummary === undefined ? [] : labelsInSummary(documentSummary),
  });
}

/**
 * A document that was protected, with the labels that its protected file states now: they may have been
 * changed there. Of each tenant that `labels` name the document gets that label, or none after a mark of
 * removal; everything else stays.
 *
 * @returns the same source if the document says the same already, its kind keeps no labels, or it cannot be changed
 */
export async function withCarriedLabels(
  plaintext: ByteSource,
  labels: readonly LabelMetadata[],
  options: LabelOptions = {},
): Promise<ByteSource> {
  if (labels.length === 0 || !plaintext.seekable || plaintext.size === undefined) return plaintext;
  try {
    let document = plaintext;
    const inside = await readLabels(plaintext, options);
    for (const change of changesBetween(inside, labels))
      document = await changeLabels(document, change, { signal: options.signal });
    return document;
  } catch (error) {
    return passOver(error, plaintext);
  }
}

/** What has to happen to a document with the labels `inside` so that it states those `outside`. */
function changesBetween(
  inside: readonly LabelMetadata[],
  outside: readonly LabelMetadata[],
): readonly LabelChange[] {
  const changes: LabelChange[] = [];
  // Of two labels of one tenant the one above the other comes with it.
  const above = new Set(outside.map(({ parentId }) => parentId));
  for (const label of outside) {
    const { id, siteId, enabled, removed } = label;
    if (siteId === undefined || above.has(id)) continue;
    const present = inside.filter((each) => each.siteId === siteId && each.enabled);
    if (removed || !enabled) changes.push(...present.map((each) => ({ remove: each.id })));
    else if (!present.some((each) => each.id === id)) changes.push({ set: newLabel(label, siteId) });
  }
  return changes;
}

function newLabel(label: LabelMetadata, siteId: string): NewLabel {
  const setDate = new Date(label.setDate ?? Number.NaN);
  const { name, owner, contentBits, parentId } = label;
  return {
    id: label.id,
    siteId,
    name,
    owner,
    contentBits,
    parentId,
    method: label.method === 'Privileged' || label.method === 'Manual' ? 'Privileged' : 'Standard',
    setDate: setDate.getTime() >= 0 ? setDate : undefined,
  };
}

/** Labels are a statement and never worth a document: what is wrong with them is passed over. */
function passOver<T>(error: unknown, instead: T): T {
  const codes = [
    'MALFORMED_CONTAINER',
    'UNSUPPORTED_FORMAT',
    'UNSUPPORTED_VERSION',
    'LIMIT_EXCEEDED',
    'INVALID_ARGUMENT',
    'NOT_PROTECTED',
  ];
  if (error instanceof SealwrightError && codes.includes(error.code)) return instead;
  throw error;
}
