// Letters that take two cells of a terminal: East Asian ones, and pictures.
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const marks = /^\p{M}+$/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences of our own styles
const styles = /\u001b\[\d+m/g;
const letters = new Intl.Segmenter();

/** How many cells text takes on a terminal, as near as can be told without asking it. */
export function cellWidth(text: string): number {
  let cells = 0;
  for (const { segment } of letters.segment(text.replace(styles, ''))) cells += letterWidth(segment);
  return cells;
}

/** Text of at most `width` cells, with its middle left out if need be: of a path, beginning and end say most. */
export function shortenMiddle(text: string, width: number): string {
  if (width <= 0) return '';
  // No letter is longer than this in code units for practical purposes; the rest of a huge text is never looked at.
  const bounded = text.length > 4096 ? `${text.slice(0, 2048)}${text.slice(-2048)}` : text;
  const all = [...letters.segment(bounded)].map(({ segment }) => segment);
  const widths = all.map(letterWidth);
  if (bounded === text && widths.reduce((sum, each) => sum + each, 0) <= width) return text;
  const room = width - 1;
  let end = all.length;
  let taken = 0;
  while (end > 0 && taken + (widths[end - 1] ?? 0) <= Math.ceil(room * 0.6)) taken += widths[--end] ?? 0;
  let start = 0;
  while (start < end && taken + (widths[start] ?? 0) <= room) taken += widths[start++] ?? 0;
  return `${all.slice(0, start).join('')}…${all.slice(end).join('')}`;
}

function letterWidth(letter: string): number {
  if (wide.test(letter)) return 2;
  return marks.test(letter) ? 0 : 1;
}
