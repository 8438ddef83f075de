import { createHash } from 'node:crypto';

/** Tells runs apart: equal for whatever asks for the same, whichever way its fields are ordered. */
export const fingerprintOf = (asked: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(ordered(asked)) ?? '')
    .digest('hex');

/** What stands for bytes where they would be too much: the cover page of a run may have megabytes. */
export const digestOf = (bytes: Uint8Array): { readonly sha256: string } => ({
  sha256: createHash('sha256').update(bytes).digest('hex'),
});

function ordered(value: unknown): unknown {
  if (value instanceof Date) return { date: value.getTime() };
  if (value instanceof Uint8Array) return digestOf(value);
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(
    fields.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, field]) => [name, ordered(field)]),
  );
}
