import { readSync } from 'node:fs';
import { longestLine } from './journal-line.ts';

/** One line of a file, without its end. */
export interface ScannedLine {
  /** From 1. */
  readonly number: number;
  /** Where it begins and where the next one does. */
  readonly offset: number;
  readonly next: number;
  /** `undefined` if it is longer than any of ours. */
  readonly text: string | undefined;
}

const chunkBytes = 1024 * 1024;
const lineFeed = 0x0a;

/** The lines of an open file that have an end, in order, from its first byte to `length`. Memory is bounded whatever is in it. */
export function* scanLines(descriptor: number, length: number): Generator<ScannedLine, void, undefined> {
  const chunk = Buffer.allocUnsafe(chunkBytes);
  let parts: Buffer[] = [];
  let held = 0;
  let begin = 0;
  let number = 0;
  for (let position = 0; position < length; ) {
    const got = readSync(descriptor, chunk, 0, Math.min(chunkBytes, length - position), position);
    if (got === 0) return;
    let from = 0;
    for (;;) {
      const at = chunk.subarray(0, got).indexOf(lineFeed, from);
      const part = chunk.subarray(from, at < 0 ? got : at);
      held += part.length;
      if (at < 0) {
        if (held <= longestLine) parts.push(Buffer.from(part));
        else parts = [];
        break;
      }
      const isTooLong = held > longestLine;
      const text = isTooLong
        ? undefined
        : parts.length === 0
          ? part.toString('utf8')
          : Buffer.concat([...parts, part]).toString('utf8');
      const next = position + at + 1;
      yield { number: ++number, offset: begin, next, text };
      begin = next;
      parts = [];
      held = 0;
      from = at + 1;
    }
    position += got;
  }
}
