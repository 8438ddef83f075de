const numbers = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** A whole number for a person: `200,000`. */
export const numberText = (value: number): string => numbers.format(value);

/** A number with its noun: `1 file`, `200,000 files`. */
export const filesText = (count: number): string => `${numberText(count)} file${count === 1 ? '' : 's'}`;

/** A rate for a person: three digits matter, no more. */
export function rateText(value: number): string {
  if (!Number.isFinite(value) || value <= 0) return '0';
  return value >= 99.5 ? numberText(value) : value.toPrecision(2).replace(/\.0$/, '');
}

/** Milliseconds for a person: `0.4 s`, `42 s`, `1 min 42 s`, `2 h 05 min`. */
export function durationText(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)} days ${hours % 24} h`;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** A moment for a person, in UTC: `2026-01-31 17:00:12 UTC`. */
export const momentText = (time: Date): string => `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
