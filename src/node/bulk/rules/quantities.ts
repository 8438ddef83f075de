import { type Field, told } from './fields.ts';

const units: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  t: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** Bytes, as a number or as `10MB` (thousands) or `10MiB` (1,024). */
export function bytesOf({ value, path, mistakes }: Field): number | undefined {
  if (value === undefined) return undefined;
  const text = typeof value === 'string' ? value : '';
  const [, figure, unit] = /^(\d{1,15}(?:\.\d{1,6})?) ?([a-z]{0,3})$/i.exec(text) ?? [];
  const factor = units[unit?.toLowerCase() ?? ''];
  const bytes = typeof value === 'number' ? value : Math.round(Number(figure) * (factor ?? Number.NaN));
  if (['number', 'string'].includes(typeof value) && Number.isSafeInteger(bytes) && bytes >= 0) return bytes;
  mistakes.add(path, `write a size such as "10MB" or a number of bytes, not ${told(value)}`);
  return undefined;
}

const hour = 3_600_000;
const spans: Readonly<Record<string, number>> = {
  h: hour,
  d: 24 * hour,
  w: 7 * 24 * hour,
  y: 365 * 24 * hour,
};

const isoTime = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/**
 * A moment: an ISO date (its beginning, UTC) or time with a zone.
 *
 * @param now makes ages such as `30d` moments in the past; without it they are no moments
 */
export function momentOf({ value, path, mistakes }: Field, now?: Date): Date | undefined {
  if (value === undefined) return undefined;
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value;
  const text = typeof value === 'string' ? value : '';
  const [, count, unit] = (now && /^(\d{1,5})([hdwy])$/.exec(text)) ?? [];
  const span = Number(count) * (spans[unit ?? ''] ?? Number.NaN);
  const moment = now !== undefined && unit !== undefined ? new Date(now.getTime() - span) : isoMoment(text);
  if (moment !== undefined) return moment;
  const forms = now === undefined ? '' : 'an age such as "30d", ';
  mistakes.add(
    path,
    `write ${forms}a date such as "2026-01-31" or a time such as "2026-01-31T17:00Z", not ${told(value)}`,
  );
  return undefined;
}

function isoMoment(text: string): Date | undefined {
  const moment = isoTime.test(text) ? new Date(text) : undefined;
  if (moment === undefined || Number.isNaN(moment.getTime())) return undefined;
  // February 30 would become a day of March.
  const day = Number(text.slice(8, 10));
  const { length } = 'yyyy-mm-dd';
  const date = new Date(`${text.slice(0, length)}T00:00Z`);
  return date.getUTCDate() === day ? moment : undefined;
}
