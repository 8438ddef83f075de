/** Offset of the first `mark`, ASCII, at or behind `from`, or -1: without making text of what is searched. */
export function findBytes(bytes: Uint8Array, mark: string, from = 0): number {
  const first = mark.charCodeAt(0);
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    let same = 1;
    while (same < mark.length && bytes[at + same] === mark.charCodeAt(same)) same++;
    if (same === mark.length) return at;
  }
  return -1;
}

/** Offsets of every `mark`, in order. */
export function* findAllBytes(bytes: Uint8Array, mark: string): Generator<number, void, undefined> {
  for (let at = findBytes(bytes, mark); at >= 0; at = findBytes(bytes, mark, at + 1)) yield at;
}

/** At most `length` bytes from `at` on as text, one character a byte; ends in front of `end`, if that comes first. */
export function textAt(bytes: Uint8Array, at: number, length: number, end?: string): string {
  const window = bytes.subarray(at, at + length);
  const stop = end === undefined ? -1 : findBytes(window, end);
  return latin1(stop < 0 ? window : window.subarray(0, stop));
}

/** Arguments of one call. */
const charactersAtOnce = 4096;

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += charactersAtOnce)
    text += String.fromCharCode(...bytes.subarray(at, at + charactersAtOnce));
  return text;
}
