import { SealwrightError } from '../errors.ts';

/** UTF-16LE bytes of `text`, without a byte-order mark. */
export function encodeUtf16le(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    bytes[2 * i] = unit & 0xff;
    bytes[2 * i + 1] = unit >> 8;
  }
  return bytes;
}

const hexadecimal = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Lower-case hexadecimal of `bytes`. */
export function encodeHex(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at++) text += hexadecimal[bytes[at]!];
  return text;
}

/** Bytes of hexadecimal `text`; throws `INVALID_ARGUMENT` for anything else. */
export function decodeHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || /[^0-9a-f]/i.test(text))
    throw new SealwrightError('INVALID_ARGUMENT', 'Expected pairs of hexadecimal digits.');
  return Uint8Array.from({ length: text.length / 2 }, (_, i) =>
    Number.parseInt(text.slice(2 * i, 2 * i + 2), 16),
  );
}

const base64Alphabet = new TextEncoder().encode(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
);
const base64Padding = 0x3d;
const ascii = new TextDecoder();

/** Standard base64 of `bytes`, padded, on one line. */
export function encodeBase64(bytes: Uint8Array): string {
  // By hand, because `btoa` wants a string first, and making that costs many times as much.
  const characters = new Uint8Array(Math.ceil(bytes.length / 3) * 4).fill(base64Padding);
  let at = 0;
  for (let from = 0; from < bytes.length; from += 3) {
    const left = bytes.length - from;
    const group = (bytes[from]! << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0);
    characters[at++] = base64Alphabet[group >> 18]!;
    characters[at++] = base64Alphabet[(group >> 12) & 63]!;
    if (left > 1) characters[at++] = base64Alphabet[(group >> 6) & 63]!;
    if (left > 2) characters[at++] = base64Alphabet[group & 63]!;
  }
  return ascii.decode(characters);
}

/** Bytes of standard base64 `text`, white space ignored; `undefined` if it is not base64. */
export function decodeBase64(text: string): Uint8Array | undefined {
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    return undefined;
  }
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
