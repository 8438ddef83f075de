/**
 * Letters that got a capital after Unicode 5.0, which is what compound files know, [MS-CFB] 2.6.4. Ranges
 * may cover letters without a capital too.
 */
// biome-ignore format: pairs
const laterLetters: readonly (readonly [number, number])[] = [
  [0x19b, 0x19b], [0x23f, 0x240], [0x250, 0x252], [0x25c, 0x25c], [0x261, 0x261], [0x264, 0x266],
  [0x26a, 0x26a], [0x26c, 0x26c], [0x271, 0x271], [0x282, 0x282], [0x287, 0x287], [0x29d, 0x29e],
  [0x371, 0x377], [0x3d7, 0x3d7], [0x3f3, 0x3f3], [0x514, 0x52f], [0x10d0, 0x10ff], [0x13f8, 0x13fd],
  [0x1c80, 0x1c8a], [0x1d79, 0x1d79], [0x1d8e, 0x1d8e], [0x1efa, 0x1eff], [0x2c5f, 0x2c5f], [0x2c73, 0x2c73],
  [0x2ceb, 0x2cf3], [0x2d27, 0x2d2d], [0xa640, 0xabbf],
];

/** What Windows maps in its own way, [MS-CFB] appendix, note 3; and capitals with iota, where JavaScript gives two letters. */
const deviations = new Map<number, number>([
  [0x23a, 0x2c65],
  [0x2c65, 0x2c65],
  [0x23e, 0x2c66],
  [0x2c66, 0x2c66],
  [0x3c2, 0x3a3],
  [0x3c3, 0x3a3],
  [0x1fc3, 0x1fc3],
  [0x1fcc, 0x1fc3],
  [0x1fb3, 0x1fbc],
  [0x1ff3, 0x1ffc],
]);
for (const first of [0x1f80, 0x1f90, 0x1fa0])
  for (let unit = first; unit < first + 8; unit++) deviations.set(unit, unit + 8);

/** One UTF-16 unit in upper case as the format has it. */
export function upperCaseOf(unit: number): number {
  const deviation = deviations.get(unit);
  if (deviation !== undefined) return deviation;
  if (laterLetters.some(([first, last]) => unit >= first && unit <= last)) return unit;
  const upper = String.fromCharCode(unit).toUpperCase();
  return upper.length === 1 ? upper.charCodeAt(0) : unit;
}

/** Negative if `a` stands before `b`, 0 if they are the same name: length first, then unit by unit. */
export function orderOf(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  for (let index = 0; index < a.length; index++) {
    const difference = upperCaseOf(a.charCodeAt(index)) - upperCaseOf(b.charCodeAt(index));
    if (difference !== 0) return difference;
  }
  return 0;
}
