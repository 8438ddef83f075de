import { pick } from '../mutate.ts';
import type { Random } from '../random.ts';

/** A file as text, one character for each byte. */
export const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');

export const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

/** One of the places where `pattern` (global) matches, what matched, and its groups. */
export function anyMatch(text: string, pattern: RegExp, random: Random): RegExpExecArray | undefined {
  const found = [...text.matchAll(pattern)];
  return found.length === 0 ? undefined : (pick(found, random) as RegExpExecArray);
}

/** The text with `match` replaced. */
export const replaced = (text: string, { index, 0: { length } }: RegExpExecArray, by: string): string =>
  text.slice(0, index) + by + text.slice(index + length);

/** One of `ways` that finds something to change, tried in an order of chance. */
export function oneOf<T>(ways: readonly (() => T | undefined)[], random: Random): T | undefined {
  const first = random(ways.length);
  for (let i = 0; i < ways.length; i++) {
    const result = ways[(first + i) % ways.length]?.();
    if (result !== undefined) return result;
  }
  return undefined;
}
