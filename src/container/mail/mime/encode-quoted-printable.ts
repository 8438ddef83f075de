import type { BodyEncoder } from './body-encoder.ts';
import type { BodyForm } from './body-form.ts';

/** Characters of a line, without the `=` that ends it, RFC 2045 6.7 (5). */
const longestLine = 75;
const [tab, lineFeed, carriageReturn, space, dash, equals] = [9, 10, 13, 32, 45, 61];
const hexadecimal = new TextEncoder().encode('0123456789ABCDEF');
/** Bytes behind the one at hand that decide how it is written. */
const lookAhead = 3;

/**
 * Quoted-printable, RFC 2045 6.7. Line breaks of the kind the message has stay line breaks; lone halves of them and all
 * others are escaped, so that the same bytes come out again. White space at the end of a line is escaped, and two
 * dashes at its beginning, which could otherwise be a boundary.
 */
export function quotedPrintableEncoder({ lineBreak }: Pick<BodyForm, 'lineBreak'>): BodyEncoder {
  const crlf = lineBreak === 'crlf';
  let rest = new Uint8Array(0);
  let column = 0;

  function encode(bytes: Uint8Array, last: boolean): Uint8Array {
    // Three for an escape, and a soft line break each 75 characters at most.
    const target = new Uint8Array(Math.ceil(bytes.length * 3 * 1.05) + 8);
    let to = 0;
    let at = 0;
    const put = (byte: number): void => {
      target[to++] = byte;
    };
    const makeRoom = (width: number): void => {
      if (column + width <= longestLine) return;
      put(equals);
      if (crlf) put(carriageReturn);
      put(lineFeed);
      column = 0;
    };
    const breaksAt = (index: number): boolean =>
      crlf ? bytes[index] === carriageReturn && bytes[index + 1] === lineFeed : bytes[index] === lineFeed;
    /** White space or a line break, which a boundary has none of there. */
    const endsAt = (index: number): boolean =>
      bytes[index] === space || bytes[index] === tab || breaksAt(index);
    for (; at < bytes.length; at++) {
      if (!last && at + lookAhead >= bytes.length) break;
      const byte = bytes[at]!;
      if (breaksAt(at)) {
        if (crlf) at++;
        if (crlf) put(carriageReturn);
        put(lineFeed);
        column = 0;
        continue;
      }
      const blank = byte === space || byte === tab;
      const atEnd = blank && (at + 1 === bytes.length || breaksAt(at + 1));
      const plain = blank ? !atEnd : byte > space && byte < 127 && byte !== equals;
      makeRoom(plain ? 1 : 3);
      const likeBoundary =
        column === 0 && byte === dash && bytes[at + 1] === dash && at + 2 < bytes.length && !endsAt(at + 2);
      if (plain && !likeBoundary) {
        put(byte);
        column++;
      } else {
        put(equals);
        put(hexadecimal[byte >> 4]!);
        put(hexadecimal[byte & 15]!);
        column += 3;
      }
    }
    rest = bytes.slice(at);
    return target.slice(0, to);
  }

  const joined = (bytes: Uint8Array): Uint8Array => {
    const all = new Uint8Array(rest.length + bytes.length);
    all.set(rest);
    all.set(bytes, rest.length);
    return all;
  };
  return { encode: (bytes) => encode(joined(bytes), false), end: () => encode(rest, true) };
}
