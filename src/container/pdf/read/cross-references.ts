import { maxima } from '../../../bytes/index.ts';
import type { PdfObjectEntry } from '../pdf-document.ts';
import { beyondPdfLimit } from './damage.ts';

/** Where an object is: at an offset, or in an object stream. */
export type Place =
  | { readonly kind: 'offset'; readonly offset: number; readonly generation: number }
  | { readonly kind: 'stream'; readonly stream: number; readonly index: number };

/**
 * Places of objects by their numbers, in memory that grows with the numbers that are used. What is set first stays, as
 * the newest cross-references are read first.
 */
export interface CrossReferences {
  /** How many objects are in use. */
  readonly live: number;
  setOffset(number: number, offset: number, generation: number): void;
  setInStream(number: number, stream: number, index: number): void;
  setFree(number: number): void;
  find(number: number): Place | undefined;
  /** Forgets what was set for the number. */
  clear(number: number): void;
  /** The objects in use, in no order. */
  inUse(): Iterable<readonly [number: number, place: Place]>;
  /** Offsets of objects in use, ascending. */
  offsets(): Float64Array;
  /** The objects in use, ascending by offset, those of an object stream behind the stream. */
  inFileOrder(): PdfObjectEntry[];
}

const unknown = 0;
const free = 1;
const atOffset = 2;
const inStream = 3;

const blockLength = 1024;

/** No generation is higher (ISO 32000-2, annex C.2), nor has a table room for it. */
const highestGeneration = 65535;

interface Block {
  readonly kinds: Uint8Array;
  /** The offset, or the number of the object stream. */
  readonly places: Float64Array;
  /** The generation, or the index in the object stream. */
  readonly details: Uint32Array;
}

/** Objects that any file may have in use, however small it is. */
const fewObjects = 50_000;

/**
 * Most objects in use of a file. Packed object streams hold several in ten bytes, and hardly ever more than one in a byte:
 * what claims more takes memory that its size does not pay for.
 */
const mostObjects = (fileSize: number): number => Math.min(maxima.pdfLiveObjects, fewObjects + fileSize);

/** @param fileSize bytes of the file whose objects they are */
export function crossReferences(fileSize: number): CrossReferences {
  const most = mostObjects(fileSize);
  const blocks = new Map<number, Block>();
  let live = 0;

  function set(number: number, kind: number, place: number, detail: number): void {
    // Numbers of objects start at 1; what stands for 0 is the list of free ones.
    if (number === 0) return;
    if (number > maxima.pdfObjects) throw beyondPdfLimit('objects', maxima.pdfObjects);
    const key = Math.floor(number / blockLength);
    let block = blocks.get(key);
    if (block === undefined) {
      block = {
        kinds: new Uint8Array(blockLength),
        places: new Float64Array(blockLength),
        details: new Uint32Array(blockLength),
      };
      blocks.set(key, block);
    }
    const i = number % blockLength;
    if (block.kinds[i] !== unknown) return;
    block.kinds[i] = kind;
    block.places[i] = place;
    block.details[i] = kind === atOffset ? Math.min(detail, highestGeneration) : detail;
    if (kind !== free && ++live > most) throw beyondPdfLimit('objects', most);
  }

  function find(number: number): Place | undefined {
    const block = blocks.get(Math.floor(number / blockLength));
    if (block === undefined) return undefined;
    const i = number % blockLength;
    const [place, detail] = [block.places[i] as number, block.details[i] as number];
    if (block.kinds[i] === atOffset) return { kind: 'offset', offset: place, generation: detail };
    return block.kinds[i] === inStream ? { kind: 'stream', stream: place, index: detail } : undefined;
  }

  function* inUse(): Generator<[number: number, place: Place]> {
    for (const [key, block] of blocks)
      for (let i = 0; i < blockLength; i++)
        if ((block.kinds[i] as number) > free) {
          const number = key * blockLength + i;
          yield [number, find(number) as Place];
        }
  }

  return {
    get live() {
      return live;
    },
    // Offset 0 is where the file begins, so it is written for objects that are nowhere.
    setOffset: (number, offset, generation) => set(number, offset > 0 ? atOffset : free, offset, generation),
    setInStream: (number, stream, index) => set(number, inStream, stream, index),
    setFree: (number) => set(number, free, 0, 0),
    find,
    inUse,
    clear(number) {
      if (find(number) !== undefined) live--;
      const block = blocks.get(Math.floor(number / blockLength));
      if (block !== undefined) block.kinds[number % blockLength] = unknown;
    },
    offsets() {
      const offsets = new Float64Array(live);
      let count = 0;
      for (const block of blocks.values())
        for (let i = 0; i < blockLength; i++)
          if (block.kinds[i] === atOffset) offsets[count++] = block.places[i] as number;
      return offsets.subarray(0, count).sort();
    },
    inFileOrder() {
      const placed: { readonly entry: PdfObjectEntry; readonly offset: number; readonly index: number }[] =
        [];
      for (const [number, place] of inUse())
        if (place.kind === 'offset') {
          const { offset, generation } = place;
          placed.push({ entry: Object.freeze({ number, generation, offset }), offset, index: -1 });
        } else {
          const stream = find(place.stream);
          // An object stream is no part of another, and one that is nowhere has no objects.
          if (stream?.kind !== 'offset') continue;
          const where = Object.freeze({ number: place.stream, index: place.index });
          const entry = Object.freeze({ number, generation: 0, inStream: where });
          placed.push({ entry, offset: stream.offset, index: place.index });
        }
      placed.sort((a, b) => a.offset - b.offset || a.index - b.index || a.entry.number - b.entry.number);
      return placed.map(({ entry }) => entry);
    },
  };
}
