import { SealwrightError } from '../../errors.ts';

const isoTime = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/i;

/** A time as clients write it; without a zone it is UTC. Throws `INVALID_ARGUMENT`, naming the field. */
export function readTime(text: string, field: string): Date {
  const trimmed = text.trim();
  const match = isoTime.exec(trimmed);
  const zoned = trimmed.length > 10 && match?.[1] === undefined ? `${trimmed}Z` : trimmed;
  const time = new Date(zoned.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  if (match === null || Number.isNaN(time.getTime()))
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      `${field} is not a time: expected one such as 2030-01-31T10:00:00Z.`,
      { field },
    );
  return time;
}

/** To the second, the form clients of the protocol read. Cut off, so that nothing gets longer by it. */
export const writeTime = (time: Date): string => `${time.toISOString().slice(0, 19)}Z`;

/** {@link writeTime} where there is one. */
export const writeOptionalTime = (time: Date | undefined): string | null =>
  time === undefined ? null : writeTime(time);

/**
 * The bytes of a license. Standard base64 and nothing else: padded, no white space, no other alphabet.
 * Throws `INVALID_ARGUMENT`, naming the field.
 */
export function readBase64(text: string, field: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  // The decoder skips whatever it does not understand and knows two alphabets: so count, and look for the other one.
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const whole =
    text.length > 0 &&
    text.length % 4 === 0 &&
    bytes.length === (text.length / 4) * 3 - padding &&
    !text.includes('-') &&
    !text.includes('_') &&
    bytes.subarray(bytes.length - (3 - padding)).toString('base64') === text.slice(-4);
  if (!whole)
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      `${field} is not standard base64: expected the bytes of the license as they stand in the file.`,
      { field },
    );
  return bytes;
}

/** Standard base64 of `bytes`. */
export const writeBase64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');

/** Application data as the protocol has it: null where there is none. */
export const writeData = (
  data: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> | null =>
  data === undefined || Object.keys(data).length === 0 ? null : data;
