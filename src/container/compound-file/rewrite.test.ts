import { describe, expect, it } from 'vitest';
import { type ByteSource, maxima, memorySource } from '../../bytes/index.ts';
import type { CompoundFile, CompoundStorage } from './compound-file.ts';
import { compoundFileSource, layoutCompoundFile } from './layout.ts';
import type { NewStorage, NewStream } from './new-compound-file.ts';
import { readCompoundFile } from './read.ts';
import { type CompoundFileChanges, rewriteCompoundFile } from './rewrite.ts';

const bytes = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);
const stream = (name: string, content: Uint8Array): NewStream => ({ kind: 'stream', name, content });
const classId = bytes(16, 0xc1);
const facts = { classId, stateBits: 7, created: 1n, modified: 2n };
const entries: (NewStorage | NewStream)[] = [
  stream('\x05SummaryInformation', bytes(300, 1)),
  stream('WordDocument', bytes(10_000, 2)),
  {
    kind: 'storage',
    name: 'ObjectPool',
    ...facts,
    entries: [
      stream('One', bytes(10, 3)),
      { kind: 'storage', name: 'Inner', ...facts, entries: [stream('Two', bytes(5000, 4))] },
    ],
  },
];

const fileFrom = (version: 3 | 4): Promise<CompoundFile> =>
  readCompoundFile(
    compoundFileSource(layoutCompoundFile({ classId, stateBits: 9, modified: 5n, entries }, { version })),
  );

/** All streams with their bytes, and all storages, by path. */
async function contentsOf(file: CompoundFile): Promise<Map<string, Uint8Array | CompoundStorage>> {
  const found = new Map<string, Uint8Array | CompoundStorage>();
  const visit = async (storage: CompoundStorage, above: string): Promise<void> => {
    for (const entry of storage.entries) {
      const path = above + entry.name;
      if (entry.kind === 'stream') found.set(path, await file.read(entry, 1e6));
      else {
        found.set(path, { ...entry, entries: [] });
        await visit(entry, `${path}/`);
      }
    }
  };
  await visit(file.root, '');
  return found;
}

async function rewritten(version: 3 | 4, changes: CompoundFileChanges): Promise<CompoundFile> {
  const file = await readCompoundFile(rewriteCompoundFile(await fileFrom(version), changes));
  expect(file.version).toBe(version);
  expect(file.root).toMatchObject({ classId, stateBits: 9, modified: 5n });
  return file;
}

describe.each([3, 4] as const)('a compound file of version %i that is rewritten', (version) => {
  const changed = async (
    changes: readonly (readonly [string, Uint8Array | ByteSource | undefined])[],
    expected: readonly (readonly [string, Uint8Array | undefined])[],
  ): Promise<void> => {
    const contents = await contentsOf(await fileFrom(version));
    for (const [path, content] of expected)
      if (content === undefined) contents.delete(path);
      else contents.set(path, content);
    const after = await contentsOf(await rewritten(version, new Map(changes)));
    for (const [path, content] of contents)
      if (after.get(path) !== undefined && !(content instanceof Uint8Array))
        expect(after.get(path)).toMatchObject({ ...content, entries: [] });
    const streams = (all: typeof contents) =>
      [...all].filter(([, content]) => content instanceof Uint8Array).sort(([a], [b]) => (a < b ? -1 : 1));
    expect(streams(after)).toEqual(streams(contents));
  };

  it('is the same when nothing changes', () => changed([], []));

  it('has other bytes in a stream, whether it becomes small or large', async () => {
    for (const length of [0, 1, 4095, 4096, 20_000])
      await changed([['WordDocument', bytes(length, 9)]], [['WordDocument', bytes(length, 9)]]);
    await changed([['objectpool/INNER/two', bytes(3, 9)]], [['ObjectPool/Inner/Two', bytes(3, 9)]]);
    await changed([['WordDocument', memorySource(bytes(70, 9))]], [['WordDocument', bytes(70, 9)]]);
  });

  it('has streams more, in storages that are made where they are missing', async () => {
    await changed(
      [
        ['\x05DocumentSummaryInformation', bytes(100, 8)],
        ['ObjectPool/Three', bytes(100, 7)],
        ['\x06DataSpaces/TransformInfo/Version', bytes(76, 6)],
        ['\x06dataspaces/DataSpaceMap', bytes(5, 5)],
      ],
      [
        ['\x05DocumentSummaryInformation', bytes(100, 8)],
        ['ObjectPool/Three', bytes(100, 7)],
        ['\x06DataSpaces/TransformInfo/Version', bytes(76, 6)],
        ['\x06DataSpaces/DataSpaceMap', bytes(5, 5)],
      ],
    );
  });

  it('has streams less, or storages with everything in them', async () => {
    await changed([['\x05summaryinformation', undefined]], [['\x05SummaryInformation', undefined]]);
    await changed(
      [['ObjectPool', undefined]],
      [
        ['ObjectPool', undefined],
        ['ObjectPool/One', undefined],
        ['ObjectPool/Inner', undefined],
        ['ObjectPool/Inner/Two', undefined],
      ],
    );
    const file = await rewritten(version, new Map([['ObjectPool/Inner/Two', undefined]]));
    expect(file.find('ObjectPool', 'Inner')).toMatchObject({ ...facts, entries: [] });
  });

  it('stays as it is where something is to be removed that is not there', async () => {
    await changed(
      [
        ['None', undefined],
        ['None/Inside', undefined],
        ['ObjectPool/None', undefined],
        ['', undefined],
      ],
      [],
    );
    expect((await rewritten(version, new Map([['None/Inside', undefined]]))).find('None')).toBeUndefined();
  });

  it('has a storage made anew where it is removed and something put into it', async () => {
    await changed(
      [
        ['ObjectPool', undefined],
        ['ObjectPool/New', bytes(5, 5)],
      ],
      [
        ['ObjectPool', undefined],
        ['ObjectPool/One', undefined],
        ['ObjectPool/Inner', undefined],
        ['ObjectPool/Inner/Two', undefined],
        ['ObjectPool/New', bytes(5, 5)],
      ],
    );
  });

  it.each<readonly [string, readonly (readonly [string, Uint8Array])[]]>([
    ['leads through a stream', [['WordDocument/Inside', bytes(1, 1)]]],
    ['leads through a new stream', [['New', bytes(1, 1)], ['New/Inside', bytes(1, 1)]]], // biome-ignore format: one line
    ['names a storage', [['ObjectPool', bytes(1, 1)]]],
    ['is empty', [['', bytes(1, 1)]]],
    ['has an empty name', [['ObjectPool//New', bytes(1, 1)]]],
    ['has a name that is too long', [['x'.repeat(32), bytes(1, 1)]]],
    ['has a name that is not allowed', [['a:b', bytes(1, 1)]]],
    ['comes twice', [['New', bytes(1, 1)], ['NEW', bytes(1, 1)]]], // biome-ignore format: one line
    [
      'has too many names',
      [
        [
          Array(maxima.compoundDepth + 1)
            .fill('a')
            .join('/'),
          bytes(1, 1),
        ],
      ],
    ],
  ])('refuses a path that %s', async (_, changes) => {
    const file = await fileFrom(version);
    expect(() => rewriteCompoundFile(file, new Map(changes))).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });
});

describe('a compound file of a few bytes that claims a stream of terabytes', () => {
  it('is refused at the first read, before anything is made for it', async () => {
    const layout = layoutCompoundFile({ entries: [stream('Huge', bytes(5000, 1))] }, { version: 4 });
    const claiming = (await compoundFileSource(layout).read(0, layout.size)).slice();
    new DataView(claiming.buffer).setBigUint64(2 * 4096 + 128 + 0x78, 8n << 40n, true);
    const file = await readCompoundFile(memorySource(claiming));
    const source = rewriteCompoundFile(file, new Map([['New', bytes(1, 1)]]));
    await expect(async () => source.read(0, 512)).rejects.toMatchObject({ code: 'MALFORMED_CONTAINER' });
    const mended = rewriteCompoundFile(file, new Map([['Huge', bytes(1, 1)]]));
    expect(await mended.read(0, 512)).toHaveLength(512);
  });
});
