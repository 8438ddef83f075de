import { describe, expect, it } from 'vitest';
import { type ByteSource, sliceSource } from '../../bytes/index.ts';
import type { CompoundStream } from './compound-file.ts';
import { bytesOf, type TestEntry, testFile } from './read.test-support.ts';
import { readCompoundFile } from './read.ts';

interface Sparse {
  readonly version: 3 | 4;
  /** Sectors for streams. */
  readonly sectors: number;
  /** What follows sector `index` of those; a number counted like them, or a mark. The next one by default. */
  readonly next?: (index: number) => number;
  readonly directorySectors?: number;
  /** Fills a sector of the directory. */
  directory(sector: number, view: DataView): void;
}

const endOfChain = 0xfffffffe;

/** A file that is made while it is read: FAT, DIFAT, directory, then streams, every 8 bytes their own offset. */
function sparseFile({
  version,
  sectors,
  next = (index) => index + 1,
  directorySectors = 1,
  directory,
}: Sparse) {
  const sectorSize = version === 3 ? 512 : 4096;
  const numbers = sectorSize / 4;
  const marks = 0xfffffff0;
  let [fat, difat] = [0, 0];
  for (;;) {
    const wanted = Math.ceil((sectors + directorySectors + fat + difat) / numbers);
    const lists = Math.max(0, Math.ceil((wanted - 109) / (numbers - 1)));
    if (wanted === fat && lists === difat) break;
    [fat, difat] = [wanted, lists];
  }
  const first = fat + difat + directorySectors;
  const total = first + sectors;
  const size = (total + 1) * sectorSize;
  const calls = { count: 0, bytes: 0 };

  function fatEntry(sector: number): number {
    if (sector < fat) return 0xfffffffd;
    if (sector < fat + difat) return 0xfffffffc;
    if (sector < first) return sector + 1 === first ? endOfChain : sector + 1;
    if (sector >= total) return 0xffffffff;
    const following = next(sector - first);
    return following >= marks ? following : following === sectors ? endOfChain : following + first;
  }

  function fill(sector: number, view: DataView): void {
    const put = (i: number, value: number): void => view.setUint32(4 * i, value, true);
    if (sector < 0) header(view);
    else if (sector < fat) for (let i = 0; i < numbers; i++) put(i, fatEntry(sector * numbers + i));
    else if (sector < fat + difat) {
      const list = sector - fat;
      for (let i = 0; i < numbers - 1; i++) {
        const part = 109 + list * (numbers - 1) + i;
        put(i, part < fat ? part : 0xffffffff);
      }
      put(numbers - 1, list + 1 < difat ? sector + 1 : endOfChain);
    } else if (sector < first) directory(sector - fat - difat, view);
    else for (let i = 0; i < sectorSize; i += 8) view.setFloat64(i, (sector + 1) * sectorSize + i);
  }

  function header(view: DataView): void {
    view.setUint32(0, 0xd0cf11e0);
    view.setUint32(4, 0xa1b11ae1);
    view.setUint16(0x1a, version, true);
    view.setUint16(0x1c, 0xfffe, true);
    view.setUint16(0x1e, version === 3 ? 9 : 12, true);
    view.setUint16(0x20, 6, true);
    const fields: readonly (readonly [number, number])[] = [
      [0x28, version === 4 ? directorySectors : 0],
      [0x2c, fat],
      [0x30, fat + difat],
      [0x38, 4096],
      [0x3c, endOfChain],
      [0x44, difat > 0 ? fat : endOfChain],
      [0x48, difat],
    ];
    for (const [at, value] of fields) view.setUint32(at, value, true);
    for (let i = 0; i < 109; i++) view.setUint32(0x4c + 4 * i, i < fat ? i : 0xffffffff, true);
  }

  const readInto = (offset: number, target: Uint8Array): number => {
    const wanted = Math.max(0, Math.min(target.length, size - offset));
    calls.count++;
    calls.bytes += wanted;
    for (let done = 0; done < wanted; ) {
      const sector = Math.floor((offset + done) / sectorSize) - 1;
      const view = new DataView(new ArrayBuffer(sectorSize));
      fill(sector, view);
      const part = new Uint8Array(view.buffer)
        .subarray((offset + done) % sectorSize)
        .subarray(0, wanted - done);
      target.set(part, done);
      done += part.length;
    }
    return wanted;
  };
  const source: ByteSource = {
    size,
    seekable: true,
    readInto,
    read(offset, length) {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      readInto(offset, bytes);
      return bytes;
    },
    slice: (offset, length) => sliceSource(source, offset, length),
  };
  return { source, calls, first, start: (first + 1) * sectorSize, size };
}

interface Fields {
  readonly name: string;
  readonly type: number;
  readonly left?: number;
  readonly right?: number;
  readonly child?: number;
  readonly start?: number;
  readonly size?: number;
}

const none = 0xffffffff;

function entry(view: DataView, at: number, fields: Fields): void {
  const { name, type, left = none, right = none, child = none, start = endOfChain, size = 0 } = fields;
  for (let i = 0; i < name.length; i++) view.setUint16(at + 2 * i, name.charCodeAt(i), true);
  view.setUint16(at + 0x40, 2 * name.length + 2, true);
  view.setUint8(at + 0x42, type);
  view.setUint32(at + 0x44, left, true);
  view.setUint32(at + 0x48, right, true);
  view.setUint32(at + 0x4c, child, true);
  view.setUint32(at + 0x74, start, true);
  view.setUint32(at + 0x78, size % 2 ** 32, true);
  view.setUint32(at + 0x7c, Math.floor(size / 2 ** 32), true);
}

/** A file with one stream of `size` bytes. */
function oneStream(version: 3 | 4, size: number, next?: (index: number) => number) {
  const sectorSize = version === 3 ? 512 : 4096;
  const file: ReturnType<typeof sparseFile> = sparseFile({
    version,
    sectors: Math.ceil(size / sectorSize),
    ...(next && { next }),
    directory(_, view) {
      entry(view, 0, { name: 'Root Entry', type: 5, child: 1 });
      entry(view, 128, { name: 'Presentation', type: 2, start: file.first, size });
    },
  });
  return file;
}

const offsetIn = (bytes: Uint8Array): number => new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0);

describe('a large compound file', () => {
  it.each([
    ['of version 3 and a little more than 2 GiB', 3, 2 ** 31 + 5],
    ['of version 4 and 5 GiB', 4, 5 * 2 ** 30 + 8],
    ['of version 4 and 20 GiB', 4, 20 * 2 ** 30 + 8],
  ] as const)('%s is read anywhere, and only where it is asked for', async (_, version, size) => {
    const { source, calls, start } = oneStream(version, size);
    const file = await readCompoundFile(source);
    const opened = { ...calls };
    expect(opened.count).toBeLessThanOrEqual(20);
    expect(opened.bytes).toBeLessThanOrEqual(1024 * 1024);
    const found = file.find('presentation') as CompoundStream;
    expect(found.size).toBe(size);
    expect(await file.offsetOf(found)).toBe(start);
    const content = file.open(found);
    const last = Math.floor((size - 8) / 8) * 8;
    for (const offset of [0, 8, 2 ** 31 - 131_072, Math.floor(size / 16) * 8, last])
      expect(offsetIn((await content.read(offset, 8)).slice())).toBe(start + offset);
    // The allocation table was read for it, a part at a time, and nothing else.
    expect(calls.bytes).toBeLessThan(size / 100);
    expect(calls.count).toBeLessThan(20 + size / (version === 3 ? 4e6 : 1e7));
    const before = calls.count;
    expect(content.readInto?.(last - 2 ** 20, new Uint8Array(2 ** 20))).toBe(2 ** 20);
    expect(calls.count).toBe(before + 1);
    expect(await content.read(size, 10)).toHaveLength(0);
  });

  it('that is scattered over too many places is refused', async () => {
    // Every second sector, then the others.
    const sectors = 2_100_000;
    const { source } = oneStream(3, sectors * 512, (index) => (index + 2 < sectors ? index + 2 : 1));
    const file = await readCompoundFile(source);
    await expect(file.open(file.find('Presentation') as CompoundStream).read(0, 1)).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
    });
  });

  it('whose stream runs in a circle is refused at the first round', async () => {
    const { source, calls } = oneStream(4, 300 * 2 ** 30, (index) => (index === 5000 ? 1000 : index + 1));
    const file = await readCompoundFile(source);
    await expect(file.open(file.find('Presentation') as CompoundStream).read(0, 1)).rejects.toMatchObject({
      code: 'MALFORMED_CONTAINER',
    });
    expect(calls.bytes).toBeLessThan(1024 * 1024);
  });
});

describe('a compound file with many entries', () => {
  const nameOf = (id: number): string => `s${String(id).padStart(7, '0')}`;

  /** Streams that hang on one another to the right, or in a balanced tree. */
  function manyStreams(count: number, deep: boolean) {
    const middle = (low: number, high: number): number => (low > high ? none : (low + high) >>> 1);
    const links = new Map<number, readonly [number, number]>();
    if (!deep)
      for (const stack: [number, number][] = [[1, count]]; stack.length > 0; ) {
        const [low, high] = stack.pop() as [number, number];
        if (low > high) continue;
        const at = middle(low, high);
        links.set(at, [middle(low, at - 1), middle(at + 1, high)]);
        stack.push([low, at - 1], [at + 1, high]);
      }
    return sparseFile({
      version: 4,
      sectors: 1,
      directorySectors: Math.ceil((count + 1) / 32),
      directory(sector, view) {
        for (let i = 0; i < 32; i++) {
          const id = sector * 32 + i;
          if (id === 0) entry(view, 0, { name: 'Root Entry', type: 5, child: deep ? 1 : middle(1, count) });
          else if (id <= count) {
            const [left, right] = links.get(id) ?? [none, id < count ? id + 1 : none];
            entry(view, i * 128, { name: nameOf(id), type: 2, left, right });
          }
        }
      },
    });
  }

  it.each([
    ['10,000 in a balanced tree', 10_000, false],
    ['1,000,000 in one long branch', 1_000_000, true],
  ] as const)('gives all of them: %s', async (_, count, deep) => {
    const file = await readCompoundFile(manyStreams(count, deep).source);
    expect(file.root.entries).toHaveLength(count);
    expect(file.root.entries[0]?.name).toBe(nameOf(1));
    for (const id of [1, count >> 1, count])
      expect(file.find(nameOf(id).toUpperCase())?.name).toBe(nameOf(id));
    expect(file.find('S')).toBeUndefined();
  });

  it('is refused with more than a million', async () => {
    await expect(readCompoundFile(manyStreams(1_000_040, true).source)).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
    });
  });
});

describe('a small protected document', () => {
  const document: readonly TestEntry[] = [
    {
      name: '\x06DataSpaces',
      entries: [
        { name: 'Version', content: bytesOf(76) },
        { name: 'DataSpaceMap', content: bytesOf(112) },
        { name: 'DataSpaceInfo', entries: [{ name: 'DRMEncryptedDataSpace', content: bytesOf(64) }] },
        {
          name: 'TransformInfo',
          entries: [
            { name: 'DRMEncryptedTransform', entries: [{ name: '\x06Primary', content: bytesOf(40_000) }] },
          ],
        },
      ],
    },
    { name: '\x05SummaryInformation', content: bytesOf(300) },
    { name: 'EncryptedPackage', content: bytesOf(3_000_000) },
  ];

  it('is looked into with few reads', async () => {
    const { bytes } = testFile(document);
    const calls: number[] = [];
    const source: ByteSource = {
      size: bytes.length,
      seekable: true,
      read: (offset, length) => bytes.slice(offset, offset + length),
      readInto(offset, target) {
        calls.push(target.length);
        target.set(bytes.subarray(offset, offset + target.length));
        return target.length;
      },
      slice: (offset, length) => sliceSource(source, offset, length),
    };
    const file = await readCompoundFile(source, { head: bytes.subarray(0, 4096) });
    expect(calls.length).toBeLessThanOrEqual(2);
    const spaces = '\x06DataSpaces';
    for (const path of [
      [spaces, 'Version'],
      [spaces, 'DataSpaceMap'],
      [spaces, 'DataSpaceInfo', 'DRMEncryptedDataSpace'],
      [spaces, 'TransformInfo', 'DRMEncryptedTransform', '\x06Primary'],
      ['\x05SummaryInformation'],
    ])
      await file.read(file.find(...path) as CompoundStream, 1 << 20);
    // Directory, small streams, and the license itself.
    expect(calls.length).toBeLessThanOrEqual(4);
    expect(calls.reduce((sum, length) => sum + length, 0)).toBeLessThan(40_000 + 20_000);
  });
});
