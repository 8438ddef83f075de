import type { LabelMetadata } from './label.ts';
import { readLabelInfo } from './label-info.ts';
import type { StatedLabels } from './label-place.ts';

/**
 * Which of a file's statements count (spec/labels.md, "Precedence"): LabelInfo first; then properties, for
 * tenants and labels of which LabelInfo says nothing. What LabelInfo has no field for, such as the name, is
 * taken from the properties of the same label.
 */
export function decideLabels({ labelInfo, properties }: StatedLabels): readonly LabelMetadata[] {
  const stated = labelInfo === undefined ? [] : readLabelInfo(labelInfo);
  const byId = new Map(properties.map((label) => [label.id, label]));
  const settled = new Set<string | undefined>();
  for (const { id, siteId } of stated) {
    settled.add(id);
    if (siteId !== undefined) settled.add(siteId);
    // A label above one that counts is part of its statement; one that names another tenant is nobody's relative.
    const above = byId.get(byId.get(id)?.parentId ?? '');
    if (above?.siteId === undefined) settled.add(above?.id);
  }
  settled.delete(undefined);
  return Object.freeze([
    ...stated.map((label) => withProperties(label, byId.get(label.id))),
    ...properties.filter(({ id, siteId }) => !settled.has(id) && !settled.has(siteId)),
  ]);
}

function withProperties(label: LabelMetadata, properties: LabelMetadata | undefined): LabelMetadata {
  if (properties === undefined) return label;
  const { id, enabled, removed, siteId, method, contentBits } = label;
  return Object.freeze({ ...properties, id, enabled, removed, siteId, method, contentBits });
}
