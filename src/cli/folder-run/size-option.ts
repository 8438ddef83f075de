import { usageError } from '../usage-error.ts';

const size = /^(\d{1,15}(?:\.\d{1,3})?) ?([kmgt]?)(i?)b?$/i;
const powers: Readonly<Record<string, number>> = { '': 0, k: 1, m: 2, g: 3, t: 4 };

/** Reads a size as people type it: bytes, `64k`, `1.5MB` (thousands), `64KiB` (1024). */
export function parseSize(text: string, option: string): number {
  const match = size.exec(text.trim());
  const [, digits = '', unit = '', binary = ''] = match ?? [];
  const bytes = Number(digits) * (binary === '' ? 1000 : 1024) ** (powers[unit.toLowerCase()] ?? 0);
  if (match === null || !Number.isSafeInteger(Math.round(bytes)) || (unit === '' && binary !== '')) {
    throw usageError(`${option} takes a size such as 64k, 10MB or 4GiB, not "${text}".`);
  }
  return Math.round(bytes);
}
