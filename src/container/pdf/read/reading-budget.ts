import { maxima } from '../../../bytes/index.ts';
import { beyondPdfLimit } from './damage.ts';

/** Times its size that a file may be parsed and unpacked. Genuine ones take a few, most of it for packed objects. */
const mostTimes = 32;

/** A value takes as long as so many bytes of text. */
const bytesOfValue = 4;
/** In large objects that are read again: genuine files have few of them. */
const bytesOfRepeated = 16;
/** Bytes that an object is large from. */
const largeObject = 4096;

/** Bytes of a file that may still be parsed, searched and unpacked. */
export interface ReadingBudget {
  /** @throws SealwrightError `LIMIT_EXCEEDED` where nothing is left */
  spend(bytes: number): void;
  /**
   * For an object that was parsed.
   *
   * @throws SealwrightError `LIMIT_EXCEEDED` where nothing is left
   */
  spendOn(number: number, bytes: number, values: number): void;
}

/**
 * Many places of a file may lead to one object, and each has it read again: what all of them take together is bounded by the
 * size of the file, as each single object is by its own maxima.
 *
 * @param size bytes of the file
 */
export function readingBudget(size: number): ReadingBudget {
  const most = mostTimes * size + 2 * maxima.pdfStructureBytes;
  let left = most;
  const largeOnes = new Set<number>();
  const spend = (bytes: number): void => {
    left -= bytes;
    if (left < 0) throw beyondPdfLimit('bytes that its objects take when they are read', most);
  };
  return {
    spend,
    spendOn(number, bytes, values) {
      const isLarge = bytes > largeObject;
      const again = isLarge && largeOnes.has(number);
      if (isLarge) largeOnes.add(number);
      spend(bytes + values * (again ? bytesOfRepeated : bytesOfValue));
    },
  };
}
