import { statSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { type OpenedFile, openFile } from '../../open-file.ts';
import type { FileOutcome, OutputFacts } from '../outcome.ts';
import type { FileTask } from '../task.ts';
import type { TaskContext } from '../task-context.ts';
import { openedEarlier } from './earlier-content.ts';
import { notProtected } from './not-protected.ts';
import { placement } from './placement.ts';
import { isRefusal } from './refusal.ts';
import { serviceOf } from './service-options.ts';
import { done } from './settle.ts';

/** Opens one file into the output folder, if the rights that the run requires are granted. */
export async function openTask(task: FileTask, context: TaskContext): Promise<FileOutcome> {
  const { path, settings } = task;
  const { mailAs } = settings;
  const { signal, carrier } = context;
  let file: OpenedFile;
  try {
    file = await openFile(path, { service: serviceOf(task, context), mailAs, signal, carrier });
  } catch (error) {
    if (isRefusal(error, 'NOT_PROTECTED')) return notProtected(task, error);
    throw error;
  }
  try {
    for (const right of settings.require ?? []) file.require(right);
    return await saved(task, context, file);
  } finally {
    await file.close();
  }
}

async function saved(task: FileTask, context: TaskContext, file: OpenedFile): Promise<FileOutcome> {
  const { out = dirname(task.path), ...options } = placement(task, context);
  const save = async (overwrite = options.overwrite): Promise<FileOutcome> => {
    const { mode, durable, flush } = options;
    const output = await file.saveTo(`${out}${sep}`, { mode, durable, flush, overwrite });
    return done(task, {
      output,
      contentId: file.contentId,
      bytesIn: statSync(task.path).size,
      bytesOut: statSync(output).size,
      facts: factsAbout(file),
    });
  };
  try {
    return await save();
  } catch (error) {
    if (!task.resumed || !isRefusal(error, 'OUTPUT_EXISTS')) throw error;
    const earlier = await openedEarlier(task, context, error.details.path ?? '', file);
    if (earlier === undefined) throw error;
    return earlier === 'again' ? save(true) : Object.freeze({ ...earlier, facts: factsAbout(file) });
  }
}

const factsAbout = (file: OpenedFile): OutputFacts =>
  Object.freeze({
    format: file.format,
    formatVersion: file.formatVersion,
    cipherMode: file.cipherMode,
    rights: file.rights,
    issuedTo: file.issuedTo,
    owner: file.owner,
    templateId: file.templateId,
    authenticated: file.authenticated,
    contentValidUntil: file.contentValidUntil?.toISOString(),
    licenseValidUntil: file.licenseValidUntil?.toISOString(),
    onlineOnly: file.onlineOnly,
  });
