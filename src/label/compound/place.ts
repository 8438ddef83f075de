import { type ByteSource, maxima } from '../../bytes/index.ts';
import {
  type CompoundFile,
  checkModifiable,
  isOutlookItem,
  readCompoundFile,
  rewriteCompoundFile,
  userProperties,
  withUserProperties,
} from '../../container/index.ts';
import { type LabelMetadata, normalGuid } from '../label.ts';
import { checkedChange, type LabelChange, type LabelProperty } from '../label-change.ts';
import { changeLabelInfo } from '../label-info.ts';
import type { LabelPlace, LabelPlaceOptions, StatedLabels } from '../label-place.ts';
import { changeItemPlace, readItemPlace } from '../mail/place.ts';
import { changeProperties, isLabelProperty, labelsFromProperties } from '../properties.ts';
import { isDamage, unlessDamaged } from '../unless-damaged.ts';
import { whereToWrite } from '../where-to-write.ts';
import { documentKind, labelInfoPath, summaryPath } from './document-kind.ts';

const nothing: StatedLabels = Object.freeze({ labelInfo: undefined, properties: Object.freeze([]) });

/**
 * Labels in compound files (spec/labels.md, "Compound files"): in the properties of documents of Office 97-2003,
 * Project, Publisher and Visio, in LabelInfo and the readable properties of protected Office files, and in Outlook items.
 */
export const compoundLabels: LabelPlace = Object.freeze({
  name: 'compound',

  async read(source: ByteSource, options?: LabelPlaceOptions): Promise<StatedLabels> {
    const file = await unlessDamaged(() => opened(source, options));
    if (file === undefined) return nothing;
    if (isOutlookItem(file)) return readItemPlace(file, options);
    const summary = await unlessDamaged(() => readStream(file, [summaryPath], options));
    return Object.freeze({
      labelInfo: await unlessDamaged(() => readStream(file, labelInfoPath, options)),
      properties: summary === undefined ? nothing.properties : labelsInSummary(summary),
    });
  },

  async change(source: ByteSource, change: LabelChange, options?: LabelPlaceOptions): Promise<ByteSource> {
    const checked = checkedChange(change);
    const file = await opened(source, options);
    if (isOutlookItem(file)) return changeItemPlace(source, file, checked, options);
    const kind = documentKind(file);
    if (kind === 'protected') await checkModifiable(file, options);
    const info = kind === 'protected' ? await readStream(file, labelInfoPath, options) : undefined;
    const summary = await readStream(file, [summaryPath], options);
    const pairs = summary === undefined ? [] : userProperties(summary);
    const statesLabels = pairs.some(([name]) => isLabelProperty(name));
    const changes = new Map<string, Uint8Array>();
    const write = whereToWrite(checked, { labelInfo: info !== undefined, properties: statesLabels });
    if (kind === 'protected') {
      const changed = write.labelInfo ? changeLabelInfo(info, checked) : marksOfRemoval(pairs, checked);
      if (changed !== info) changes.set(labelInfoPath.join('/'), changed as Uint8Array);
    }
    // A document that is not protected has no LabelInfo.
    if (write.properties || (kind !== 'protected' && write.labelInfo)) {
      const changed = withUserProperties(summary, changeProperties(pairs, checked));
      if (changed !== summary) changes.set(summaryPath, changed);
    }
    return changes.size === 0 ? source : rewriteCompoundFile(file, changes);
  },
});

/**
 * LabelInfo with a mark for each label that a change takes off and only properties state: the document inside
 * states it too, and it is not to come back when the protection is taken off. `undefined` if there is none.
 */
function marksOfRemoval(pairs: readonly LabelProperty[], change: LabelChange): Uint8Array | undefined {
  if (!('remove' in change)) return undefined;
  let info: Uint8Array | undefined;
  for (const { id, siteId } of labelsFromProperties(pairs)) {
    if (siteId === undefined || normalGuid(siteId) === undefined) continue;
    if (change.remove !== 'all' && normalGuid(change.remove) !== id) continue;
    info = changeLabelInfo(changeLabelInfo(info, { set: { id, siteId } }), { remove: id });
  }
  return info;
}

/**
 * The labels that a `\x05DocumentSummaryInformation` stream states; none if it is empty or cannot be read.
 *
 * @param summary the stream, as {@link ProtectedContainer.documentSummary} has it
 */
export function labelsInSummary(summary: Uint8Array): readonly LabelMetadata[] {
  let pairs: readonly LabelProperty[] = [];
  try {
    pairs = userProperties(summary);
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
  return labelsFromProperties(pairs);
}

const opened = async (source: ByteSource, options: LabelPlaceOptions | undefined): Promise<CompoundFile> =>
  options?.compoundFile ?? readCompoundFile(source, options);

async function readStream(
  file: CompoundFile,
  path: readonly string[],
  options: LabelPlaceOptions | undefined,
): Promise<Uint8Array | undefined> {
  const entry = file.find(...path);
  if (entry?.kind !== 'stream') return undefined;
  const maximum = path.length === 1 ? maxima.propertySetBytes : maxima.metadataBytes;
  return file.read(entry, maximum, options);
}
