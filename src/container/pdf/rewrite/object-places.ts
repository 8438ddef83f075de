/** Where the objects of a file that is being written are, in a few bytes each: documents have hundreds of thousands. */
export interface ObjectPlaces {
  readonly count: number;
  /** The highest number so far; 0 if there is none. */
  readonly highest: number;
  /** Whether objects stand within object streams. */
  readonly compressed: boolean;
  add(number: number, generation: number, offset: number): void;
  addInStream(number: number, stream: number, index: number): void;
  /** All of them, ascending by number; of two with the same number, the one added last. */
  ascending(): Generator<ObjectPlace>;
}

/** The place of one object. */
export interface ObjectPlace {
  readonly number: number;
  readonly inStream: boolean;
  /** The file offset, or the number of the object stream. */
  readonly at: number;
  /** The generation, or the index in the object stream. */
  readonly detail: number;
}

/** Objects that room is made for first. */
const firstRoom = 256;

export function objectPlaces(): ObjectPlaces {
  let numbers = new Uint32Array(firstRoom);
  let at = new Float64Array(firstRoom);
  /** Generation or index, and in the highest bit whether it is the index. */
  let details = new Uint32Array(firstRoom);
  let count = 0;
  let highest = 0;
  let compressed = false;
  const inStreamBit = 0x8000_0000;

  function push(number: number, place: number, detail: number): void {
    if (count === numbers.length) {
      numbers = grown(numbers, new Uint32Array(count * 2));
      at = grown(at, new Float64Array(count * 2));
      details = grown(details, new Uint32Array(count * 2));
    }
    numbers[count] = number;
    at[count] = place;
    details[count] = detail;
    count++;
    highest = Math.max(highest, number);
  }

  return {
    get count() {
      return count;
    },
    get highest() {
      return highest;
    },
    get compressed() {
      return compressed;
    },
    add: (number, generation, offset) => push(number, offset, generation),
    addInStream(number, stream, index) {
      compressed = true;
      push(number, stream, (index | inStreamBit) >>> 0);
    },
    *ascending() {
      const order = new Uint32Array(count);
      for (let i = 0; i < count; i++) order[i] = i;
      const known = numbers;
      order.sort((a, b) => (known[a] as number) - (known[b] as number) || a - b);
      for (let i = 0; i < count; i++) {
        const entry = order[i] as number;
        const next = order[i + 1];
        const number = numbers[entry] as number;
        if (next !== undefined && numbers[next] === number) continue;
        const detail = details[entry] as number;
        yield {
          number,
          inStream: detail >= inStreamBit,
          at: at[entry] as number,
          detail: detail % inStreamBit,
        };
      }
    },
  };
}

function grown<T extends Uint32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
