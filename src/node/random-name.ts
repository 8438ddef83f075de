import { randomFillSync } from 'node:crypto';

/** Bytes of one name: twice as many hexadecimal digits. */
const nameLength = 6;

// One call for many names: drawing six bytes costs as much as drawing a thousand.
const drawn = Buffer.alloc(nameLength * 128);
let used = drawn.length;

/** Twelve hexadecimal digits that nobody can foresee. */
export function randomDigits(): string {
  if (used === drawn.length) {
    randomFillSync(drawn);
    used = 0;
  }
  used += nameLength;
  return drawn.toString('hex', used - nameLength, used);
}
