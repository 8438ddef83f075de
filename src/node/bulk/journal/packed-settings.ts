import type { TaskSettings } from '../task.ts';
import { digestOf } from './fingerprint.ts';

/**
 * Settings as JSON has them: a time is `{"$time": milliseconds}`, for in a policy it must be a time again. Of bytes there is only
 * the digest: whoever goes on has them again, and the same.
 */
export const packSettings = (settings: TaskSettings): unknown => pack(settings);

export const unpackSettings = (packed: unknown): TaskSettings => unpack(packed, 0) as TaskSettings;

/** Settings are shallow. */
const deepest = 32;

function pack(value: unknown): unknown {
  if (value instanceof Date) return { $time: value.getTime() };
  if (value instanceof Uint8Array) return digestOf(value);
  if (Array.isArray(value)) return value.map(pack);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, pack(field)]));
}

function unpack(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > deepest) return value;
  if (Array.isArray(value)) return value.map((each) => unpack(each, depth + 1));
  if ('$time' in value && typeof value.$time === 'number') return new Date(value.$time);
  return Object.freeze(
    Object.fromEntries(Object.entries(value).map(([name, field]) => [name, unpack(field, depth + 1)])),
  );
}
