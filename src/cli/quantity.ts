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
