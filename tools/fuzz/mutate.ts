import type { Random } from './random.ts';

/** How inputs of a target are best changed. */
export interface MutationHabits {
  /** Tokens that mean something where they stand: tags, quotes, keys. */
  readonly tokens?: readonly string[];
  /** Bytes at the start that are changed as often as all the rest. */
  readonly head?: number;
  /** Pairs that are put around a place many times over, to nest deeply. */
  readonly nests?: readonly (readonly [string, string])[];
  /**
   * Changes an input with knowledge of its format, so that the rest of it stays true; `undefined` if it finds nothing to
   * change. Asked for two of three changes.
   */
  readonly reshape?: (
    bytes: Uint8Array,
    random: Random,
  ) => Uint8Array | undefined | Promise<Uint8Array | undefined>;
}

const largestInput = 256 * 1024;

/** Values that break length arithmetic more often than random ones do. */
export const tellingNumbers = [
  0n, 1n, 2n, 15n, 16n, 17n, 0x7fn, 0x80n, 0xffn, 0x100n, 0x7fffn, 0x8000n, 0xffffn, 0x10000n, 0x100000n,
  0x7fff_ffffn, 0x8000_0000n, 0xffff_fff0n, 0xffff_fffen, 0xffff_ffffn, 0x1_0000_0000n, 0x1f_ffff_ffff_ffffn,
  0x20_0000_0000_0000n, 0x7fff_ffff_ffff_ffffn, 0xffff_ffff_ffff_ffffn,
]; // biome-ignore format: a table

const tellingText = [
  '0',
  '-1',
  '1',
  '65536',
  '4294967295',
  '9007199254740993',
  '1e400',
  'NaN',
  '',
  '\0',
  '\ud7ff',
  '💥',
];

const letters = [...'0123456789ABCDEFXYZabcdefxyz'];

const encoder = new TextEncoder();
/** One of several. */
export const pick = <T>(from: readonly T[], random: Random): T => from[random(from.length)] as T;

function join(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** One to eight changes to one of `samples`, decided by `random` alone. */
export async function mutated(
  samples: readonly Uint8Array[],
  habits: MutationHabits,
  random: Random,
): Promise<Uint8Array> {
  let bytes: Uint8Array = pick(samples, random).slice();
  let changes = 1;
  while (changes < 8 && random(2) === 0) changes++;
  for (let i = 0; i < changes; i++) {
    const reshaped =
      habits.reshape !== undefined && random(3) > 0 ? await habits.reshape(bytes, random) : undefined;
    bytes = reshaped ?? changed(bytes, samples, habits, random);
  }
  return bytes.slice(0, largestInput);
}

function changed(
  bytes: Uint8Array,
  samples: readonly Uint8Array[],
  { tokens = [], head = 0, nests = [] }: MutationHabits,
  random: Random,
): Uint8Array {
  const inHead = head > 0 && random(2) === 0;
  const at = random((inHead ? Math.min(head, bytes.length) : bytes.length) + 1);
  const length = 1 + random(pick([4, 16, 64, 4096], random));
  const before = bytes.subarray(0, at);
  const rest = (from: number): Uint8Array => bytes.subarray(Math.min(from, bytes.length));
  switch (random(tokens.length > 0 ? 20 : 10)) {
    case 0:
    case 1:
      return withByte(bytes, at, (byte) => byte ^ (1 << random(8)));
    case 2:
      return withByte(bytes, at, () => random(256));
    case 3:
    case 4:
      return withNumber(bytes, at, random);
    case 5:
      return before;
    case 6:
      return join(before, bytes.subarray(at, at + length), rest(at));
    case 7:
      return join(before, rest(at + length));
    case 8:
      return join(
        before,
        Uint8Array.from({ length: Math.min(length, 64) }, () => random(256)),
        rest(at),
      );
    case 9: {
      const other = pick(samples, random);
      const from = random(other.length + 1);
      const taken = other.subarray(from, random(3) === 0 ? other.length : from + length);
      return join(before, taken, rest(at + (random(2) === 0 ? taken.length : 0)));
    }
    case 10:
      return join(before, encoder.encode(pick(tokens, random)), rest(at));
    case 11:
      return join(before, encoder.encode(pick(tellingText, random)), rest(at + random(8)));
    case 12: {
      const token = encoder.encode(pick(tokens, random));
      const times = 1 + random(Math.floor(20_000 / Math.max(1, token.length)));
      return join(before, ...Array.from({ length: times }, () => token), rest(at));
    }
    case 13: {
      if (nests.length === 0) return before;
      const [open, close] = pick(nests, random);
      const times = 1 + random(pick([40, 2000, 20_000], random));
      return join(before, encoder.encode(open.repeat(times)), encoder.encode(close.repeat(times)), rest(at));
    }
    default:
      return withLetter(bytes, at, random);
  }
}

/** Changes letters and digits into others, so that the text stays what it is and says something else. */
function withLetter(bytes: Uint8Array, at: number, random: Random): Uint8Array {
  const isWord = (byte: number | undefined) =>
    byte !== undefined && /[0-9A-Za-z]/.test(String.fromCharCode(byte));
  let place = at;
  while (place < bytes.length && !isWord(bytes[place])) place++;
  for (let times = 1 + random(3); times > 0 && isWord(bytes[place]); times--)
    bytes[place++] = pick(letters, random).charCodeAt(0);
  return bytes;
}

function withByte(bytes: Uint8Array, at: number, change: (byte: number) => number): Uint8Array {
  if (at < bytes.length) bytes[at] = change(bytes[at] as number);
  return bytes;
}

function withNumber(bytes: Uint8Array, at: number, random: Random): Uint8Array {
  const width = pick([1, 2, 4, 8] as const, random);
  const start = Math.min(at, bytes.length - width);
  if (start < 0) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  // Half of the time the number near by, which is an off-by-one somewhere.
  const littleEndian = random(4) > 0;
  let value = pick(tellingNumbers, random);
  if (width === 4 && random(2) === 0)
    value = BigInt(view.getUint32(start, littleEndian)) + BigInt(random(5) - 2);
  for (let i = 0; i < width; i++)
    bytes[start + (littleEndian ? i : width - 1 - i)] = Number((value >> BigInt(8 * i)) & 0xffn);
  return bytes;
}
