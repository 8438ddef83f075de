import { describe, expect, it } from 'vitest';
import { memorySource } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { CompoundFile, CompoundStorage, CompoundStream } from './compound-file.ts';
import {
  bytesOf,
  type TestEntry,
  type TestFile,
  type TestFileOptions,
  testFile,
} from './read.test-support.ts';
import { readCompoundFile } from './read.ts';

const entries: readonly TestEntry[] = [
  { name: 'Large', content: bytesOf(20_000) },
  { name: 'Other', content: bytesOf(9000) },
  { name: 'Folder', entries: [{ name: 'Small', content: bytesOf(300) }] },
  { name: 'Tiny', content: bytesOf(100) },
];

const endOfChain = 0xfffffffe;

async function errorOf(work: () => Promise<unknown>): Promise<SealwrightError> {
  try {
    await work();
  } catch (error) {
    expect(error).toBeInstanceOf(SealwrightError);
    return error as SealwrightError;
  }
  throw new Error('nothing was refused');
}

function streamsOf(storage: CompoundStorage): CompoundStream[] {
  return storage.entries.flatMap((entry) => (entry.kind === 'stream' ? [entry] : streamsOf(entry)));
}

/** What a stream is refused with; `undefined` if it can be read. */
async function refusal(file: CompoundFile, stream: CompoundStream): Promise<string | undefined> {
  try {
    const bytes = await file.read(stream, Number.MAX_SAFE_INTEGER);
    expect(bytes).toHaveLength(stream.size);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(SealwrightError);
    const { code, message, details } = error as SealwrightError;
    expect(message).toMatch(/(Get a fresh copy of the file|the program it comes from)\.$/);
    expect(details.offset).toBeTypeOf('number');
    return code;
  }
}

interface Case {
  readonly options?: TestFileOptions;
  readonly entries?: readonly TestEntry[];
  /** `LIMIT_EXCEEDED` where it is not `MALFORMED_CONTAINER`. */
  readonly code?: string;
  /** Changes the file, or gives another one. */
  spoil(made: TestFile): unknown;
}

const header16 = (at: number, value: number): Case => ({
  spoil: ({ view }) => view.setUint16(at, value, true),
});
const header32 = (at: number, value: number, options?: TestFileOptions): Case => ({
  ...(options && { options }),
  spoil: ({ view }) => view.setUint32(at, value, true),
});
const entry32 = (path: string, field: number, value: (made: TestFile) => number): Case => ({
  spoil: (made) => made.view.setUint32(made.entryAt(path) + field, value(made), true),
});
const name = (change: (made: TestFile, at: number) => void): Case => ({
  spoil: (made) => change(made, made.entryAt('Other')),
});
const [left, right, child] = [0x44, 0x48, 0x4c];

/** Files whose directory cannot be read. */
const unreadable: Record<string, Case> = {
  'no bytes': { spoil: () => new Uint8Array(0) },
  'another signature': { spoil: ({ bytes }) => bytes.fill(0, 0, 8) },
  'a signature and nothing else': { spoil: ({ bytes }) => bytes.slice(0, 8) },
  'a header cut in half': { spoil: ({ bytes }) => bytes.slice(0, 300) },
  'a header and nothing else': { spoil: ({ bytes }) => bytes.slice(0, 512) },
  'major version 0': header16(0x1a, 0),
  'major version 5': header16(0x1a, 5),
  'a big-endian byte order mark': header16(0x1c, 0xfeff),
  'sectors of 2 ** 255 bytes': header16(0x1e, 255),
  'sectors of one byte': header16(0x1e, 0),
  'sectors of version 4 in version 3': header16(0x1e, 12),
  'mini sectors as large as sectors': header16(0x20, 9),
  'another cutoff': header32(0x38, 0xffffffff),
  'four billion FAT sectors': header32(0x2c, 0xffffffff),
  'no FAT sectors': header32(0x2c, 0),
  'four billion mini FAT sectors': header32(0x40, 0xffffffff),
  'four billion DIFAT sectors': header32(0x48, 0xffffffff),
  'four billion directory sectors in version 4': header32(0x28, 0xffffffff, { version: 4 }),
  'a FAT sector beyond the end': header32(0x4c, 0x00ffffff),
  'a FAT sector with a reserved number': header32(0x4c, 0xfffffffb),
  'no first FAT sector': header32(0x4c, 0xffffffff),
  'the FAT in the sector of the directory': {
    spoil: ({ view, directory }) => view.setUint32(0x4c, directory[0] as number, true),
  },
  'one FAT sector twice': {
    spoil: ({ view, fat }) => {
      view.setUint32(0x2c, 2, true);
      view.setUint32(0x50, fat[0] as number, true);
    },
  },
  'a directory beyond the end': header32(0x30, 0x00ffffff),
  'no directory': header32(0x30, endOfChain),
  'a directory in the FAT': { spoil: ({ view, fat }) => view.setUint32(0x30, fat[0] as number, true) },
  'a directory in a circle': {
    spoil: ({ view, directory, fatAt }) =>
      view.setUint32(fatAt(directory.at(-1) as number), directory[0] as number, true),
  },
  'a directory that follows itself': {
    spoil: ({ view, directory, fatAt }) =>
      view.setUint32(fatAt(directory[0] as number), directory[0] as number, true),
  },
  'a directory that goes on beyond the end': {
    spoil: ({ view, directory, fatAt }) => view.setUint32(fatAt(directory[0] as number), 0x00ffffff, true),
  },
  'a directory that goes on in a free sector': {
    spoil: ({ view, directory, fatAt }) => view.setUint32(fatAt(directory[0] as number), 0xffffffff, true),
  },
  'a directory that is cut off': {
    options: { order: (count) => [...Array(count).keys()].reverse() },
    spoil: ({ bytes }) => bytes.slice(0, bytes.length - 1024),
  },
  'no root': { spoil: ({ view, entryAt }) => view.setUint8(entryAt('') + 0x42, 2) },
  'an unused entry in place of the root': {
    spoil: ({ view, entryAt }) => view.setUint8(entryAt('') + 0x42, 0),
  },
  'a root inside itself': entry32('', child, () => 0),
  'a storage inside itself': entry32('Folder', child, ({ idOf }) => idOf('Folder')),
  'a storage inside one that is inside it': {
    entries: [{ name: 'A', entries: [{ name: 'B', entries: [] }] }],
    spoil: (made) => made.view.setUint32(made.entryAt('A/B') + child, made.idOf('A'), true),
  },
  'an entry that is its own sibling': entry32('Large', left, ({ idOf }) => idOf('Large')),
  'siblings in a circle': entry32('Tiny', right, ({ idOf }) => idOf('Large')),
  'one entry in two storages': entry32('Folder', child, ({ idOf }) => idOf('Tiny')),
  'an entry beyond the directory': entry32('Tiny', right, () => 1000),
  'an entry with the number of none, less one': entry32('Tiny', right, () => 0xfffffffe),
  'a reference to an unused entry': entry32('Tiny', right, () => 7),
  'an entry of an unknown type': {
    spoil: ({ view, entryAt }) => view.setUint8(entryAt('Other') + 0x42, 7),
  },
  'a second root': { spoil: ({ view, entryAt }) => view.setUint8(entryAt('Other') + 0x42, 5) },
  'a name of an odd length': name(({ view }, at) => view.setUint16(at + 0x40, 11, true)),
  'a name of 66 bytes': name(({ view }, at) => view.setUint16(at + 0x40, 66, true)),
  'a name of 65534 bytes': name(({ view }, at) => view.setUint16(at + 0x40, 65534, true)),
  'a name of no bytes': name(({ view }, at) => view.setUint16(at + 0x40, 0, true)),
  'a name of nothing but its end': name(({ bytes, view }, at) => {
    view.setUint16(at + 0x40, 2, true);
    bytes.fill(0, at, at + 64);
  }),
  'a name without an end': name(({ view }, at) => view.setUint16(at + 0x40, 10, true)),
  'a name that ends before its length': name(({ view }, at) => view.setUint16(at + 0x40, 16, true)),
  'a name with a slash': name(({ view }, at) => view.setUint16(at, 0x2f, true)),
  'a name with a backslash': name(({ view }, at) => view.setUint16(at, 0x5c, true)),
  'a name with a colon': name(({ view }, at) => view.setUint16(at + 2, 0x3a, true)),
  'a name with an exclamation mark': name(({ view }, at) => view.setUint16(at + 4, 0x21, true)),
  'the same name twice': {
    entries: [
      { name: 'Same', content: bytesOf(10) },
      { name: 'sAME', entries: [] },
    ],
    spoil: () => undefined,
  },
  'the same name twice, far apart': {
    entries: ['Same', 'Zzzz', 'SAME'].map((each) => ({ name: each, content: bytesOf(10) })),
    spoil: () => undefined,
  },
  'storages 65 deep': {
    entries: Array.from({ length: 65 }).reduce<readonly TestEntry[]>(
      (inside) => [{ name: 'deeper', entries: inside }],
      [],
    ),
    code: 'LIMIT_EXCEEDED',
    spoil: () => undefined,
  },
  'a stream of 2 ** 63 bytes in version 4': {
    options: { version: 4 },
    spoil: ({ view, entryAt }) => view.setUint32(entryAt('Other') + 0x7c, 0x80000000, true),
  },
};

type StreamCase = Case & {
  /** Paths of the streams that are refused. */
  readonly refused: readonly string[];
};

const link = (made: TestFile, path: string, index: number, next: number): void => {
  const chain = made.chains.get(path) as readonly number[];
  const at = path === 'Tiny' || path.endsWith('Small') ? made.miniFatAt : made.fatAt;
  made.view.setUint32(at(chain[index] as number), next, true);
};
const sectorOf = (made: TestFile, path: string, index: number): number =>
  (made.chains.get(path) as readonly number[])[index] as number;
const start = (made: TestFile, path: string, sector: number): void =>
  made.view.setUint32(made.entryAt(path) + 0x74, sector, true);

/** Files with streams that cannot be read. */
const streams: Record<string, StreamCase> = {
  'starts beyond the end': { refused: ['Large'], spoil: (made) => start(made, 'Large', 0x00ffffff) },
  'does not start': { refused: ['Large'], spoil: (made) => start(made, 'Large', endOfChain) },
  'starts with a reserved number': {
    refused: ['Large', 'Tiny'],
    spoil: (made) => {
      for (const path of ['Large', 'Tiny']) start(made, path, 0xfffffffa);
    },
  },
  'is too short': { refused: ['Large'], spoil: (made) => link(made, 'Large', 10, endOfChain) },
  'goes on in a free sector': { refused: ['Large'], spoil: (made) => link(made, 'Large', 10, 0xffffffff) },
  'goes on in a sector of the FAT, by its mark': {
    refused: ['Large'],
    spoil: (made) => link(made, 'Large', 10, 0xfffffffd),
  },
  'goes on beyond the end': { refused: ['Large'], spoil: (made) => link(made, 'Large', 10, 5000) },
  'goes in a circle': {
    refused: ['Large'],
    spoil: (made) => link(made, 'Large', 10, sectorOf(made, 'Large', 3)),
  },
  'follows itself': {
    refused: ['Large'],
    spoil: (made) => link(made, 'Large', 10, sectorOf(made, 'Large', 10)),
  },
  'goes on in the FAT': {
    refused: ['Large'],
    spoil: (made) => link(made, 'Large', 10, made.fat[0] as number),
  },
  'goes on in the directory': {
    refused: ['Large'],
    spoil: (made) => link(made, 'Large', 10, made.directory[0] as number),
  },
  'has a size beyond the file': {
    refused: ['Large'],
    spoil: ({ view, entryAt }) => view.setUint32(entryAt('Large') + 0x78, 0xffffff, true),
  },
  'has a size beyond all, in version 4': {
    options: { version: 4 },
    refused: ['Large'],
    spoil: ({ view, entryAt }) => view.setUint32(entryAt('Large') + 0x7c, 0xffff, true),
  },
  'is small and starts beyond the small ones': {
    refused: ['Tiny'],
    spoil: (made) => start(made, 'Tiny', 500),
  },
  'is small and too short': {
    refused: ['Small'],
    spoil: (made) => link(made, 'Folder/Small', 1, endOfChain),
  },
  'is small and goes in a circle': {
    refused: ['Small'],
    spoil: (made) => link(made, 'Folder/Small', 3, sectorOf(made, 'Folder/Small', 0)),
  },
  'is small and goes on beyond the small ones': {
    refused: ['Small'],
    spoil: (made) => link(made, 'Folder/Small', 1, 99),
  },
  'is small where there is no stream for small ones': {
    refused: ['Small', 'Tiny'],
    spoil: ({ view, entryAt }) => view.setUint32(entryAt('') + 0x74, endOfChain, true),
  },
  'is small where that for small ones is empty': {
    refused: ['Small', 'Tiny'],
    spoil: ({ view, entryAt }) => view.setUint32(entryAt('') + 0x78, 0, true),
  },
  'is small where that for small ones has four gigabytes': {
    refused: ['Small', 'Tiny'],
    spoil: ({ view, entryAt }) => view.setUint32(entryAt('') + 0x78, 0xffffffff, true),
  },
  'is small where that for small ones is too short': {
    refused: ['Small', 'Tiny'],
    spoil: ({ view, entryAt }) => view.setUint32(entryAt('') + 0x78, 5000, true),
  },
  'is small where there is no table of small ones': {
    refused: ['Small', 'Tiny'],
    spoil: ({ view }) => view.setUint32(0x40, 0, true),
  },
  'is small where the table of small ones begins beyond the end': {
    refused: ['Small', 'Tiny'],
    spoil: ({ view }) => view.setUint32(0x3c, 0xffffff, true),
  },
  'is small where the table of small ones is too short': {
    refused: ['Small', 'Tiny'],
    spoil: ({ view }) => view.setUint32(0x40, 2, true),
  },
  'is small where the table of small ones is the directory': {
    refused: ['Small', 'Tiny'],
    spoil: ({ view, directory }) => view.setUint32(0x3c, directory[0] as number, true),
  },
};

const spoilt = (test: Case): Uint8Array => {
  const made = testFile(test.entries ?? entries, test.options);
  const other = test.spoil(made);
  return other instanceof Uint8Array ? other : made.bytes;
};

describe('a hostile compound file is refused', () => {
  it.each(Object.entries(unreadable))('with %s', async (_, test) => {
    const bytes = spoilt(test);
    const error = await errorOf(() => readCompoundFile(memorySource(bytes)));
    expect(error.code).toBe(test.code ?? 'MALFORMED_CONTAINER');
    expect(error.message).toMatch(/(fresh copy of the file|is the right file|the program it comes from)\.$/);
    expect(error.details.offset).toBeGreaterThanOrEqual(0);
    expect(error.details.offset).toBeLessThanOrEqual(Math.max(bytes.length, 1));
  });

  it('wherever it is cut', async () => {
    const { bytes } = testFile(entries);
    for (let length = 0; length < bytes.length - 100; length += length < 1024 ? 31 : 251) {
      const source = memorySource(bytes.subarray(0, length));
      try {
        const file = await readCompoundFile(source);
        const refused = await Promise.all(streamsOf(file.root).map((stream) => refusal(file, stream)));
        // Only whole sectors count: what is missing of the last one is taken for zeros.
        if (length <= bytes.length - 512) expect(refused).toContain('MALFORMED_CONTAINER');
      } catch (error) {
        expect(error).toMatchObject({ code: 'MALFORMED_CONTAINER' });
      }
    }
  });
});

describe('a stream of a hostile compound file is refused, and others are not, where it', () => {
  it.each(Object.entries(streams))('%s', async (_, test) => {
    const file = await readCompoundFile(memorySource(spoilt(test)));
    // Twice: what is wrong stays wrong, for the same reason.
    for (let round = 0; round < 2; round++)
      for (const stream of streamsOf(file.root))
        expect([stream.name, await refusal(file, stream)]).toEqual([
          stream.name,
          test.refused.includes(stream.name) ? 'MALFORMED_CONTAINER' : undefined,
        ]);
    for (const stream of streamsOf(file.root))
      if (!test.refused.includes(stream.name)) expect(await file.offsetOf(stream)).toBeTypeOf('number');
  });
});

describe('two streams that share a sector', () => {
  const shared = [
    ['Large', 'Other', 5],
    ['Small', 'Tiny', 1],
  ] as const;

  it.each(shared.flatMap(([a, b, i]) => [[a, b, i] as const, [b, a, i] as const]))(
    'are not both read: %s, then %s',
    async (first, second, index) => {
      const made = testFile(entries);
      const [longer, shorter] =
        first === 'Large' || second === 'Large' ? ['Large', 'Other'] : ['Folder/Small', 'Tiny'];
      link(made, longer, index, sectorOf(made, shorter, 1));
      // The chain goes on to where the shorter one ends, so the longer one is given no more than it has.
      const at = made.entryAt(longer);
      made.view.setUint32(at + 0x78, longer === 'Large' ? 4096 : 192, true);
      const file = await readCompoundFile(memorySource(made.bytes));
      const by = (name: string): CompoundStream =>
        streamsOf(file.root).find((stream) => stream.name === name) as CompoundStream;
      expect(await refusal(file, by(first))).toBeUndefined();
      expect(await refusal(file, by(second))).toBe('MALFORMED_CONTAINER');
      expect(await refusal(file, by(first))).toBeUndefined();
    },
  );
});

describe('the table of tables of a hostile file', () => {
  const large = testFile([{ name: 'Large', content: bytesOf(16_500_000) }]);
  const last = large.difat[0] as number;
  const lists = large.difat.length;

  it.each([
    ['begins beyond the end', 0x44, 0xffffff],
    ['does not begin', 0x44, endOfChain],
    ['begins in the FAT', 0x44, large.fat[0] as number],
    ['ends early', large.sectorAt(last) + 508, endOfChain],
    ['follows itself', large.sectorAt(last) + 508, last],
    ['names a sector beyond the end', large.sectorAt(last) + 40, 0xffffff],
    ['names no sector', large.sectorAt(last) + 40, 0xffffffff],
    ['names a sector of the FAT again', large.sectorAt(last) + 40, large.fat[0] as number],
    ['names itself', large.sectorAt(last) + 40, last],
  ])('%s', async (_, at, value) => {
    expect(lists).toBe(2);
    const view = new DataView(large.bytes.buffer.slice(0));
    view.setUint32(at, value, true);
    const bytes = new Uint8Array(view.buffer);
    const outcome = await readCompoundFile(memorySource(bytes)).then(
      (file) => refusal(file, streamsOf(file.root)[0] as CompoundStream),
      (error) => (error as SealwrightError).code,
    );
    expect(outcome).toBe('MALFORMED_CONTAINER');
  });
});
