import { wipe } from '../bytes/index.ts';
import { smallFileLength } from './small-file.ts';

/** Rooms that are kept for the next files: two for each file in progress, as bulk runs have them. */
const mostSpare = 16;

const spare: Uint8Array[] = [];

/** Memory that is used again. */
export interface LentMemory {
  /** As long as was asked for. It may hold anything. */
  readonly bytes: Uint8Array;
  /** Whether it was not given back yet. */
  readonly lent: boolean;
  /** Wipes it and lends it to others; may be called again. */
  giveBack(): void;
}

/**
 * Lends memory for the content of one small file. New memory for each of many files costs more than their ciphers: its pages,
 * and a garbage collection of everything for every hundred of them (spec/bulk.md, "Memory").
 */
export function lendMemory(length: number): LentMemory {
  const room =
    length > smallFileLength ? new Uint8Array(length) : (spare.pop() ?? new Uint8Array(smallFileLength));
  const bytes = room.subarray(0, length);
  let lent = true;
  return {
    bytes,
    get lent() {
      return lent;
    },
    giveBack() {
      if (!lent) return;
      lent = false;
      wipe(bytes);
      if (room.length === smallFileLength && spare.length < mostSpare) spare.push(room);
    },
  };
}

const borrowers = new WeakMap<object, LentMemory>();

/** Has `memory` given back when `borrower` ends. */
export const giveBackWith = (borrower: object, memory: LentMemory): void =>
  void borrowers.set(borrower, memory);

/** Called when `borrower` ends. */
export const endOfBorrower = (borrower: object): void => borrowers.get(borrower)?.giveBack();
