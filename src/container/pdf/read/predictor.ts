import { damagedPdf, unsupportedPdf } from './damage.ts';

/** Parameters of a predictor (ISO 32000-2, 7.4.4.4). */
export interface Prediction {
  readonly predictor: number;
  readonly colors: number;
  readonly bitsPerComponent: number;
  readonly columns: number;
}

/** Bytes of a row at most: more than any row that fits what is decoded. */
const largestRow = 64 * 1024 * 1024;

/** Undoes a predictor in `bytes`, which are overwritten. A last row that is cut counts as far as it goes. */
export function withoutPrediction(bytes: Uint8Array, prediction: Prediction): Uint8Array {
  const { predictor, colors, bitsPerComponent, columns } = prediction;
  if (predictor <= 1) return bytes;
  const rowBits = colors * bitsPerComponent * columns;
  if (!(rowBits > 0 && rowBits <= 8 * largestRow)) throw damagedPdf('a predictor has no sensible rows');
  const row = Math.ceil(rowBits / 8);
  const pixel = Math.max(1, Math.ceil((colors * bitsPerComponent) / 8));
  if (predictor >= 10 && predictor <= 15) return withoutPng(bytes, row, pixel);
  if (predictor === 2 && bitsPerComponent === 8) return withoutTiff(bytes, row, colors);
  throw unsupportedPdf(`it uses predictor ${predictor} for its structure`, 'predictor');
}

function withoutTiff(bytes: Uint8Array, row: number, colors: number): Uint8Array {
  for (let start = 0; start < bytes.length; start += row)
    for (let at = start + colors; at < Math.min(start + row, bytes.length); at++)
      bytes[at] = (bytes[at] as number) + (bytes[at - colors] as number);
  return bytes;
}

/** Each row begins with a byte that says how it was predicted. Rows are moved to the front as they are undone. */
function withoutPng(bytes: Uint8Array, row: number, pixel: number): Uint8Array {
  let target = 0;
  for (let source = 0; source < bytes.length; source += row + 1) {
    const kind = bytes[source] as number;
    if (kind > 4) throw damagedPdf('a predicted row is of an unknown kind');
    const length = Math.min(row, bytes.length - source - 1);
    const first = target === 0;
    for (let i = 0; i < length; i++) {
      const at = target + i;
      const left = i >= pixel ? (bytes[at - pixel] as number) : 0;
      const up = first ? 0 : (bytes[at - row] as number);
      let by = 0;
      if (kind === 1) by = left;
      else if (kind === 2) by = up;
      else if (kind === 3) by = (left + up) >> 1;
      else if (kind === 4) by = paeth(left, up, first || i < pixel ? 0 : (bytes[at - row - pixel] as number));
      bytes[at] = (bytes[source + 1 + i] as number) + by;
    }
    target += length;
  }
  return bytes.subarray(0, target);
}

function paeth(left: number, up: number, upLeft: number): number {
  const estimate = left + up - upLeft;
  const [toLeft, toUp, toUpLeft] = [
    Math.abs(estimate - left),
    Math.abs(estimate - up),
    Math.abs(estimate - upLeft),
  ];
  if (toLeft <= toUp && toLeft <= toUpLeft) return left;
  return toUp <= toUpLeft ? up : upLeft;
}
