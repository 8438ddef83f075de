import { ByteWriter, concatBytes } from '../../../bytes/index.ts';
import {
  compressionTypes,
  dictionaryBytes,
  firstDictionary,
  headerBytes,
  shortestRun,
} from './compressed-rtf.ts';
import { outlookCrc } from './outlook-crc.ts';

const longestRun = 17;
/** Places that are looked at for a longer run; more make the result hardly smaller. */
const candidates = 32;

/**
 * RTF as Outlook keeps it in a property (spec/mail.md, "RTF").
 *
 * @param rtf RTF, of less than 4 GB
 * @returns the header of 16 bytes and the compressed bytes; `decompressRtf` gives the same RTF
 *
 * @example
 * ```ts
 * const stored = compressRtf(encodeUtf8('{\\rtf1 Hello}'));
 * ```
 */
export function compressRtf(rtf: Uint8Array): Uint8Array {
  // The dictionary holds what was written last, so it is the text itself with the first dictionary in front.
  const all = concatBytes([firstDictionary, rtf]);
  const begin = firstDictionary.length;
  const latest = new Map<number, number>();
  const before = new Int32Array(all.length).fill(-1);
  const pairAt = (at: number): number => ((all[at] as number) << 8) | (all[at + 1] as number);
  const remember = (at: number): void => {
    if (at + 1 >= all.length) return;
    const pair = pairAt(at);
    before[at] = latest.get(pair) ?? -1;
    latest.set(pair, at);
  };
  for (let at = 0; at < begin; at++) remember(at);

  const output = new Uint8Array(all.length + Math.ceil(all.length / 8) + 16);
  let length = 0;
  let controlAt = 0;
  let bit = 8;
  const item = (isReference: boolean): void => {
    if (bit === 8) {
      controlAt = length++;
      bit = 0;
    }
    if (isReference) output[controlAt] = (output[controlAt] as number) | (1 << bit);
    bit++;
  };
  const reference = (from: number, run: number): void => {
    item(true);
    const bits = ((from % dictionaryBytes) << 4) | (run - shortestRun);
    output[length++] = bits >>> 8;
    output[length++] = bits & 0xff;
  };

  let at = begin;
  while (at < all.length) {
    let best = 0;
    let bestFrom = 0;
    let from = at + 1 < all.length ? (latest.get(pairAt(at)) ?? -1) : -1;
    // One place of the dictionary is the end mark: the one that is written next.
    for (
      let tries = 0;
      from >= 0 && at - from < dictionaryBytes - longestRun && tries < candidates;
      tries++
    ) {
      let run = 2;
      while (run < longestRun && at + run < all.length && all[from + run] === all[at + run]) run++;
      if (run > best) [best, bestFrom] = [run, from];
      from = before[from] as number;
    }
    if (best < shortestRun) {
      item(false);
      output[length++] = all[at] as number;
      best = 1;
    } else reference(bestFrom, best);
    for (let i = 0; i < best; i++) remember(at + i);
    at += best;
  }
  reference(at, shortestRun);
  const content = output.slice(0, length);
  return new ByteWriter()
    .uint32(content.length + headerBytes - 4)
    .uint32(rtf.length)
    .uint32(compressionTypes.compressed)
    .uint32(outlookCrc(content))
    .bytes(content)
    .toBytes();
}
