import { equalBytes } from '../bytes/index.ts';
import { SealwrightError } from '../errors.ts';
import { decodeLicenseText } from '../xrml/index.ts';

/**
 * Whether two files carry the same publishing license. Formats store its text each in its own way: a PDF with a
 * byte-order mark, `message.rpmsg` without one, some programs in UTF-16 (spec/xrml.md, "Encoding").
 */
export function isSameLicense(one: Uint8Array, other: Uint8Array): boolean {
  if (equalBytes(one, other)) return true;
  const text = textOf(one);
  return text !== undefined && text === textOf(other);
}

function textOf(license: Uint8Array): string | undefined {
  try {
    return decodeLicenseText(license).text;
  } catch (error) {
    if (error instanceof SealwrightError) return undefined;
    throw error;
  }
}
