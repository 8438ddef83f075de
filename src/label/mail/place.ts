import { type ByteSource, decodeUtf8, encodeUtf8 } from '../../bytes/index.ts';
import { type CompoundFile, labelPairs, labelText, mailModule } from '../../container/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { LabelMetadata } from '../label.ts';
import { checkedChange, type LabelChange, type LabelProperty } from '../label-change.ts';
import type { LabelPlace, LabelPlaceOptions, StatedLabels } from '../label-place.ts';
import { changeProperties, labelsFromProperties } from '../properties.ts';
import { unlessDamaged } from '../unless-damaged.ts';

const stated = (pairs: readonly LabelProperty[] = []): StatedLabels =>
  Object.freeze({ labelInfo: undefined, properties: labelsFromProperties(pairs) });

/**
 * Labels in the header field `msip_labels` of a message, protected or not (spec/labels.md, "Mail"). Of a protected one it stands
 * outside of what is encrypted, so that mail servers can go by it. What reads messages is loaded with the first one.
 *
 * @example
 * ```ts
 * const labelled = await mailLabels.change(source, { set: { id: labelId, siteId: tenantId, name: 'Internal' } });
 * ```
 */
export const mailLabels: LabelPlace = Object.freeze({
  name: 'mail',
  async read(source, options) {
    const { readLabelField } = await mailModule();
    return stated(await unlessDamaged(() => readLabelField(source, options)));
  },
  async change(source, change, options) {
    const { readLabelField, withLabelField } = await mailModule();
    const pairs = await readLabelField(source, options);
    const changed = changedPairs(pairs, change);
    return changed === pairs ? source : withLabelField(source, changed, options);
  },
} satisfies LabelPlace);

/** What an Outlook item states of labels: in a property that is named like the field. */
export async function readItemPlace(file: CompoundFile, options?: LabelPlaceOptions): Promise<StatedLabels> {
  const { readItemLabels } = await mailModule();
  return stated(await unlessDamaged(() => readItemLabels(file, options)));
}

/** The Outlook item after the change; `source`, which it was read from, if it says already what it was to say. */
export async function changeItemPlace(
  source: ByteSource,
  file: CompoundFile,
  change: LabelChange,
  options?: LabelPlaceOptions,
): Promise<ByteSource> {
  const { readItemLabels, withItemLabels } = await mailModule();
  const pairs = await readItemLabels(file, options);
  const changed = changedPairs(pairs, change);
  return changed === pairs ? source : withItemLabels(file, changed, options);
}

/** The facts after the change, checked that they can stand in a field. */
function changedPairs(pairs: readonly LabelProperty[], change: LabelChange): readonly LabelProperty[] {
  const changed = changeProperties(pairs, checkedChange(change));
  const kept = new Set(pairs);
  const unwritable = changed.find((pair) => !kept.has(pair) && pair[1].includes(';'));
  if (unwritable === undefined) return changed;
  throw new SealwrightError(
    'INVALID_ARGUMENT',
    'A fact of the label has a semicolon, which ends a fact in the header of a message. Leave it out.',
  );
}

/** The labels that the text of the field states, as a protected message has it; none for what is no text. */
export function labelsOfField(text: Uint8Array): readonly LabelMetadata[] {
  try {
    return labelsFromProperties(labelPairs(decodeUtf8(text)));
  } catch (error) {
    if (error instanceof TypeError) return labelsFromProperties([]);
    throw error;
  }
}

/** The text of a field that states `pairs`; what cannot stand in one is left out. */
export const fieldOfLabels = (pairs: readonly LabelProperty[]): Uint8Array =>
  encodeUtf8(labelText(pairs.filter(([, value]) => !value.includes(';'))));
