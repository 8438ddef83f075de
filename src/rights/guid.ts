import { encodeHex } from '../bytes/index.ts';
import { SealwrightError } from '../errors.ts';
import { quoteBriefly } from './rights.ts';

const guidPattern =
  /^(?:\{([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}|([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}))$/i;

/** The GUID in `text`, with or without braces, in lower case without braces; `undefined` if there is none. */
export function parseGuid(text: string): string | undefined {
  const match = guidPattern.exec(text.trim());
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}

/**
 * The GUID in `text` in lower case without braces: the form in which ids are compared.
 *
 * @param what - names the thing in the message, for example `template id`.
 * @throws SealwrightError `INVALID_ARGUMENT` if `text` is not a GUID.
 */
export function normalizeGuid(text: string, what = 'id'): string {
  const guid = parseGuid(text);
  if (guid === undefined)
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      `${quoteBriefly(text)} is not a valid ${what}: expected a GUID such as 9a3c1b52-7d64-4f0e-b1c8-3e5f7a9d2c41.`,
    );
  return guid;
}

/** The GUID in braces, as licenses and the usage log write it. Throws like {@link normalizeGuid}. */
export const bracedGuid = (text: string, what?: string): string => `{${normalizeGuid(text, what)}}`;

/** Gives `length` random bytes. */
export type RandomBytes = (length: number) => Uint8Array;

/** Random bytes of the runtime's own cryptographic generator. */
export const systemRandomBytes: RandomBytes = (length) => crypto.getRandomValues(new Uint8Array(length));

/** A new random GUID (version 4 of RFC 9562) in lower case without braces. */
export function randomGuid(randomBytes: RandomBytes = systemRandomBytes): string {
  const bytes = Uint8Array.from(randomBytes(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = encodeHex(bytes);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
