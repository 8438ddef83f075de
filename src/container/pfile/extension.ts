import { decodeUtf8 } from '../../bytes/index.ts';

/**
 * Characters that must not come from a stored extension into a file name: separators of paths, drives
 * and streams, wild cards, control and format characters (which hide or turn text), line breaks, private
 * and unassigned ones (spec/pfile.md, section 5.2).
 */
const unsafe = /[/\\:*?"<>|\p{C}\p{Zl}\p{Zp}]/u;

/** Characters after the dot. */
const longest = 32;

/** Whether `extension` is empty, or a dot and 1 to 32 harmless characters. */
export function isSafeExtension(extension: string): boolean {
  if (extension === '') return true;
  const characters = [...extension];
  return (
    characters[0] === '.' &&
    characters.length >= 2 &&
    characters.length <= 1 + longest &&
    !unsafe.test(extension) &&
    !/^\.[.\s]|[.\s]$/u.test(extension)
  );
}

/** The stored extension as text, if it is safe to use in a file name. */
export function safeExtension(stored: Uint8Array): string | undefined {
  let text: string;
  try {
    text = decodeUtf8(stored);
  } catch {
    return undefined;
  }
  return isSafeExtension(text) ? text : undefined;
}

/** Replaces by `_` what must not stand in a file name we make. */
export const safeName = (name: string): string =>
  [...name]
    .map((character) => (/[/\\\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(character) ? '_' : character))
    .join('');

/** A file name in two: `a.tar.gz` is `a.tar` and `.gz`; a name that only starts or ends with a dot has no extension. */
export function splitName(name: string): readonly [stem: string, extension: string] {
  const dot = name.lastIndexOf('.');
  return dot <= 0 || dot === name.length - 1 ? [name, ''] : [name.slice(0, dot), name.slice(dot)];
}

/**
 * The extension to store for a file of this name, with its dot; empty if it has none or one that is not
 * fit to be stored.
 *
 * @example
 * ```ts
 * extensionOf('Report.DOCX'); // '.DOCX'
 * ```
 */
export function extensionOf(name: string): string {
  const [, extension] = splitName(name);
  return isSafeExtension(extension) ? extension : '';
}
