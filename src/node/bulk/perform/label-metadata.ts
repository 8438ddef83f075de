import { basename } from 'node:path';
import type { ContainerName } from '../../../container/index.ts';
import {
  type CarriedLabels,
  changeLabelInfo,
  changeProperties,
  containerLabels,
  type LabelMetadata,
  labelsFromProperties,
  type NewLabel,
  readCarriedLabels,
} from '../../../label/index.ts';
import { chosenFormat } from '../../chosen-format.ts';
import { openFileSource } from '../../file-source.ts';
import type { FileTask } from '../task.ts';
import type { TaskContext } from '../task-context.ts';

/** The label of a task as it is written: a label without a date is set when the run begins, by each attempt alike. */
export const datedLabel = (label: NewLabel, { runStartedAt }: FileTask): NewLabel =>
  label.setDate === undefined ? { ...label, setDate: new Date(runStartedAt) } : label;

/**
 * What the protected file of a task states of labels if the task brings one: it takes the place of its tenant's, those of
 * other tenants go along as ever (spec/labels.md, "Through protection"). `undefined` without a label.
 */
export async function labelMetadata(
  task: FileTask,
  { signal }: TaskContext,
): Promise<Uint8Array | undefined> {
  const { path, settings } = task;
  if (settings.label === undefined) return undefined;
  const label = datedLabel(settings.label, task);
  const name = basename(path);
  const source = await openFileSource(path);
  try {
    const format = await chosenFormat(source, { name, format: settings.format, signal });
    return metadataOf(format.name, await readCarriedLabels(source, { name, signal }), label);
  } finally {
    await source.close();
  }
}

function metadataOf(format: ContainerName, inside: CarriedLabels, label: NewLabel): Uint8Array | undefined {
  const kept = othersThan(label, inside.labels);
  if (format === 'pfile' || format === 'pdf' || format === 'mail') {
    const labels = [...kept, ...labelsFromProperties(changeProperties([], { set: label }))];
    return containerLabels(format, { labelInfo: undefined, properties: labels, labels }).metadata;
  }
  let labelInfo = inside.labelInfo;
  for (const { id, siteId, method, contentBits } of kept)
    if (siteId !== undefined)
      labelInfo = changeLabelInfo(labelInfo, {
        set: { id, siteId, method: method === 'Privileged' ? method : 'Standard', contentBits },
      });
  return changeLabelInfo(labelInfo, { set: label });
}

/** The labels in force of other tenants, and the labels above them. */
function othersThan(label: NewLabel, labels: readonly LabelMetadata[]): readonly LabelMetadata[] {
  const site = label.siteId.toLowerCase();
  const others = labels.filter(({ siteId, enabled }) => enabled && siteId !== undefined && siteId !== site);
  const above = new Set(others.map(({ parentId }) => parentId));
  return labels.filter((each) => others.includes(each) || (each.siteId === undefined && above.has(each.id)));
}
