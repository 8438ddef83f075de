import {
  decodeBase64,
  decodeUtf8,
  encodeBase64,
  encodeUtf8,
  encodeUtf16le,
  maxima,
} from '../../../bytes/index.ts';
import { decodeLicenseText } from '../../../xrml/index.ts';

/** A certificate in the wrapper; writers differ in the case of names. */
const certificate = /<certificate>([^<]*)<\/certificate>/gi;

/**
 * The texts of a chain kept in an `EUL-` stream, leaf first, [MS-OFFCRYPTO] 2.2.9. A chain that is stored
 * in another way, or does not hold together, gives an empty list: it may be had from the service anew.
 *
 * @param license {@link UseLicenseStream.license}
 */
export function readUseLicenseChain(license: Uint8Array): readonly string[] {
  const texts: string[] = [];
  try {
    for (const [, base64 = ''] of decodeUtf8(license).matchAll(certificate)) {
      const bytes = decodeBase64(base64);
      if (bytes === undefined || texts.length >= maxima.chainLength) return [];
      texts.push(decodeLicenseText(bytes).text);
    }
  } catch {
    return [];
  }
  return texts;
}

/** Wraps the texts of a chain, leaf first, as Office keeps it. */
export const writeUseLicenseChain = (texts: readonly string[]): Uint8Array =>
  encodeUtf8(
    `<?xml version="1.0"?><CERTIFICATECHAIN>${texts
      .map((text) => `<CERTIFICATE>${encodeBase64(encodeUtf16le(text))}</CERTIFICATE>`)
      .join('')}</CERTIFICATECHAIN>`,
  );
