import { changeLabels, type LabelChange, type NewLabel, readLabels } from '../../../label/index.ts';
import { changeFileLabels } from '../../file-labels.ts';
import { openFileSource } from '../../file-source.ts';
import type { FileOutcome } from '../outcome.ts';
import type { FileTask, TaskSettings } from '../task.ts';
import type { TaskContext } from '../task-context.ts';
import { changedInRun, factsOf } from './evidence.ts';
import { datedLabel } from './label-metadata.ts';
import { placement } from './placement.ts';
import { isRefusal } from './refusal.ts';
import { done, skipped } from './settle.ts';

/** What setting a label comes down to for one file. */
export interface LabelDecision {
  readonly change: LabelChange;
  /** Whether the file says all of it already. */
  readonly stated: boolean;
}

/** Whether a label is all that files get. */
export const onlyLabels = ({ label, policy, template, messagePolicy }: TaskSettings): boolean =>
  label !== undefined && policy === undefined && template === undefined && messagePolicy === undefined;

/** Sets a label on one file and nothing else: on the file itself, or on a copy in the output folder. */
export async function labelTask(task: FileTask, label: NewLabel, context: TaskContext): Promise<FileOutcome> {
  const { path, resumed } = task;
  const { signal } = context;
  const { change, stated } = await decideLabel(path, task, label, context);
  if (stated) return labelledAlready(task);
  const { inPlace: _, ...options } = placement(task, context);
  try {
    const made = await changeFileLabels(path, change, { ...options, signal });
    if (!made.changed) return labelledAlready(task);
    const { bytesIn, bytesOut, otherNames } = made;
    return done(task, { output: made.path, bytesIn, bytesOut, facts: Object.freeze({ otherNames }) });
  } catch (error) {
    const output = isRefusal(error, 'OUTPUT_EXISTS') ? error.details.path : undefined;
    const facts = output === undefined ? undefined : factsOf(output);
    if (!resumed || output === undefined || facts === undefined || !changedInRun(facts, task)) throw error;
    if (!(await decideLabel(output, task, label, context)).stated) throw error;
    return done(task, { output, bytesOut: facts.size, finishedEarlier: true });
  }
}

/**
 * What is to be written into the file at `path`. A label that it has got its date then: setting it once more does not
 * make that later.
 *
 * @throws SealwrightError `UNSUPPORTED_FORMAT` for a file of a kind that keeps no labels
 */
export async function decideLabel(
  path: string,
  task: FileTask,
  label: NewLabel,
  { signal }: TaskContext,
): Promise<LabelDecision> {
  const source = await openFileSource(path);
  try {
    const dated = datedLabel(label, task);
    const there = (await readLabels(source, { name: path, signal })).find(
      ({ id, siteId, enabled }) =>
        enabled && id === label.id.toLowerCase() && siteId === label.siteId.toLowerCase(),
    );
    const since = new Date(there?.setDate ?? Number.NaN);
    const setDate = label.setDate ?? (since.getTime() >= 0 ? since : dated.setDate);
    const change = { set: { ...dated, setDate } };
    const changed = await changeLabels(source, change, { name: path, signal });
    return { change, stated: changed === source };
  } finally {
    await source.close();
  }
}

/** The label is there: since an earlier attempt of this run, or all along. */
function labelledAlready(task: FileTask): FileOutcome {
  const { path, resumed, settings } = task;
  const facts = factsOf(path);
  if (!resumed || settings.out !== undefined || facts === undefined || !changedInRun(facts, task))
    return skipped(task, 'labelled-as-asked');
  return done(task, { output: path, bytesOut: facts.size, finishedEarlier: true });
}
