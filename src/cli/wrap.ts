import type { Terminal } from './terminal.ts';

/** Lines of an item that begins with a word of its own: on a terminal they end where it ends, and stand below each other. */
export function wrapItem(start: string, styled: string, text: string, out: Terminal): string[] {
  const width = out.interactive ? Math.max(20, out.columns - 1 - start.length) : Number.POSITIVE_INFINITY;
  return wrap(text, width).map((line, i) => (i === 0 ? styled : ' '.repeat(start.length)) + line);
}

/** Breaks text into lines of at most `width` characters, between words. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
