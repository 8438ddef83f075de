import { decodeUtf8, decodeUtf16le, encodeUtf8, encodeUtf16le, maxima } from '../bytes/index.ts';
import { SealwrightError } from '../errors.ts';

/** The encodings licenses are stored in; both occur with and without a byte-order mark. */
export type LicenseEncoding = 'utf-8' | 'utf-16le';

/** The text of a license and how it was stored. */
export interface LicenseText {
  readonly text: string;
  readonly encoding: LicenseEncoding;
  readonly byteOrderMark: boolean;
}

/**
 * Decodes the stored bytes of a license (spec/xrml.md, "Encoding"): UTF-8 or UTF-16LE, with or without a
 * byte-order mark; NUL characters at the end are dropped, because some writers count the terminator or pad.
 *
 * Without a mark the second byte decides: the first character of a license is ASCII, so it is zero
 * in UTF-16LE and never zero in UTF-8.
 *
 * @throws `LIMIT_EXCEEDED` beyond `maxima.licenseBytes`; `MALFORMED_LICENSE` for bytes that are not text in either encoding
 *
 * @example
 * ```ts
 * decodeLicenseText(new TextEncoder().encode('<XrML />')).encoding; // 'utf-8'
 * ```
 */
export function decodeLicenseText(bytes: Uint8Array): LicenseText {
  if (bytes.length > maxima.licenseBytes)
    throw new SealwrightError(
      'LIMIT_EXCEEDED',
      `The license has ${bytes.length} bytes; at most ${maxima.licenseBytes} are accepted.`,
    );
  const [first, second, third] = bytes;
  if (first === 0xfe && second === 0xff) throw undecodable('it is UTF-16 with the high byte first');
  const utf8Mark = first === 0xef && second === 0xbb && third === 0xbf;
  const utf16Mark = first === 0xff && second === 0xfe;
  const wide = utf16Mark || (!utf8Mark && first !== 0 && second === 0);
  if (wide && bytes.length % 2 !== 0) throw undecodable('it is UTF-16 with half a character at the end');
  let text: string;
  try {
    text = wide ? decodeUtf16le(bytes) : decodeUtf8(bytes);
  } catch (cause) {
    throw undecodable(wide ? 'it is not valid UTF-16' : 'it is not valid UTF-8', cause);
  }
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) end--;
  return Object.freeze({
    text: text.slice(0, end),
    encoding: wide ? 'utf-16le' : 'utf-8',
    byteOrderMark: utf8Mark || utf16Mark,
  });
}

/**
 * Encodes license text for storage. Signatures do not depend on this: what is signed is always UTF-16LE.
 *
 * @param options `utf-8` with a byte-order mark by default, the form current clients and services write
 */
export function encodeLicenseText(
  text: string,
  options: { readonly encoding?: LicenseEncoding; readonly byteOrderMark?: boolean } = {},
): Uint8Array {
  const marked = (options.byteOrderMark ?? true) ? `\u{feff}${text}` : text;
  return options.encoding === 'utf-16le' ? encodeUtf16le(marked) : encodeUtf8(marked);
}

function undecodable(problem: string, cause?: unknown): SealwrightError {
  return new SealwrightError(
    'MALFORMED_LICENSE',
    `The license is not readable text: ${problem}. Get a fresh copy of it.`,
    { offset: 0, cause },
  );
}
