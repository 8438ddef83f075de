import type { ByteSink } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import {
  type OpenedContent,
  open,
  type ProtectedContent,
  type ProtectOptions,
  protect,
  removeProtection,
  reprotect,
} from '../../../protection/index.ts';
import type { FileOutcome } from '../outcome.ts';
import { notMessage } from '../perform/not-a-message.ts';
import { choiceOf, serviceOf } from '../perform/service-options.ts';
import { done } from '../perform/settle.ts';
import type { StoredTask } from './perform-stored-task.ts';
import { nameOf, storedOutput } from './stored-path.ts';

/** Protects the file that is open and stores the result. */
export const writeProtected = async (stored: StoredTask): Promise<FileOutcome> =>
  published(stored, async (options) => storeProtected(stored, await protect(stored.source, options)));

/** Gives the file that is open another policy. Its name stays. */
export const writeReprotected = (stored: StoredTask): Promise<FileOutcome> =>
  published(stored, async (options) => {
    const content = await reprotect(stored.source, options);
    return storeProtected(stored, { ...content, name: nameOf(stored.task.path) });
  });

async function published(
  stored: StoredTask,
  publish: (options: ProtectOptions) => Promise<FileOutcome>,
): Promise<FileOutcome> {
  const { task, context, source } = stored;
  const choice = await choiceOf(task, context, source);
  return choice === undefined ? notMessage(task) : publish({ ...protectOptions(stored), ...choice });
}

async function storeProtected(stored: StoredTask, content: ProtectedContent): Promise<FileOutcome> {
  const { task, context, source } = stored;
  try {
    const output = storedOutput(task, content.name ?? nameOf(task.path), 'protected');
    const bytesOut = await store(stored, output, content.size, (sink) => content.writeTo(sink, context));
    const { contentId, format, formatVersion, cipherMode } = content;
    const facts = { format, formatVersion, cipherMode };
    return done(task, { output, contentId, bytesIn: source.size, bytesOut, facts });
  } finally {
    content.discard();
  }
}

/**
 * Opens the file, for `unprotect` by those who may take its protection off, has `use` do something with its content, and
 * closes it.
 */
export async function withOpened<Result>(
  { task, context, source }: StoredTask,
  use: (content: OpenedContent) => Promise<Result>,
): Promise<Result> {
  const { operation, require = [], mailAs } = task.settings;
  const options = {
    service: serviceOf(task, context),
    name: nameOf(task.path),
    mailAs,
    signal: context.signal,
  };
  const content: OpenedContent = await (operation === 'open' ? open : removeProtection)(source, options);
  try {
    for (const right of require) content.require(right);
    return await use(content);
  } finally {
    content.close();
  }
}

/** Opens the file and stores its content. */
export const writeOpened = (stored: StoredTask): Promise<FileOutcome> =>
  withOpened(stored, async (content) => {
    const { task, context, source } = stored;
    const output = storedOutput(task, content.name ?? nameOf(task.path), 'unprotected');
    const bytesOut = await store(stored, output, content.size, (sink) => content.writeTo(sink, context));
    const { contentId, rights, issuedTo, owner, templateId, authenticated } = content;
    const facts = { rights, issuedTo, owner, templateId, authenticated };
    return done(task, { output, contentId, bytesIn: source.size, bytesOut, facts });
  });

/** Writes the new file and, in place under another name, then removes the old one. */
async function store(
  { task, context, storage, source }: StoredTask,
  output: string,
  expectedSize: number | undefined,
  write: (sink: ByteSink) => Promise<number>,
): Promise<number> {
  const { inPlace, overwrite } = task.settings;
  const { signal } = context;
  const replaces = inPlace && output === task.path ? source : undefined;
  const size = await storage.write(output, write, { signal, overwrite, replaces, expectedSize });
  if (inPlace && replaces === undefined) await storage.remove(source);
  return size;
}

function protectOptions(stored: StoredTask) {
  const { task, context } = stored;
  const { interop, cipherMode, format, documentSettings, owner } = task.settings;
  if (owner === 'file')
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      'A storage does not say whose its files are: name an owner, or leave the option out.',
    );
  return {
    service: serviceOf(task, context),
    name: nameOf(task.path),
    signal: context.signal,
    interop,
    cipherMode,
    format,
    settings: documentSettings,
    owner,
  };
}
