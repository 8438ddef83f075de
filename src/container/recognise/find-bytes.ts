/** Offset of the first `mark`, ASCII, at or behind `from`, or -1: without making text of what is searched. */
export const findBytes = (bytes: Uint8Array, mark: string, from = 0): number => searchFor(mark)(bytes, from);

/** Offsets of every `mark`, in order. */
export function* findAllBytes(bytes: Uint8Array, mark: string): Generator<number, void, undefined> {
  const search = searchFor(mark);
  for (let at = search(bytes, 0); at >= 0; at = search(bytes, at + 1)) yield at;
}

/**
 * Horspool's search: the byte under the end of the mark tells how far the mark can be moved, so that of bytes
 * that hold nothing like it only every so many are looked at. At worst every byte is compared with the whole mark.
 */
function searchFor(mark: string): (bytes: Uint8Array, from: number) => number {
  const last = mark.length - 1;
  const end = mark.charCodeAt(last);
  const steps = new Uint16Array(256).fill(mark.length);
  for (let i = 0; i < last; i++) steps[mark.charCodeAt(i)] = last - i;
  return (bytes, from) => {
    for (let at = from + last; at < bytes.length; ) {
      const byte = bytes[at] as number;
      if (byte === end) {
        let same = 1;
        while (same <= last && bytes[at - same] === mark.charCodeAt(last - same)) same++;
        if (same > last) return at - last;
      }
      at += steps[byte] as number;
    }
    return -1;
  };
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
  // Spread, the bytes would be taken out one by one.
  for (let at = 0; at < bytes.length; at += charactersAtOnce)
    text += String.fromCharCode.apply(
      undefined,
      bytes.subarray(at, at + charactersAtOnce) as unknown as number[],
    );
  return text;
}
