/** Bytes that are put together piece by piece, in memory that is used again and again. */
export interface GrowingBytes {
  bytes: Uint8Array;
  /** How many of them are written. */
  length: number;
}

const firstRoom = 4 * 1024;
/** Room that is kept for what comes next; what took more was an exception. */
const mostKept = 1024 * 1024;

export const growingBytes = (): GrowingBytes => ({ bytes: new Uint8Array(firstRoom), length: 0 });

/** Begins anew. */
export function clear(target: GrowingBytes): void {
  target.length = 0;
  if (target.bytes.length > mostKept) target.bytes = new Uint8Array(firstRoom);
}

/** Makes room for `more` bytes and gives the memory that has it. */
export function reserve(target: GrowingBytes, more: number): Uint8Array {
  const needed = target.length + more;
  if (needed > target.bytes.length) {
    const grown = new Uint8Array(Math.max(needed, 2 * target.bytes.length));
    grown.set(target.bytes.subarray(0, target.length));
    target.bytes = grown;
  }
  return target.bytes;
}

/** Appends text of one byte for each character. */
export function appendText(target: GrowingBytes, text: string): void {
  const bytes = reserve(target, text.length);
  let at = target.length;
  for (let i = 0; i < text.length; i++) bytes[at++] = text.charCodeAt(i);
  target.length = at;
}

/** Appends a whole number from 0 up. */
export function appendCount(target: GrowingBytes, value: number): void {
  if (value > 0x7fff_ffff) {
    appendText(target, String(value));
    return;
  }
  let digits = 1;
  for (let least = 10; least <= value; least *= 10) digits++;
  const bytes = reserve(target, digits);
  let rest = value;
  for (let at = target.length + digits - 1; at >= target.length; at--) {
    const tenth = (rest / 10) | 0;
    bytes[at] = 0x30 + rest - 10 * tenth;
    rest = tenth;
  }
  target.length += digits;
}

/** What was written: a view, true until more is. */
export const written = ({ bytes, length }: GrowingBytes): Uint8Array => bytes.subarray(0, length);
