import { readSmallFile } from './read-file.ts';
import { usageError } from './usage-error.ts';

/** Bytes; a text that people read in front of a document is much shorter. */
const mostBytes = 64 * 1024;

/** Anything but tabs and ends of lines that text does not hold. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/**
 * Reads a text that an option names: UTF-8, with or without a mark, and not empty.
 *
 * @param option for the refusal
 */
export async function readTextFile(path: string, option: string): Promise<string> {
  const bytes = await readSmallFile(path, mostBytes);
  const text = decoded(bytes);
  if (text === undefined || controls.test(text)) {
    throw usageError(`${option} takes a text in UTF-8, and ${path} is none: save it as such.`);
  }
  if (text.trim() === '') throw usageError(`${option} takes a text, and ${path} is empty.`);
  return text;
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
