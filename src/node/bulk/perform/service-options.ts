import type { ByteSource } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import type { LicensingService } from '../../../licensing/index.ts';
import type { PolicyChoice } from '../../../protection/index.ts';
import { openFileSource } from '../../file-source.ts';
import { policyOfMessage } from '../message-policy.ts';
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

/**
 * The policy or the template of a task; exactly one.
 *
 * @param content of the file, if it is open; else it is read where the policy goes by what it says
 * @returns `undefined` for a file that is no message where the policy goes by whom a message is sent to
 */
export async function choiceOf(
  { path, settings }: FileTask,
  { signal }: TaskContext,
  content?: ByteSource,
): Promise<PolicyChoice | undefined> {
  const { policy, template, messagePolicy } = settings;
  const given = [policy, template, messagePolicy].filter((each) => each !== undefined).length;
  if (given === 1 && policy !== undefined) return { policy };
  if (given === 1 && template !== undefined) return { template };
  if (given === 1 && messagePolicy !== undefined) {
    const source = content ?? (await openFileSource(path));
    try {
      const said = await policyOfMessage(source, path, messagePolicy, { signal });
      return said && { policy: said };
    } finally {
      if (source !== content) await source.close?.();
    }
  }
  throw new SealwrightError(
    'INVALID_ARGUMENT',
    `The task for ${path} needs one of a policy, a template and a message policy, and no more: say in the run's options or rules which.`,
    { path },
  );
}

/** What protecting and reprotecting one file take alike. The owner stands apart: it may have to be looked up. */
export function publishOptions(task: FileTask, context: TaskContext, choice: PolicyChoice) {
  const { interop, cipherMode, format, documentSettings } = task.settings;
  return {
    ...choice,
    ...placement(task, context),
    service: serviceOf(task, context),
    interop,
    cipherMode,
    format,
    settings: documentSettings,
    signal: context.signal,
    carrier: context.carrier,
  };
}
