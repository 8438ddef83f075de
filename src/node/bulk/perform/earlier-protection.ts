import { basename } from 'node:path';
import { containerFormats, extensionOf, pfileFormat } from '../../../container/index.ts';
import type { SealwrightError } from '../../../errors.ts';
import type { Inspection } from '../../../protection/index.ts';
import { inspectFile } from '../../inspect-file.ts';
import { outputPlace } from '../../output-place.ts';
import type { FileOutcome } from '../outcome.ts';
import type { FileTask } from '../task.ts';
import type { TaskContext } from '../task-context.ts';
import { factsBehind, factsOf, type NameFacts, protectedInRun, sameTimes } from './evidence.ts';
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
  const input = factsBehind(task.path);
  // In place, what is there still was not protected, whatever has the name that it would get.
  if (task.settings.inPlace && input !== undefined) return undefined;
  const original = await originalOf(task, context, input);
  const places =
    refusal.code === 'OUTPUT_EXISTS' ? [refusal.details.path ?? ''] : possiblePlaces(task, context);
  for (const output of places) {
    const facts = factsOf(output);
    const found = facts?.isFile ? await inspected(output, context) : undefined;
    if (facts === undefined || !found?.protected || !holds(found, original)) continue;
    const ours = protectedInRun(found, facts, task);
    if (input === undefined)
      return ours ? finishedEarlier(task, output, found, facts.size) : inPlaceOnly(task, found, output);
    if (!ours || !sameTimes(input, facts)) continue;
    return task.settings.durable === false ? 'again' : finishedEarlier(task, output, found, facts.size);
  }
  return undefined;
}

/** The document that is to be protected, as far as a protected file states of it; what is not known is `null`. */
interface Original {
  readonly extension: string | null;
  readonly size: number | null;
}

async function originalOf(
  { path, settings }: FileTask,
  context: TaskContext,
  input: NameFacts | undefined,
): Promise<Original> {
  if (settings.operation !== 'reprotect')
    return { extension: extensionOf(basename(path)), size: input?.size ?? null };
  const former = input && (await inspected(path, context));
  return { extension: former?.originalExtension ?? null, size: former?.originalSize ?? null };
}

/** A protected file states the size of its document, and a PFILE its extension. */
export const holds = (
  { format, originalExtension, originalSize }: Inspection,
  { extension, size }: Original,
): boolean =>
  (format !== 'pfile' ||
    originalExtension === null ||
    extension === null ||
    originalExtension === extension) &&
  (originalSize === null || size === null || originalSize === size);

/** A file that is gone while a protected one stands where it would be: the one who protected it has renamed it. */
const inPlaceOnly = (task: FileTask, found: Inspection, output: string): FileOutcome | undefined =>
  task.settings.inPlace ? notProtectedOnceMore(task, found, output) : undefined;

/** Where the protected file is, whichever format it got: that of a file that is gone can no longer be told. */
function possiblePlaces(task: FileTask, context: TaskContext): readonly string[] {
  const { operation, format: asked } = task.settings;
  const name = basename(task.path);
  const again = operation === 'reprotect';
  // Another format than the former one names a file that is protected anew as it names any.
  const document = again ? pfileFormat.originalName(name, undefined) : name;
  const options = placement(task, context);
  return containerFormats
    .filter((format) => asked === undefined || format.name === asked)
    .map((format) => format.protectedName(document))
    .map((made) => outputPlace(task.path, made, again ? undefined : 'protected', options).path);
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
