import { textOf } from './characters.ts';

const slots = 4096;
/** Texts that are longer are seldom met twice. */
const longest = 32;

/** Names and numbers that were read lately: documents have few different ones, and each many times. */
const kept: (string | undefined)[] = new Array(slots).fill(undefined);

/** {@link textOf}, mostly without making a new text. */
export function internedText(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > longest) return textOf(bytes, start, end);
  let hash = 0;
  for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (bytes[at] as number)) | 0;
  const slot = (hash ^ (hash >>> 12)) & (slots - 1);
  const known = kept[slot];
  if (known !== undefined && isText(known, bytes, start, end)) return known;
  const text = textOf(bytes, start, end);
  kept[slot] = text;
  return text;
}

function isText(text: string, bytes: Uint8Array, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}
