// A small writer of compound files, [MS-CFB], for vectors only. Shares no code with src/: another order of sectors,
// another shape of the directory tree.

const endOfChain = 0xfffffffe;
const free = 0xffffffff;
const none = 0xffffffff;

export const stream = (name, data) => ({ name, data });
export const storage = (name, ...children) => ({ name, children });

/** UTF-16 units in upper case; shorter names first, [MS-CFB] 2.6.4. */
const order = (a, b) => {
  const [x, y] = [a.name.toUpperCase(), b.name.toUpperCase()];
  return x.length - y.length || (x < y ? -1 : x > y ? 1 : 0);
};

/**
 * @param children what is in the root
 * @param options.version 3 or 4
 * @param options.backwards name of a stream whose sectors stand in the file last to first
 * @returns the bytes, and the file offset of each stream of the root that has sectors of its own or mini sectors
 */
export function compoundFile(children, { version = 3, backwards = undefined } = {}) {
  const sectorSize = version === 4 ? 4096 : 512;
  const sectors = [];
  const fat = [];
  /** Puts bytes into sectors of their own and gives the first one's number. */
  const place = (bytes, reverse = false) => {
    if (bytes.length === 0) return endOfChain;
    const count = Math.ceil(bytes.length / sectorSize);
    const first = sectors.length;
    for (let i = 0; i < count; i++) {
      const sector = Buffer.alloc(sectorSize);
      const part = reverse ? count - 1 - i : i;
      bytes.subarray(part * sectorSize, (part + 1) * sectorSize).copy(sector);
      sectors.push(sector);
      fat.push(
        reverse ? (i === 0 ? endOfChain : first + i - 1) : i === count - 1 ? endOfChain : first + i + 1,
      );
    }
    return reverse ? first + count - 1 : first;
  };

  const entries = [
    { name: 'Root Entry', type: 5, left: none, right: none, child: none, start: endOfChain, size: 0 },
  ];
  const mini = [];
  const miniFat = [];
  const starts = new Map();
  const add = (items) => {
    const sorted = [...items].sort(order);
    const ids = sorted.map((item) => {
      entries.push({ name: item.name, type: item.children ? 1 : 2, item, child: none, start: 0, size: 0 });
      return entries.length - 1;
    });
    const depth = Math.floor(Math.log2(Math.max(1, ids.length)));
    // Split in the middle; the deepest level is red, everything above it black.
    const link = (low, high, level) => {
      if (low >= high) return none;
      const middle = (low + high) >> 1;
      const entry = entries[ids[middle]];
      entry.red = level === depth && level > 0;
      entry.left = link(low, middle, level + 1);
      entry.right = link(middle + 1, high, level + 1);
      return ids[middle];
    };
    const top = link(0, ids.length, 0);
    for (const id of ids) if (entries[id].item.children) entries[id].child = add(entries[id].item.children);
    return top;
  };
  entries[0].child = add(children);

  for (const entry of entries) {
    if (entry.type !== 2) continue;
    const { data } = entry.item;
    entry.size = data.length;
    if (data.length >= 4096) {
      entry.start = place(data, entry.name === backwards);
      starts.set(entry.name, (entry.start + 1) * sectorSize);
    } else if (data.length > 0) {
      entry.start = mini.length;
      for (let at = 0; at < data.length; at += 64) {
        const sector = Buffer.alloc(64);
        data.subarray(at, at + 64).copy(sector);
        mini.push(sector);
        miniFat.push(at + 64 >= data.length ? endOfChain : mini.length);
      }
    }
  }
  entries[0].start = place(Buffer.concat(mini));
  entries[0].size = mini.length * 64;
  for (const entry of entries)
    if (entry.type === 2 && entry.size > 0 && entry.size < 4096)
      starts.set(entry.name, (entries[0].start + 1) * sectorSize + entry.start * 64);

  const words = (numbers) => {
    const bytes = Buffer.alloc(Math.ceil((numbers.length * 4) / sectorSize) * sectorSize, 0xff);
    for (const [i, number] of numbers.entries()) bytes.writeUInt32LE(number, i * 4);
    return bytes;
  };
  const miniFatBytes = words(miniFat);
  const miniFatStart = place(miniFatBytes);
  const directory = Buffer.alloc(Math.ceil((entries.length * 128) / sectorSize) * sectorSize);
  for (let at = 0; at < directory.length; at += 128) {
    const entry = entries[at / 128];
    directory.writeUInt32LE(none, at + 68);
    directory.writeUInt32LE(none, at + 72);
    directory.writeUInt32LE(none, at + 76);
    if (entry === undefined) continue;
    directory.write(entry.name, at, 'utf16le');
    directory.writeUInt16LE(entry.name.length * 2 + 2, at + 64);
    directory[at + 66] = entry.type;
    directory[at + 67] = entry.red ? 0 : 1;
    directory.writeUInt32LE(entry.left, at + 68);
    directory.writeUInt32LE(entry.right, at + 72);
    directory.writeUInt32LE(entry.child, at + 76);
    directory.writeUInt32LE(entry.start, at + 116);
    directory.writeBigUInt64LE(BigInt(entry.size), at + 120);
  }
  const directoryStart = place(directory);
  const directorySectors = directory.length / sectorSize;

  // The table is in sectors of its own, which it lists as such.
  const perSector = sectorSize / 4;
  let fatSectors = 1;
  while (fatSectors * perSector < fat.length + fatSectors) fatSectors++;
  const fatStart = sectors.length;
  const table = words([...fat, ...Array(fatSectors).fill(0xfffffffd)]);
  const head = Buffer.alloc(sectorSize);
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(head);
  head.writeUInt16LE(0x3e, 24);
  head.writeUInt16LE(version, 26);
  head.writeUInt16LE(0xfffe, 28);
  head.writeUInt16LE(version === 4 ? 12 : 9, 30);
  head.writeUInt16LE(6, 32);
  head.writeUInt32LE(version === 4 ? directorySectors : 0, 40);
  head.writeUInt32LE(fatSectors, 44);
  head.writeUInt32LE(directoryStart, 48);
  head.writeUInt32LE(4096, 56);
  head.writeUInt32LE(miniFatStart, 60);
  head.writeUInt32LE(miniFatBytes.length / sectorSize, 64);
  head.writeUInt32LE(endOfChain, 68);
  for (let i = 0; i < 109; i++) head.writeUInt32LE(i < fatSectors ? fatStart + i : free, 76 + 4 * i);
  return { bytes: Buffer.concat([head, ...sectors, table]), starts };
}
