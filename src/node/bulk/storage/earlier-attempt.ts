import { containerFormats, extensionOf } from '../../../container/index.ts';
import { type Inspection, inspect, open } from '../../../protection/index.ts';
import type { FileOutcome } from '../outcome.ts';
import { holds } from '../perform/earlier-protection.ts';
import { hasTemplate } from '../perform/evidence.ts';
import { finishedEarlier } from '../perform/protected-already.ts';
import { isRefusal } from '../perform/refusal.ts';
import { done } from '../perform/settle.ts';
import type { FileTask } from '../task.ts';
import type { TaskContext } from '../task-context.ts';
import type { FileStorage, StoredSource } from './file-storage.ts';
import type { StoredTask } from './perform-stored-task.ts';
import { isContent } from './same-content.ts';
import { nameOf, storedOutput } from './stored-path.ts';
import { withOpened } from './write-stored.ts';

/** How far the clock of a licensing service may be behind, and the minute that licenses are rounded down to. */
const patience = 6 * 60_000;

/**
 * If an earlier attempt of this run stored the protected file already, says so; in place, the original that it had not
 * come to remove goes now.
 */
export async function finishProtected(stored: StoredTask): Promise<FileOutcome | undefined> {
  const { task, context, storage, source } = stored;
  const made = await protectedEarlier(task, context, storage, source);
  if (made !== undefined && task.settings.inPlace && made.output !== task.path) await storage.remove(source);
  return made;
}

/** The same where a file was opened: what is there under the opened name is its content, to the byte. */
export async function finishOpened(stored: StoredTask): Promise<FileOutcome | undefined> {
  const { task, context, storage, source, found } = stored;
  if (!task.resumed || task.settings.overwrite) return undefined;
  for (const format of containerFormats) {
    const name = format.originalName(nameOf(task.path), found.originalExtension ?? undefined);
    const output = storedOutput(task, name, 'unprotected');
    const made = output === task.path ? undefined : await opened(storage, output);
    if (made === undefined) continue;
    try {
      if (!(await withOpened(stored, (content) => isContent(content, made, context)))) continue;
    } finally {
      await made.close();
    }
    if (task.settings.inPlace) await storage.remove(source);
    return done(task, { output, bytesIn: source.size, bytesOut: made.size, finishedEarlier: true });
  }
  return undefined;
}

/** A file that is gone, because an earlier attempt had put the new one in its place and only could not say so. */
export async function lostInput(
  task: FileTask,
  context: TaskContext,
  storage: FileStorage,
): Promise<FileOutcome | undefined> {
  const { operation, inPlace } = task.settings;
  if (!task.resumed || !inPlace) return undefined;
  if (operation === 'protect') return protectedEarlier(task, context, storage);
  if (operation !== 'unprotect') return undefined;
  for (const format of containerFormats) {
    const output = storedOutput(task, format.originalName(nameOf(task.path), undefined), 'unprotected');
    const made = output === task.path ? undefined : await opened(storage, output);
    if (made === undefined) continue;
    await made.close();
    return done(task, { output, bytesOut: made.size, finishedEarlier: true });
  }
  return undefined;
}

async function protectedEarlier(
  task: FileTask,
  context: TaskContext,
  storage: FileStorage,
  original?: StoredSource | undefined,
): Promise<FileOutcome | undefined> {
  if (!task.resumed) return undefined;
  for (const format of containerFormats) {
    const output = storedOutput(task, format.protectedName(nameOf(task.path)), 'protected');
    const source = output === task.path ? undefined : await opened(storage, output);
    if (source === undefined) continue;
    try {
      const found = await inspect(source, { signal: context.signal });
      if (!protectedInThisRun(found, task)) continue;
      if (original !== undefined && !(await wasMadeFrom(original, source, found, context))) continue;
      return finishedEarlier(task, output, found, source.size);
    } finally {
      await source.close();
    }
  }
  return undefined;
}

/** Whether a protected file was made from `original`: as far as it states of it, and to the byte if it may be opened. */
async function wasMadeFrom(
  original: StoredSource,
  made: StoredSource,
  found: Inspection,
  context: TaskContext,
): Promise<boolean> {
  if (!holds(found, { extension: extensionOf(nameOf(original.path)), size: original.size })) return false;
  const { service, signal } = context;
  if (service === undefined) return false;
  try {
    const content = await open(made, { service, signal });
    try {
      return await isContent(content, original, context);
    } finally {
      content.close();
    }
  } catch (error) {
    // Whoever protects for somebody else may not open what came of it.
    if (isRefusal(error, 'ACCESS_DENIED')) return true;
    throw error;
  }
}

/** Whether a protected file is what an earlier attempt of this run made: as asked, and not licensed before it began. */
export function protectedInThisRun(found: Inspection, task: FileTask): boolean {
  const asAsked = task.settings.template === undefined ? found.templateId === null : hasTemplate(found, task);
  const issuedAt = Date.parse(found.issuedAt ?? '');
  return task.resumed && found.protected && asAsked && issuedAt >= Date.parse(task.runStartedAt) - patience;
}

/** What is stored under this name, or `undefined` if nothing is. */
const opened = (storage: FileStorage, path: string): Promise<StoredSource | undefined> =>
  storage.open(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'FILE_NOT_FOUND') return undefined;
    throw error;
  });
