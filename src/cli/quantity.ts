const numbers = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Bytes for a person: `512 B`, `1.4 kB`, `23 MB` (thousands, as file managers count). */
export function byteCount(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 9.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

/** A number with its noun: `1 file`, `3 files`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A time for a person, to the minute in UTC: `2026-01-31 17:00 UTC`. */
export function timeText(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** A whole number for a person: `200,000`. */
export const numberText = (value: number): string => numbers.format(value);

/** A number of files for a person: `1 file`, `200,000 files`. */
export const filesText = (count: number): string => `${numberText(count)} file${count === 1 ? '' : 's'}`;

/** A rate for a person, of which the first digits matter. */
export function rateText(value: number): string {
  if (!Number.isFinite(value) || value <= 0) return '0';
  return value >= 9.95 ? numberText(value) : value.toFixed(1);
}

/** Seconds for a person: `0.4 s`, `42 s`, `1 min 42 s`, `2 h 05 min`, `3 days 4 h`. */
export function durationText(seconds: number): string {
  if (seconds < 9.95 && !Number.isInteger(seconds)) return `${Math.max(0, seconds).toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)} days ${hours % 24} h`;
}

const two = (value: number): string => String(value).padStart(2, '0');
