import { maxima } from '../bytes/index.ts';
import type { LabelMetadata } from './label.ts';
import { labelsFromProperties, propertiesFromLabels } from './properties.ts';
import { readXmpPacket } from './xmp.ts';
import { labelsOf, statedProperties } from './xmp-labels.ts';
import { paddedPacket } from './xmp-padding.ts';
import { newPacketText } from './xmp-write.ts';

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
  const packet = readXmpPacket(metadata);
  return labelsFromProperties(packet === undefined ? [] : statedProperties(packet));
}

/**
 * Metadata of a new PFILE that states labels, as Microsoft's writers lay it out: an XMP packet in the structured
 * form, padded (spec/image-labels.md, "Properties"). Marks of removed labels are left out.
 *
 * @param labels what another file states, the label above each one included
 * @returns the packet; no bytes if there is no label
 * @throws SealwrightError `INVALID_ARGUMENT` for text that XML cannot carry
 *
 * @example
 * ```ts
 * const metadata = writePfileLabels(readPfileLabels(other.metadata));
 * ```
 */
export function writePfileLabels(labels: readonly LabelMetadata[]): Uint8Array {
  const stated = labelsOf(propertiesFromLabels(labels));
  if (stated.length === 0) return new Uint8Array(0);
  const [start, end] = newPacketText({ sensitivity: pathOf(labels), labels: stated }, 'structured');
  return paddedPacket({ start, end, zeros: 0 }, 0, maxima.metadataBytes);
}

/** What people read: the names of the label in force and of the one above it. */
function pathOf(labels: readonly LabelMetadata[]): string | undefined {
  const inForce = labels.filter(({ enabled }) => enabled);
  const label = inForce.findLast(({ id }) => !inForce.some(({ parentId }) => parentId === id));
  const above = inForce.find(({ id }) => id === label?.parentId);
  const path = [above?.name, label?.name].filter((name) => name !== undefined).join(' ');
  return path === '' ? undefined : path;
}
