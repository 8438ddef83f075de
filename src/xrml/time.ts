import { SealwrightError } from '../errors.ts';
import { childNamed, trimmedText, type XmlElement } from './xml-element.ts';

/** A half-open span: `from` is inside it, `until` is not. A missing end is open. */
export interface TimeRange {
  readonly from: Date | undefined;
  readonly until: Date | undefined;
}

const form = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?Z?$/;

/**
 * Reads a time of a license: `YYYY-MM-DDThh:mm` in UTC; seconds and a final `Z` are accepted too
 * (spec/xrml.md, "Times").
 *
 * @returns `undefined` for anything else, including dates that do not exist
 *
 * @example
 * ```ts
 * parseXrmlTime('2017-01-11T23:27')?.toISOString(); // '2017-01-11T23:27:00.000Z'
 * ```
 */
export function parseXrmlTime(text: string): Date | undefined {
  const match = form.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0));
  const date = new Date(0);
  date.setUTCFullYear(year!, month! - 1, day!);
  date.setUTCHours(hour!, minute!, second!);
  const exists =
    date.getUTCMonth() === month! - 1 &&
    date.getUTCDate() === day &&
    date.getUTCHours() === hour &&
    date.getUTCMinutes() === minute &&
    date.getUTCSeconds() === second;
  return exists ? date : undefined;
}

/** A license states one time again and again, and licenses of the same minute the same one. */
let lastWritten = { at: 0, text: '1970-01-01T00:00' };

/**
 * Writes a time of a license; seconds are cut off.
 *
 * @throws `INVALID_ARGUMENT` for an invalid date or a year outside 0000 to 9999
 */
export function formatXrmlTime(time: Date): string {
  const at = time.getTime();
  if (at === lastWritten.at) return lastWritten.text;
  const text = Number.isNaN(at) ? '' : time.toISOString();
  if (/^\d{4}-/.test(text)) {
    lastWritten = { at, text: text.slice(0, 16) };
    return lastWritten.text;
  }
  throw new SealwrightError(
    'INVALID_ARGUMENT',
    'A time for a license is not a date between the years 0 and 9999.',
  );
}

/**
 * The time an element holds; `undefined` if the element is missing.
 *
 * @throws `MALFORMED_LICENSE` if it is there and holds no time: to read a damaged end of validity as
 *   "no end" would grant what nobody granted
 */
export function timeIn(element: XmlElement | undefined): Date | undefined {
  if (element === undefined) return undefined;
  const time = parseXrmlTime(trimmedText(element) ?? '');
  if (time !== undefined) return time;
  throw new SealwrightError(
    'MALFORMED_LICENSE',
    `A time in the license is not of the form YYYY-MM-DDThh:mm, at character ${element.start}. Get a fresh copy of it.`,
    { offset: element.start },
  );
}

/** `FROM` and `UNTIL` of a `VALIDITYTIME` or `RANGETIME`. @throws `MALFORMED_LICENSE` for a damaged time */
export function timeRangeIn(element: XmlElement | undefined): TimeRange | undefined {
  if (element === undefined) return undefined;
  return Object.freeze({
    from: timeIn(childNamed(element, 'FROM')),
    until: timeIn(childNamed(element, 'UNTIL')),
  });
}

/** Whether `time` lies in the half-open `range`. */
export const isWithin = (time: Date, range: TimeRange): boolean =>
  (range.from === undefined || time >= range.from) && (range.until === undefined || time < range.until);
