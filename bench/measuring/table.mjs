// Plain tables, and the few statistics they show.

/** The middle one; of an even number, the mean of the two in the middle. */
export function median(list) {
  const sorted = list.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** What stands at a share of the sorted list: 0.5 is the median. */
export function quantile(list, share) {
  const sorted = list.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** Line through points by least squares: its slope, and the slope's standard error. */
export function lineThrough(points) {
  const n = points.length;
  if (n < 3) return { slope: 0, error: Number.POSITIVE_INFINITY };
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n;
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  if (spread === 0) return { slope: 0, error: Number.POSITIVE_INFINITY };
  const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
  const rest = points.reduce((sum, [x, y]) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0);
  return { slope, error: Math.sqrt(rest / (n - 2) / spread) };
}

export const number = (value, digits = 0) => (value === undefined ? '' : value.toFixed(digits));
export const megabytes = (bytes) => number(bytes === undefined ? undefined : bytes / 1e6);

/** A Markdown table whose columns are aligned for the terminal too: text left, figures right. */
export function table(head, rows) {
  const cells = rows.map((row) => row.map((cell) => String(cell ?? '')));
  const widths = head.map((title, n) => Math.max(title.length, 3, ...cells.map((row) => row[n].length)));
  const figures = head.map((_, n) => n > 0 && cells.every((row) => /^[-+.,\d %x]*$/.test(row[n])));
  const line = (row) =>
    `| ${row.map((cell, n) => (figures[n] ? cell.padStart(widths[n]) : cell.padEnd(widths[n]))).join(' | ')} |`;
  const rule = widths.map((width, n) => (figures[n] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  return [line(head), `| ${rule.join(' | ')} |`, ...cells.map(line)].join('\n');
}
