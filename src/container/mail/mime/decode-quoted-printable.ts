import type { BodyDecoder } from './body-decoder.ts';
import { hexPair } from './hexadecimal.ts';

const [equals, lineFeed, carriageReturn] = [0x3d, 10, 13];

/**
 * Quoted-printable, RFC 2045 6.7. What is no escape stays as it stands, white space at the end of a line too: other readers
 * keep it, and what they show is not to differ from what was protected. Line breaks stay what they are.
 */
export const quotedPrintableDecoder: BodyDecoder = {
  start: 0,
  most: (length) => length,
  decode(input, state, last, target) {
    let [at, done] = [0, 0];
    while (at < input.length) {
      const found = input.indexOf(equals, at);
      const end = found < 0 ? input.length : found;
      target.set(input.subarray(at, end), done);
      done += end - at;
      at = end;
      if (found < 0) break;
      if (!last && input.length - at < 3) break;
      const escaped = hexPair(input, at + 1);
      if (escaped !== undefined) {
        target[done++] = escaped;
        at += 3;
      } else if (input[at + 1] === lineFeed) at += 2;
      else if (input[at + 1] === carriageReturn && input[at + 2] === lineFeed) at += 3;
      else if (at + 1 === input.length)
        at++; // A soft line break that lost its line break at the end of the body.
      else {
        target[done++] = equals;
        at++;
      }
    }
    return { consumed: at, written: done, state };
  },
};
