import { nativeText } from './native-text.ts';
import * as portable from './portable-text.ts';

const utf8 = new TextEncoder();

/** UTF-8 bytes of `text`. */
export const encodeUtf8 = (text: string): Uint8Array => utf8.encode(text);

// Making a decoder costs many times what decoding a name does; each call begins anew, also after one that threw.
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });
const strictUtf16le = new TextDecoder('utf-16le', { fatal: true });

/** Text of UTF-8 `bytes`, without a byte-order mark; malformed UTF-8 throws `TypeError`. */
export const decodeUtf8 = (bytes: Uint8Array): string => strictUtf8.decode(bytes);

/** Text of UTF-16LE `bytes`, without a byte-order mark; lone surrogates throw `TypeError`. */
export const decodeUtf16le = (bytes: Uint8Array): string => strictUtf16le.decode(bytes);

const native = nativeText();

/** UTF-16LE bytes of `text`, without a byte-order mark. */
export const encodeUtf16le: (text: string) => Uint8Array = native?.encodeUtf16le ?? portable.encodeUtf16le;

/** Lower-case hexadecimal of `bytes`. */
export const encodeHex: (bytes: Uint8Array) => string = native?.encodeHex ?? portable.encodeHex;

/** Bytes of hexadecimal `text`; throws `INVALID_ARGUMENT` for anything else. */
export const { decodeHex } = portable;

/** Standard base64 of `bytes`, padded, on one line. */
export const encodeBase64: (bytes: Uint8Array) => string = native?.encodeBase64 ?? portable.encodeBase64;

/** Bytes of standard base64 `text`, white space ignored; `undefined` if it is not base64. */
export const decodeBase64 = (text: string): Uint8Array | undefined =>
  native?.decodePlainBase64(text) ?? portable.decodeBase64(text);
