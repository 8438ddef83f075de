import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ByteSource, memorySource, streamSource } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { CompoundFile, CompoundStorage, CompoundStream } from './compound-file.ts';
import { compareNames } from './names.ts';
import { bytesOf, type TestEntry, type TestFile, testFile } from './read.test-support.ts';
import { readCompoundFile } from './read.ts';
import { contents, counted, expectBytes } from './read-everything.test-support.ts';

const document: readonly TestEntry[] = [
  { name: 'EncryptedPackage', content: bytesOf(20_000) },
  {
    name: '\x06DataSpaces',
    entries: [
      { name: 'Version', content: bytesOf(76, 2) },
      { name: 'DataSpaceMap', content: bytesOf(112, 3) },
      { name: 'TransformInfo', entries: [{ name: 'Primary', content: bytesOf(5000, 4) }] },
    ],
  },
  { name: '\x05SummaryInformation', content: bytesOf(200, 5) },
  { name: 'Empty', content: new Uint8Array(0) },
];

function stream(file: CompoundFile, ...path: readonly string[]): CompoundStream {
  const found = file.find(...path);
  if (found?.kind !== 'stream') throw new Error(`no stream ${path.join('/')}`);
  return found;
}

const namesOf = ({ entries }: CompoundStorage): readonly string[] => entries.map(({ name }) => name);

describe('a compound file', () => {
  it.each([3, 4] as const)('of version %i gives its storages and streams', async (version) => {
    const file = await readCompoundFile(memorySource(testFile(document, { version }).bytes));
    expect(file.version).toBe(version);
    expect(file.root.name).toBe('Root Entry');
    expect(namesOf(file.root)).toEqual([
      'Empty',
      '\x06DataSpaces',
      'EncryptedPackage',
      '\x05SummaryInformation',
    ]);
    const found = new Map(await contents(file));
    const expected = {
      Empty: new Uint8Array(0),
      '\x06DataSpaces/Version': bytesOf(76, 2),
      '\x06DataSpaces/DataSpaceMap': bytesOf(112, 3),
      '\x06DataSpaces/TransformInfo/Primary': bytesOf(5000, 4),
      EncryptedPackage: bytesOf(20_000),
      '\x05SummaryInformation': bytesOf(200, 5),
    };
    expect([...found.keys()].sort()).toEqual(Object.keys(expected).sort());
    for (const [path, bytes] of Object.entries(expected)) expectBytes(found.get(path) as Uint8Array, bytes);
  });

  it('is searched without regard to case', async () => {
    const file = await readCompoundFile(memorySource(testFile(document).bytes));
    expect(file.find('\x06dataspaces', 'VERSION')?.name).toBe('Version');
    expect(file.find('\x06DataSpaces')?.kind).toBe('storage');
    expect(file.find()).toBe(file.root);
    expect(file.find('DataSpaces')).toBeUndefined();
    expect(file.find('Empty', 'Version')).toBeUndefined();
    expect(file.find('\x06DataSpaces', 'Missing')).toBeUndefined();
  });

  it('gives facts of storages as they are stored', async () => {
    const made = testFile(document);
    const at = made.entryAt('\x06DataSpaces');
    made.bytes.set(bytesOf(16), at + 0x50);
    made.view.setUint32(at + 0x60, 0xdeadbeef, true);
    made.view.setBigUint64(at + 0x64, 0x01d3_0000_0000_0001n, true);
    made.view.setBigUint64(at + 0x6c, 0xffff_ffff_ffff_ffffn, true);
    const file = await readCompoundFile(memorySource(made.bytes));
    expect(file.find('\x06DataSpaces')).toMatchObject({
      classId: bytesOf(16),
      stateBits: 0xdeadbeef,
      created: 0x01d3_0000_0000_0001n,
      modified: 0xffff_ffff_ffff_ffffn,
    });
    expect(file.root).toMatchObject({ classId: new Uint8Array(16), stateBits: 0, created: 0n });
    expect(Object.isFrozen(file.root) && Object.isFrozen(file.root.entries)).toBe(true);
  });

  it('tells where a stream begins', async () => {
    const made = testFile(document, { order: (count) => [...Array(count).keys()].reverse() });
    const file = await readCompoundFile(memorySource(made.bytes));
    for (const path of [['EncryptedPackage'], ['\x06DataSpaces', 'Version'], ['\x05SummaryInformation']]) {
      const found = stream(file, ...path);
      const at = (await file.offsetOf(found)) as number;
      expect(made.bytes.subarray(at, at + 64)).toEqual((await file.read(found, 1 << 20)).subarray(0, 64));
    }
    expect(await file.offsetOf(stream(file, 'Empty'))).toBeUndefined();
  });

  it('refuses to read a stream that is larger than the caller accepts', async () => {
    const file = await readCompoundFile(memorySource(testFile(document).bytes));
    await expect(file.read(stream(file, 'EncryptedPackage'), 19_999)).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
    });
  });

  it('takes only streams of its own', async () => {
    const file = await readCompoundFile(memorySource(testFile(document).bytes));
    const other = await readCompoundFile(memorySource(testFile(document).bytes));
    expect(() => file.open(stream(other, 'EncryptedPackage'))).toThrow(SealwrightError);
    await expect(file.read(stream(other, 'Empty'), 10)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('cannot be read from a stream', async () => {
    const source = streamSource(new Blob([testFile(document).bytes as BlobPart]).stream());
    await expect(readCompoundFile(source)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('what old and careless writers leave', () => {
  const readable = async (made: TestFile, bytes = made.bytes): Promise<void> => {
    const file = await readCompoundFile(memorySource(bytes));
    expectBytes(await file.read(stream(file, 'EncryptedPackage'), 1 << 20), bytesOf(20_000));
    expect(await file.read(stream(file, '\x06DataSpaces', 'Version'), 100)).toEqual(bytesOf(76, 2));
  };

  it('garbage in the upper half of a size, in version 3', async () => {
    const made = testFile(document);
    for (const path of ['EncryptedPackage', '\x06DataSpaces/Version', ''])
      made.view.setUint32(made.entryAt(path) + 0x7c, 0xcccccccc, true);
    await readable(made);
  });

  it('any name for the root, or none', async () => {
    const made = testFile(document);
    made.view.setUint16(made.entryAt('') + 0x40, 0, true);
    await readable(made);
  });

  it('rubbish in entries that nothing refers to', async () => {
    const made = testFile(document);
    const unused = (made.directory.length * made.sectorSize) / 128 - 1;
    const at = made.sectorAt(made.directory.at(-1) as number) + made.sectorSize - 128;
    expect(unused).toBeGreaterThan(8);
    made.bytes.fill(0xa5, at, at + 128);
    await readable(made);
  });

  it('siblings in the wrong order', async () => {
    const made = testFile([...document].reverse(), { pick: () => 0 });
    await readable(made);
    const file = await readCompoundFile(memorySource(made.bytes));
    expect(namesOf(file.root)).toEqual([...namesOf(file.root)].sort(compareNames));
  });

  it('a first sector, any, for an empty stream', async () => {
    for (const start of [0, 0xfffffffe, 0xffffffff, 77]) {
      const made = testFile(document);
      made.view.setUint32(made.entryAt('Empty') + 0x74, start, true);
      const file = await readCompoundFile(memorySource(made.bytes));
      expect(await file.read(stream(file, 'Empty'), 0)).toHaveLength(0);
      expect(await file.open(stream(file, 'Empty')).read(0, 10)).toHaveLength(0);
    }
  });

  it('more sectors than a stream needs', async () => {
    const made = testFile(document);
    made.view.setUint32(made.entryAt('EncryptedPackage') + 0x78, 19_000, true);
    const file = await readCompoundFile(memorySource(made.bytes));
    expectBytes(
      await file.read(stream(file, 'EncryptedPackage'), 1 << 20),
      bytesOf(20_000).subarray(0, 19_000),
    );
  });

  it('a file that ends inside its last sector', async () => {
    const made = testFile(document);
    const last = made.chains.get('\x06DataSpaces/TransformInfo/Primary') as readonly number[];
    expect(made.sectorAt(last.at(-1) as number)).toBe(made.bytes.length - 512);
    // The last sector holds 5000 % 512 bytes of the stream, 136 of zeros are missing and one byte more.
    const cut = made.bytes.subarray(0, made.bytes.length - 512 + 391);
    await readable(made, cut);
    for (const source of [memorySource(cut), counted(cut).source]) {
      const file = await readCompoundFile(source);
      const expected = bytesOf(5000, 4);
      expected[4999] = 0;
      const content = file.open(stream(file, '\x06DataSpaces', 'TransformInfo', 'Primary'));
      expect(await content.read(0, 5000)).toEqual(expected);
      expect(await content.read(4990, 100)).toEqual(expected.subarray(4990));
    }
  });

  it('bytes behind the end', async () => {
    const made = testFile(document);
    const longer = new Uint8Array(made.bytes.length + 700);
    longer.set(made.bytes);
    await readable(made, longer);
  });

  it('a table of tables that ends with the mark of a free sector', async () => {
    const made = testFile([{ name: 'Large', content: bytesOf(7_300_000) }]);
    expect(made.difat).toHaveLength(1);
    made.view.setUint32(made.sectorAt(made.difat[0] as number) + 508, 0xffffffff, true);
    const file = await readCompoundFile(memorySource(made.bytes));
    const content = await file.read(stream(file, 'Large'), 1 << 30);
    expectBytes(content, bytesOf(7_300_000));
  });
});

describe('reading a stream', () => {
  const order = (count: number): readonly number[] => [...Array(count).keys()].reverse();

  it('costs one read of the file for each run of neighbouring sectors, and none of its own', async () => {
    const made = testFile([{ name: 'Large', content: bytesOf(100_000) }]);
    const { source, calls } = counted(made.bytes);
    const file = await readCompoundFile(source);
    const content = file.open(stream(file, 'Large'));
    await content.read(0, 1);
    calls.length = 0;
    const target = new Uint8Array(10_000);
    for (let at = 0; at < 100_000; at += 10_000) {
      expect(content.readInto?.(at, target)).toBe(10_000);
      expectBytes(target, bytesOf(100_000).subarray(at, at + 10_000));
    }
    expect(calls).toHaveLength(10);
    expect(content.read(99_990, 100)).toEqual(bytesOf(100_000).subarray(99_990));
    expect(content.slice(50_000, 10).size).toBe(10);
    expect(await content.slice(50_000, 10).read(0, 100)).toEqual(bytesOf(100_000).subarray(50_000, 50_010));
  });

  it('reads over the sectors of the allocation table in the middle of it', async () => {
    // As Office lays out files: of every 128 sectors the first is one of the table.
    const content = bytesOf(2_000_000);
    const order = (count: number): readonly number[] => {
      const all = [...Array(count).keys()];
      const [tables, others] = [all.filter((i) => i % 128 === 0), all.filter((i) => i % 128 !== 0)];
      return [...tables, ...others];
    };
    const made = testFile([{ name: 'Large', content }], { order });
    const runs = (made.chains.get('Large') as readonly number[]).filter(
      (sector, i, all) => sector !== (all[i - 1] ?? -2) + 1,
    );
    expect(runs.length).toBeGreaterThan(30);
    const { source, calls } = counted(made.bytes);
    const file = await readCompoundFile(source);
    const opened = file.open(stream(file, 'Large'));
    await opened.read(0, 1);
    calls.length = 0;
    const target = new Uint8Array(500_000);
    for (let at = 0; at < content.length; at += target.length) {
      expect(await opened.readInto?.(at, target)).toBe(target.length);
      expectBytes(target, content.subarray(at, at + target.length));
    }
    expect(calls).toHaveLength(4);
    // Larger than is read at once; and two at the same time.
    const [whole, part] = await Promise.all([opened.read(3, 1_999_990), opened.read(70_001, 900_000)]);
    expectBytes(whole, content.subarray(3, 1_999_993));
    expectBytes(part, content.subarray(70_001, 970_001));
    expect(calls.length).toBeLessThanOrEqual(4 + 3 + 1);
    expect(Math.max(...calls.map(({ length }) => length))).toBeLessThanOrEqual(2 ** 20);
  });

  it('gives views of memory that is there already', async () => {
    const made = testFile([{ name: 'Large', content: bytesOf(100_000) }]);
    const file = await readCompoundFile(memorySource(made.bytes));
    const content = file.open(stream(file, 'Large'));
    await content.read(0, 1);
    expect((content.read(512, 99_000) as Uint8Array).buffer).toBe(made.bytes.buffer);
  });

  it.each([3, 4] as const)('gives every part of it, however scattered (version %i)', async (version) => {
    const made = testFile(document, { version, order, miniOrder: order });
    for (const source of [memorySource(made.bytes), counted(made.bytes).source]) {
      const file = await readCompoundFile(source);
      for (const [path, whole] of [
        [['EncryptedPackage'], bytesOf(20_000)],
        [['\x05SummaryInformation'], bytesOf(200, 5)],
      ] as const) {
        const content = file.open(stream(file, ...path));
        expect(content.size).toBe(whole.length);
        await fc.assert(
          fc.asyncProperty(fc.nat(whole.length + 10), fc.nat(9000), async (offset, length) => {
            const expected = whole.subarray(offset, offset + length);
            expectBytes(await content.read(offset, length), expected);
            const target = new Uint8Array(length);
            const count = (await content.readInto?.(offset, target)) ?? expected.length;
            expect(count).toBe(expected.length);
            if (content.readInto) expectBytes(target.subarray(0, count), expected);
          }),
          { numRuns: 100 },
        );
      }
    }
  });

  it('is done once for those who ask at the same time', async () => {
    const made = testFile(document, { order, miniOrder: order });
    const file = await readCompoundFile(memorySource(made.bytes));
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        file.read(stream(file, ...(i % 2 ? ['EncryptedPackage'] : ['\x06DataSpaces', 'Version'])), 1 << 20),
      ),
    );
    for (const [i, content] of all.entries()) expectBytes(content, i % 2 ? bytesOf(20_000) : bytesOf(76, 2));
  });

  it('can be cancelled by one and goes on for another', async () => {
    const made = testFile(document, { version: 4, order });
    const slow: ByteSource = {
      ...memorySource(made.bytes),
      read: async (offset, length, options) => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        options?.signal?.throwIfAborted();
        return made.bytes.subarray(offset, offset + length);
      },
    };
    const file = await readCompoundFile(slow);
    const controller = new AbortController();
    const content = stream(file, '\x06DataSpaces', 'Version');
    const [first, second] = [file.read(content, 100, { signal: controller.signal }), file.read(content, 100)];
    controller.abort(new Error('no more'));
    await expect(first).rejects.toThrow('no more');
    expect(await second).toEqual(bytesOf(76, 2));
  });
});
