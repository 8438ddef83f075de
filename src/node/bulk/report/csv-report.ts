import type { FileOutcome } from '../outcome.ts';

/** The columns, in order (spec/cli.md, "Reports"). */
export const csvColumns = [
  'number',
  'status',
  'path',
  'output',
  'reason',
  'error',
  'message',
  'rule',
  'contentId',
  'bytesIn',
  'bytesOut',
  'milliseconds',
  'finishedEarlier',
] as const;

/** Tells spreadsheets that the text is UTF-8; without it they take it for the system's old code page. */
const byteOrderMark = '\ufeff';

// What a spreadsheet takes for a formula, a command, or what hides one from a look at it. A leading apostrophe is
// among them so that whoever reads the file can take off the one that was put there.
const active = /^[\s\p{Cc}'=+\-@\uff1d\uff0b\uff0d\uff20]/u;

/** One cell: text stays text in a spreadsheet, and whatever is in it, it stays one cell (RFC 4180). */
export function csvCell(value: string | number | boolean | undefined): string {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  if (typeof value !== 'string') return value ? 'true' : '';
  const text = active.test(value) ? `'${value}` : value;
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A line a file, with a heading, in UTF-8. */
export async function* csvReport(outcomes: AsyncIterable<FileOutcome>): AsyncGenerator<string> {
  yield `${byteOrderMark}${csvColumns.join(',')}\r\n`;
  for await (const outcome of outcomes) yield `${csvCells(outcome).map(csvCell).join(',')}\r\n`;
}

const csvCells = (outcome: FileOutcome): (string | number | boolean | undefined)[] => [
  outcome.number,
  outcome.status,
  outcome.path,
  outcome.output,
  outcome.reason,
  outcome.error?.code,
  outcome.error?.message,
  outcome.rule,
  outcome.contentId,
  outcome.bytesIn,
  outcome.bytesOut,
  outcome.milliseconds === undefined ? undefined : Math.round(outcome.milliseconds * 10) / 10,
  outcome.finishedEarlier,
];
