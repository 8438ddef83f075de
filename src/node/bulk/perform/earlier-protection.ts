import { basename } from 'node:path';
import { type ContainerFormat, containerFormats, extensionOf } from '../../../container/index.ts';
import type { SealwrightError } from '../../../errors.ts';
import type { Inspection } from '../../../protection/index.ts';
import { inspectFile } from '../../inspect-file.ts';
import { outputPlace } from '../../output-place.ts';
import type { FileOutcome } from '../outcome.ts';
import type { FileTask } from '../task.ts';
import type { TaskContext } from '../task-context.ts';
import { factsOf, type NameFacts, protectedInRun, sameTimes } from './evidence.ts';
import { placement } from './placement.ts';
import { finishedEarlier, notProtectedOnceMore } from './protected-already.ts';

/**
 * What an earlier attempt made of a file that cannot be protected now, because it is gone or the place of the new one is
 * taken. `again` if what is there is ours and may not have reached the disk whole; `undefined` if it is none of ours.
 */
export async function protectionFromEarlier(
  task: FileTask,
  context: TaskContext,
  refusal: SealwrightError,
): Promise<FileOutcome | 'again' | undefined> {
  const input = factsOf(task.path);
  // In place, what is there still was not protected, whatever has the name that it would get.
  if (task.settings.inPlace && input !== undefined) return undefined;
  const places =
    refusal.code === 'OUTPUT_EXISTS' ? [refusal.details.path ?? ''] : possiblePlaces(task, context);
  for (const output of places) {
    const facts = factsOf(output);
    const found = facts?.isFile ? await inspected(output, context) : undefined;
    if (facts === undefined || !found?.protected || !isOf(task, found)) continue;
    if (input === undefined)
      return protectedInRun(found, facts, task)
        ? finishedEarlier(task, output, found, facts.size)
        : inPlaceOnly(task, found, output);
    if (!protectedInRun(found, facts, task) || !isMadeFrom(input, found, facts)) continue;
    return task.settings.durable === false ? 'again' : finishedEarlier(task, output, found, facts.size);
  }
  return undefined;
}

/** A file that is gone while a protected one stands where it would be: the one who protected it has renamed it. */
const inPlaceOnly = (task: FileTask, found: Inspection, output: string): FileOutcome | undefined =>
  task.settings.inPlace ? notProtectedOnceMore(task, found, output) : undefined;

/** Where the protected file is, whichever format it got: that of a file that is gone can no longer be told. */
function possiblePlaces(task: FileTask, context: TaskContext): readonly string[] {
  const name = basename(task.path);
  const wanted = ({ name: format }: ContainerFormat) =>
    task.settings.format === undefined || format === task.settings.format;
  return containerFormats
    .filter(wanted)
    .map(
      (format) =>
        outputPlace(task.path, format.protectedName(name), 'protected', placement(task, context)).path,
    );
}

/** What cannot be read is none of ours. */
async function inspected(path: string, { signal }: TaskContext): Promise<Inspection | undefined> {
  try {
    return await inspectFile(path, { signal });
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}

/** A PFILE stores the extension of its original. */
const isOf = ({ path }: FileTask, { format, originalExtension }: Inspection): boolean =>
  format !== 'pfile' || originalExtension === null || originalExtension === extensionOf(basename(path));

/** A protected file has the times of its original, and states its size. */
const isMadeFrom = (input: NameFacts, { originalSize }: Inspection, output: NameFacts): boolean =>
  sameTimes(input, output) && (originalSize === null || originalSize === input.size);
