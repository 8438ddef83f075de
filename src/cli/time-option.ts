import { usageError } from './usage-error.ts';

const dateOnly = /^(\d{4})-(\d{2})-(\d{2})$/;
const timestamp = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?$/;
const relative = /^\+(\d{1,6})([dh])$/;
const hour = 3_600_000;

/**
 * Reads a time as people type it: a date, a date and time (local unless it names a zone), or `+30d`, `+12h`
 * from now. A date alone is its first moment, or with `edge: 'end'` the moment it is over, in local time.
 */
export function parseTime(text: string, option: string, edge: 'start' | 'end', now = new Date()): Date {
  const day = dateOnly.exec(text);
  if (day) {
    const [year, month, date] = [Number(day[1]), Number(day[2]) - 1, Number(day[3])];
    const start = new Date(year, month, date);
    if (start.getMonth() !== month || start.getDate() !== date) throw notATime(text, option);
    return edge === 'start' ? start : new Date(year, month, date + 1);
  }
  const span = relative.exec(text);
  if (span) return new Date(now.getTime() + Number(span[1]) * (span[2] === 'd' ? 24 : 1) * hour);
  const time = timestamp.test(text) ? new Date(text) : undefined;
  if (time === undefined || Number.isNaN(time.getTime())) throw notATime(text, option);
  return time;
}

/** Reads a whole number within bounds. */
export function parseWholeNumber(text: string, option: string, minimum: number, maximum: number): number {
  const value = /^-?\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= minimum && value <= maximum)) {
    throw usageError(`${option} takes a whole number from ${minimum} to ${maximum}, not "${text}".`);
  }
  return value;
}

function notATime(text: string, option: string) {
  return usageError(
    `${option} does not understand "${text}". Write a date (2026-12-31), a time (2026-12-31T17:00Z) or a span from now (+30d, +12h).`,
  );
}
