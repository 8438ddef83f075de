import { type LabelMetadata, labelFrom } from './label.ts';
import { readXmpPacket } from './xmp.ts';
import { statedLabels } from './xmp-labels.ts';

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
  if (packet === undefined) return Object.freeze([]);
  return Object.freeze(statedLabels(packet).map(({ id, attributes }) => labelFrom(id, attributes)));
}
