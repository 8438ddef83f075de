import { existsSync, lstatSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { WaitOptions } from '../bytes/index.ts';
import { detectionBytes, extensionOf, pfileFormat } from '../container/index.ts';
import { type Inspection, inspect } from '../protection/index.ts';
import { fileError } from './file-error.ts';
import { type FileSource, openFileSource } from './file-source.ts';
import { isSecondName, settleName } from './place-file.ts';
import { syncFolder } from './sync-folder.ts';

/**
 * What an interrupted run in place leaves is a protected file under its plain name (spec/files.md, "In
 * place"). If `source` is that, tells what it holds.
 */
export async function halfProtected(
  source: FileSource,
  options: WaitOptions,
): Promise<Inspection | undefined> {
  const name = basename(source.path);
  const read = source.read(0, detectionBytes, options);
  if (!pfileFormat.detect(read instanceof Promise ? await read : read)) return undefined;
  // By the extension alone: other characters of a name may be ones that no new name gets.
  const bare = `name${extensionOf(name)}`;
  if (pfileFormat.originalName(bare, undefined) !== bare) return undefined;
  const found = await inspect(source, options);
  const stored = found.originalExtension ?? '';
  return stored === extensionOf(name) ? found : undefined;
}

/** Gives the file the name that the interrupted run did not come to give it. */
export async function finishName(
  source: FileSource,
  renamed: string,
  overwrite: boolean,
  durable: boolean,
): Promise<void> {
  try {
    await source.close();
    settleName(source.path, renamed, overwrite);
  } catch (error) {
    throw fileError(error, { action: 'replace', path: renamed });
  }
  if (durable) await syncFolder(dirname(renamed));
}

/**
 * The path to open in place: `path`, or, if an interrupted run gave the file its plain name already, that
 * one. Where the move between the two stopped half-way, it is finished.
 */
export async function pathToOpenInPlace(path: string, options: WaitOptions): Promise<string> {
  const plain = join(dirname(path), pfileFormat.originalName(basename(path), undefined));
  if (plain === path) return path;
  try {
    // As a rule there is nothing under the plain name, and that is all there is to look at.
    if (lstatSync(plain, { throwIfNoEntry: false }) === undefined) return path;
    if (existsSync(path)) {
      if (isSecondName(path, plain)) settleName(plain, path, false);
      return path;
    }
  } catch (error) {
    throw fileError(error, { action: 'replace', path });
  }
  const source = await openFileSource(plain);
  try {
    return (await halfProtected(source, options)) === undefined ? path : plain;
  } finally {
    await source.close();
  }
}
