import { parseTime } from '../time-option.ts';
import { usageError } from '../usage-error.ts';

const age = /^(\d{1,5})([hdwy])$/;
const hour = 3_600_000;
const lengths: Readonly<Record<string, number>> = {
  h: hour,
  d: 24 * hour,
  w: 7 * 24 * hour,
  y: 365 * 24 * hour,
};

/** Reads a moment in the past: an age (`12h`, `30d`, `8w`, `2y`), a date or a time. */
export function parseAge(text: string, option: string, now = new Date()): Date {
  const span = age.exec(text);
  if (span) return new Date(now.getTime() - Number(span[1]) * (lengths[span[2] ?? ''] ?? 0));
  if (/^\d{4}-/.test(text)) return parseTime(text, option, 'start', now);
  throw usageError(`${option} takes an age (12h, 30d, 8w, 2y) or a date (2026-01-31), not "${text}".`);
}
