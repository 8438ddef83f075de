import { decodeBase64, maxima, memorySource } from '../../../bytes/index.ts';
import { damagedPdf } from '../read/damage.ts';
import { inflate } from '../read/inflate.ts';

/**
 * The publishing license of a PDF of version 1: base64 of zlib data (spec/pdf.md, "Version 1").
 *
 * Throws `MALFORMED_CONTAINER`, `LIMIT_EXCEEDED` for one that unpacks to more than a license may have.
 */
export async function licenseOfVersion1(stored: Uint8Array): Promise<Uint8Array> {
  const text = Array.from(stored, (byte) => String.fromCharCode(byte))
    .join('')
    .replace(/[\s\0]+/g, '');
  const packed = decodeBase64(text);
  if (packed === undefined) throw damagedPdf('its publishing license is not base64');
  const license = await inflate(memorySource(packed), maxima.licenseBytes, maxima.licenseBytes + 1);
  if (license.length === 0) throw damagedPdf('its publishing license is empty');
  return license;
}
