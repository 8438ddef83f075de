import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { extensionOf, pfileFormat } from '../../../container/index.ts';
import type { Inspection } from '../../../protection/index.ts';
import { inspectFile } from '../../inspect-file.ts';
import { isTemporaryName } from '../../temporary-name.ts';
import type { FileOutcome } from '../outcome.ts';
import type { FileTask } from '../task.ts';
import type { TaskContext } from '../task-context.ts';
import { changedInRun, factsBehind, factsOf, sameTimes } from './evidence.ts';
import { isProtectedName } from './not-protected.ts';
import { done } from './settle.ts';

/** What is known of a protected file that is there still, for telling whether an opened one was made from it. */
export interface FormerContent {
  readonly size: number | undefined;
  readonly contentId: string | null;
}

/**
 * Whether the file at `output` is what an earlier attempt of this run opened `task.path` into: it appeared since the
 * run began, is not protected, and has the times and the size of its original.
 */
export async function openedEarlier(
  task: FileTask,
  context: TaskContext,
  output: string,
  former?: FormerContent | undefined,
): Promise<FileOutcome | 'again' | undefined> {
  const facts = factsOf(output);
  const input = factsBehind(task.path);
  if (facts === undefined || input === undefined || !changedInRun(facts, task)) return undefined;
  const { size, contentId } = former ?? (await formerContent(task, context));
  if (!sameTimes(input, facts) || (size !== undefined && size !== facts.size)) return undefined;
  if ((await inspected(output, context.signal))?.protected !== false) return undefined;
  if (task.settings.durable === false) return 'again';
  return done(task, {
    output,
    contentId: contentId ?? undefined,
    bytesIn: input.size,
    bytesOut: facts.size,
    finishedEarlier: true,
  });
}

/**
 * What an earlier attempt in place made of a protected file that has no such name any more, or is not protected any
 * more. Which license it had, nobody can tell by now. If it only got its plain name, that path: there the work goes on.
 */
export async function openedInPlace(
  task: FileTask,
  { signal }: TaskContext,
): Promise<FileOutcome | { readonly goOnAt: string } | undefined> {
  for (const output of possibleNames(task.path)) {
    const facts = factsOf(output);
    if (facts === undefined || !changedInRun(facts, task)) continue;
    const found = await inspected(output, signal);
    if (found?.protected === false)
      return done(task, { output, bytesOut: facts.size, finishedEarlier: true });
    const stored = found?.originalExtension ?? '';
    if (found !== undefined && output !== task.path && stored === extensionOf(basename(output)))
      return { goOnAt: output };
  }
  return undefined;
}

/**
 * Names a file may have after its protection was removed: its own, the usual one, and those the folder has that come
 * of the stored extension, which is gone with the protected file.
 */
function possibleNames(path: string): readonly string[] {
  const [folder, name] = [dirname(path), basename(path)];
  if (factsOf(path) !== undefined) return isProtectedName(name) ? [] : [path];
  const usual = join(folder, pfileFormat.originalName(name, undefined));
  if (factsOf(usual) !== undefined) return [usual];
  const others = namesIn(folder).filter(
    (other) => !isTemporaryName(other) && pfileFormat.originalName(name, extensionOf(other)) === other,
  );
  return others.length === 1 ? others.map((other) => join(folder, other)) : [];
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** What cannot be read is none of ours. */
async function inspected(path: string, signal: AbortSignal | undefined): Promise<Inspection | undefined> {
  try {
    return await inspectFile(path, { signal });
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}

async function formerContent({ path }: FileTask, { signal }: TaskContext): Promise<FormerContent> {
  const { originalSize, contentId } = await inspectFile(path, { signal });
  return { size: originalSize ?? undefined, contentId };
}
