import type { BodyDecoder } from './body-decoder.ts';

/** What each byte stands for: 0 to 63; 64 for a padding, 65 for everything that does not count. */
const values = new Uint8Array(256).fill(65);
for (const [index, character] of [
  ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=',
].entries())
  values[character.charCodeAt(0)] = index;
const padding = 64;

/**
 * Base64 as mail has it, RFC 2045 6.8: line breaks and bytes that are none of it are passed over, a padding ends its group of
 * four and the next group begins behind it, a last group may lack its padding.
 *
 * The state is the group at hand: its bits below a one.
 */
export const base64Decoder: BodyDecoder = {
  start: 1,
  most: (length) => Math.ceil((length * 3) / 4) + 3,
  decode(input, state, last, target) {
    let group = state;
    let [at, done] = [0, 0];
    while (at < input.length) {
      if (group === 1) {
        // Whole groups of four, which is nearly all.
        for (; at + 4 <= input.length; at += 4) {
          const [a, b] = [values[input[at]!]!, values[input[at + 1]!]!];
          const [c, d] = [values[input[at + 2]!]!, values[input[at + 3]!]!];
          if ((a | b | c | d) > 63) break;
          target[done] = (a << 2) | (b >> 4);
          target[done + 1] = (b << 4) | (c >> 2);
          target[done + 2] = (c << 6) | d;
          done += 3;
        }
        if (at >= input.length) break;
      }
      const value = values[input[at++]!]!;
      if (value === padding) {
        done = flush(group, target, done);
        group = 1;
      } else if (value < padding) {
        group = (group << 6) | value;
        if (group >= 1 << 24) {
          target[done] = group >> 16;
          target[done + 1] = group >> 8;
          target[done + 2] = group;
          done += 3;
          group = 1;
        }
      }
    }
    if (last) {
      done = flush(group, target, done);
      group = 1;
    }
    return { consumed: at, written: done, state: group };
  },
};

/** The bytes of an unfinished group; six bits alone are none. */
function flush(group: number, target: Uint8Array, at: number): number {
  if (group >= 1 << 18) {
    target[at] = group >> 10;
    target[at + 1] = group >> 2;
    return at + 2;
  }
  if (group >= 1 << 12) {
    target[at] = group >> 4;
    return at + 1;
  }
  return at;
}
