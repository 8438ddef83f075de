import { encodeHex } from '../../../bytes/index.ts';

/**
 * A text as a PDF file has it (ISO 32000-2, 7.9.2.2): a literal string where it is ASCII, else UTF-16 in hexadecimal,
 * which every reader knows.
 */
export function textString(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return `(${text.replace(/[\\()]/g, '\\$&')})`;
  const bytes = new Uint8Array(2 + text.length * 2);
  bytes.set([0xfe, 0xff]);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    bytes[2 + 2 * i] = unit >> 8;
    bytes[3 + 2 * i] = unit & 0xff;
  }
  return `<${encodeHex(bytes)}>`;
}

/** A name with what cannot stand in one as `#xx`; characters beyond ASCII as UTF-8 (ISO 32000-2, 7.3.5). */
export const nameOf = (text: string): string =>
  `/${[...new TextEncoder().encode(text)]
    .map((byte) =>
      byte > 0x20 && byte < 0x7f && !'#/%()<>[]{}'.includes(String.fromCharCode(byte))
        ? String.fromCharCode(byte)
        : `#${byte.toString(16).padStart(2, '0').toUpperCase()}`,
    )
    .join('')}`;
