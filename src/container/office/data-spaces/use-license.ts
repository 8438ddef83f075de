import {
  ByteWriter,
  decodeBase64,
  decodeUtf8,
  decodeUtf16le,
  encodeBase64,
  encodeUtf8,
  encodeUtf16le,
  maxima,
} from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import { isWritableUtf8Text, padding, readUtf8Text, skipPadding } from './padded-text.ts';
import { readerFor, tailOf } from './reader-for.ts';

/** A use license kept in the file for one user: an `EUL-` stream, [MS-OFFCRYPTO] 2.2.9. */
export interface UseLicenseStream {
  /** The user in base64, as stored; a view. */
  readonly userId: Uint8Array;
  /** The chain as stored; a view. */
  readonly license: Uint8Array;
  /** Everything behind the license. */
  readonly tail: Uint8Array;
}

/** Bytes of the stored user; an address has at most 320 characters. */
const longestUserId = 4096;

/** Takes an `EUL-` stream apart. Throws `MALFORMED_CONTAINER`, `LIMIT_EXCEEDED`. */
export function parseUseLicense(bytes: Uint8Array): UseLicenseStream {
  const reader = readerFor(bytes, 'use license kept in the Office file');
  const headerLength = reader.uint32('length of its header');
  const userId = readUtf8Text(reader, 'user', longestUserId);
  skipPadding(reader, userId.length);
  if (headerLength !== reader.position)
    throw reader.malformed('its header has another length than it states');
  const license = readUtf8Text(reader, 'license', maxima.licenseBytes);
  return Object.freeze({ userId, license, tail: tailOf(reader) });
}

/** Gives the bytes {@link parseUseLicense} read. */
export function serializeUseLicense({ userId, license, tail }: UseLicenseStream): Uint8Array {
  const fill = padding(userId.length);
  return new ByteWriter()
    .uint32(8 + userId.length + fill.length)
    .uint32(userId.length)
    .bytes(userId)
    .bytes(fill)
    .uint32(license.length)
    .bytes(license)
    .bytes(tail)
    .toBytes();
}

/** The stream that is written for a user and their chain. Throws `INVALID_ARGUMENT` for what cannot be read again. */
export function newUseLicense(userId: string, license: Uint8Array): UseLicenseStream {
  const stored = encodeUserId(userId);
  if (!isWritableUtf8Text(stored) || !isWritableUtf8Text(license))
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      'A use license to keep in an Office file belongs to a user such as "Windows:" and a mail address, and is a chain of certificates.',
    );
  return { userId: stored, license, tail: padding(license.length) };
}

/** `Windows:` or `Passport:` and a mail address, in base64 of UTF-16LE, [MS-OFFCRYPTO] 2.2.8. */
export const encodeUserId = (userId: string): Uint8Array => encodeUtf8(encodeBase64(encodeUtf16le(userId)));

/** The user of an `EUL-` stream as text; `undefined` if it is stored in another way. */
export function decodeUserId(stored: Uint8Array): string | undefined {
  try {
    const bytes = decodeBase64(decodeUtf8(stored));
    return bytes === undefined ? undefined : decodeUtf16le(bytes);
  } catch {
    return undefined;
  }
}
