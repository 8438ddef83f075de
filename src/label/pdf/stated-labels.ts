import { maxima } from '../../bytes/index.ts';
import type { LabelMetadata } from '../label.ts';
import type { LabelProperty } from '../label-change.ts';
import { labelsFromProperties } from '../properties.ts';
import { readXmpPacket } from '../xmp.ts';
import { labelsOf, statedProperties } from '../xmp-labels.ts';
import { paddedPacket } from '../xmp-padding.ts';
import { newPacketText } from '../xmp-write.ts';

/**
 * The labels that a PDF states in its two places (spec/labels.md, "PDF"). The Info dictionary counts first; the packet adds
 * facts that it lacks, and labels of tenants of which it says nothing. An unreadable packet states none.
 *
 * @param info texts of the Info dictionary
 * @param packet the XMP packet, if there is one
 */
export function labelsOfPdf(
  info: readonly LabelProperty[],
  packet: Uint8Array | undefined,
): readonly LabelMetadata[] {
  const read = packet && readXmpPacket(packet);
  const mirrored = read === undefined ? [] : statedProperties(read);
  const stated = labelsFromProperties(info);
  const settled = new Set(stated.flatMap(({ siteId }) => siteId ?? []));
  const ids = new Set(stated.map(({ id }) => id));
  return Object.freeze(
    labelsFromProperties([...info, ...mirrored]).filter(
      ({ id, siteId }) => ids.has(id) || siteId === undefined || !settled.has(siteId),
    ),
  );
}

/**
 * The XMP packet of a wrapper that states the same as its Info dictionary, as Microsoft's writers lay it out
 * (spec/labels.md, "PDF").
 *
 * @param properties label properties, their names such as XML can have
 * @returns the packet; no bytes if there is no label
 * @throws SealwrightError `INVALID_ARGUMENT` for text that XML cannot carry
 */
export function writePdfLabels(properties: readonly LabelProperty[]): Uint8Array {
  const labels = labelsOf(properties);
  if (labels.length === 0) return new Uint8Array(0);
  const [start, end] = newPacketText({ sensitivity: undefined, labels }, 'pdf');
  return paddedPacket({ start, end, zeros: 0 }, 0, maxima.metadataBytes);
}
