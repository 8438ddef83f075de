import { decodeBase64, encodeBase64, maxima } from '../../bytes/index.ts';
import { malformedKey } from './der.ts';

/** The PEM labels we write and read. */
export type PemLabel = 'PUBLIC KEY' | 'PRIVATE KEY' | 'ENCRYPTED PRIVATE KEY';

/** DER as PEM text, 64 characters a line (RFC 7468). */
export function encodePem(label: PemLabel, der: Uint8Array): string {
  const lines = encodeBase64(der).match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** The DER of the first PEM block with `label`. Throws `MALFORMED_KEY` if there is none. */
export function decodePem(label: PemLabel, text: string): Uint8Array {
  const what = `PEM text (${label.toLowerCase()})`;
  const begin = `-----BEGIN ${label}-----`;
  const start = text.indexOf(begin);
  const end = text.indexOf(`-----END ${label}-----`, start);
  if (start < 0 || end < 0 || end - start > 2 * maxima.derBytes) throw malformedKey(what);
  const der = decodeBase64(text.slice(start + begin.length, end));
  if (der === undefined || der.length === 0) throw malformedKey(what);
  return der;
}
