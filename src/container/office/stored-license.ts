import { maxima } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import { decodeLicenseText, encodeLicenseText } from '../../xrml/index.ts';
import { isWritableUtf8Text } from './data-spaces/padded-text.ts';

/**
 * A publishing license as Office files store it: UTF-8 without a byte-order mark. Services give it with a
 * mark or in UTF-16LE too; signatures are over the text and hold in either (spec/office.md, "License").
 *
 * Throws `INVALID_ARGUMENT` for an empty one, `LIMIT_EXCEEDED`, `MALFORMED_LICENSE` for what is no text.
 */
export function storedLicense(license: Uint8Array): Uint8Array {
  if (license.length > maxima.licenseBytes)
    throw new SealwrightError(
      'LIMIT_EXCEEDED',
      `The publishing license has ${license.length} bytes; an Office file holds at most ${maxima.licenseBytes}.`,
    );
  const { text, encoding, byteOrderMark } = decodeLicenseText(license);
  const stored =
    encoding === 'utf-8' && !byteOrderMark ? license : encodeLicenseText(text, { byteOrderMark: false });
  if (stored.length === 0 || !isWritableUtf8Text(stored))
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      'An Office file needs a publishing license; an empty one was given.',
    );
  return stored;
}
