import { SealwrightError } from '../../../errors.ts';
import type { LicensingService } from '../../../licensing/index.ts';
import type { PolicyChoice } from '../../../protection/index.ts';
import type { FileTask } from '../task.ts';
import type { TaskContext } from '../task-context.ts';
import { placement } from './placement.ts';

/** Who is asked for licenses. A run without a service can only inspect and label. */
export function serviceOf(
  { path, settings: { operation } }: FileTask,
  context: TaskContext,
): LicensingService {
  if (context.service !== undefined) return context.service;
  throw new SealwrightError(
    'INVALID_ARGUMENT',
    `No licensing service was given, and to ${operation} ${path} takes one: give the run a service.`,
    { path },
  );
}

/** The policy or the template of a task; exactly one. */
export function choiceOf({ path, settings: { policy, template } }: FileTask): PolicyChoice {
  if (policy !== undefined && template === undefined) return { policy };
  if (template !== undefined && policy === undefined) return { template };
  throw new SealwrightError(
    'INVALID_ARGUMENT',
    `The task for ${path} needs either a policy or a template, and not both: say in the run's options or rules which.`,
    { path },
  );
}

/** What protecting and reprotecting one file take alike. The owner stands apart: it may have to be looked up. */
export function publishOptions(task: FileTask, context: TaskContext) {
  const { interop, cipherMode, format } = task.settings;
  return {
    ...choiceOf(task),
    ...placement(task, context),
    service: serviceOf(task, context),
    interop,
    cipherMode,
    format,
    signal: context.signal,
    carrier: context.carrier,
  };
}
