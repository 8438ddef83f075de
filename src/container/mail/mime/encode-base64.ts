import type { BodyEncoder } from './body-encoder.ts';
import type { BodyForm } from './body-form.ts';

const alphabet = new TextEncoder().encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const padding = 61;

/** Base64 in lines, RFC 2045 6.8; no line break behind the last one. */
export function base64Encoder({ lineLength, lineBreak }: BodyForm): BodyEncoder {
  const end = lineBreak === 'crlf' ? [13, 10] : [10];
  /** At most two bytes that wait for the third. */
  let rest = new Uint8Array(0);
  let column = 0;
  const encode = (bytes: Uint8Array, last: boolean): Uint8Array => {
    const length = last ? bytes.length : bytes.length - (bytes.length % 3);
    const characters = Math.ceil(length / 3) * 4;
    const lines = lineLength === 0 ? 0 : Math.ceil((column + characters) / lineLength);
    const target = new Uint8Array(characters + lines * end.length);
    let [from, to] = [0, 0];
    while (from < length) {
      if (column === lineLength && lineLength > 0) {
        for (const byte of end) target[to++] = byte;
        column = 0;
      }
      const left = length - from;
      const group = (bytes[from]! << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0);
      target[to] = alphabet[group >> 18]!;
      target[to + 1] = alphabet[(group >> 12) & 63]!;
      target[to + 2] = left > 1 ? alphabet[(group >> 6) & 63]! : padding;
      target[to + 3] = left > 2 ? alphabet[group & 63]! : padding;
      from += 3;
      to += 4;
      column += 4;
    }
    rest = bytes.slice(Math.min(length, bytes.length));
    return target.subarray(0, to);
  };
  const joined = (bytes: Uint8Array): Uint8Array => {
    if (rest.length === 0) return bytes;
    const all = new Uint8Array(rest.length + bytes.length);
    all.set(rest);
    all.set(bytes, rest.length);
    return all;
  };
  return {
    encode: (bytes) => encode(joined(bytes), false),
    end: () => encode(rest, true),
  };
}

/** Bytes of base64 in lines. */
export function base64Size(size: number, { lineLength, lineBreak }: BodyForm): number {
  const characters = Math.ceil(size / 3) * 4;
  const breaks = lineLength === 0 || characters === 0 ? 0 : Math.ceil(characters / lineLength) - 1;
  return characters + breaks * (lineBreak === 'crlf' ? 2 : 1);
}
