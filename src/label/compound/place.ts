import { type ByteSource, maxima } from '../../bytes/index.ts';
import {
  type CompoundFile,
  checkModifiable,
  readCompoundFile,
  rewriteCompoundFile,
  userProperties,
  withUserProperties,
} from '../../container/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { LabelMetadata } from '../label.ts';
import { checkedChange, type LabelChange, type LabelProperty } from '../label-change.ts';
import { changeLabelInfo } from '../label-info.ts';
import type { LabelPlace, LabelPlaceOptions, StatedLabels } from '../label-place.ts';
import { changeProperties, isLabelProperty, labelsFromProperties } from '../properties.ts';
import { documentKind, labelInfoPath, summaryPath } from './document-kind.ts';

const nothing: StatedLabels = Object.freeze({ labelInfo: undefined, properties: Object.freeze([]) });

/**
 * Labels in compound files (spec/labels.md, "Compound files"): in the properties of documents of Office 97-2003,
 * Project, Publisher and Visio, and in LabelInfo and the readable properties of protected Office files.
 */
export const compoundLabels: LabelPlace = Object.freeze({
  name: 'compound',

  async read(source: ByteSource, options?: LabelPlaceOptions): Promise<StatedLabels> {
    const file = await unlessDamaged(() => opened(source, options));
    if (file === undefined) return nothing;
    const summary = await unlessDamaged(() => readStream(file, [summaryPath], options));
    return Object.freeze({
      labelInfo: await unlessDamaged(() => readStream(file, labelInfoPath, options)),
      properties: summary === undefined ? nothing.properties : labelsInSummary(summary),
    });
  },

  async change(source: ByteSource, change: LabelChange, options?: LabelPlaceOptions): Promise<ByteSource> {
    const checked = checkedChange(change);
    const file = await opened(source, options);
    const kind = documentKind(file);
    if (kind === 'protected') await checkModifiable(file, options);
    const info = kind === 'protected' ? await readStream(file, labelInfoPath, options) : undefined;
    const summary = await readStream(file, [summaryPath], options);
    const pairs = summary === undefined ? [] : userProperties(summary);
    const statesLabels = pairs.some(([name]) => isLabelProperty(name));
    const changes = new Map<string, Uint8Array>();
    // LabelInfo where it is in use, properties where they are; a protected file without labels gets both.
    if (kind === 'protected' && (info !== undefined || ('set' in checked && !statesLabels))) {
      const changed = changeLabelInfo(info, checked);
      if (changed !== info) changes.set(labelInfoPath.join('/'), changed);
    }
    if (statesLabels || ('set' in checked && info === undefined)) {
      const changed = withUserProperties(summary, changeProperties(pairs, checked));
      if (changed !== summary) changes.set(summaryPath, changed);
    }
    return changes.size === 0 ? source : rewriteCompoundFile(file, changes);
  },
});

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

/** What unreadable metadata gives: nothing. Failures of the source itself are passed on. */
async function unlessDamaged<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isDamage(error)) return undefined;
    throw error;
  }
}

const isDamage = (error: unknown): boolean =>
  error instanceof SealwrightError && ['MALFORMED_CONTAINER', 'LIMIT_EXCEEDED'].includes(error.code);
