import { describe, expect, it } from 'vitest';
import { type ByteSource, maxima, memorySource, zeroSource } from '../../bytes/index.ts';
import { compoundFileSource, layoutCompoundFile, type NewRoot } from './layout.ts';
import type { CompoundFileLayout, NewStorage, NewStream, PendingPiece } from './new-compound-file.ts';
import { readCompoundFile } from './read.ts';

const stream = (name: string, content: NewStream['content'] = new Uint8Array(1)): NewStream => ({
  kind: 'stream',
  name,
  content,
});
const storage = (name: string, entries: NewStorage['entries'] = []): NewStorage => ({
  kind: 'storage',
  name,
  entries,
});
const pendingPieces = (layout: CompoundFileLayout): PendingPiece[] =>
  layout.pieces.filter((piece): piece is PendingPiece => 'pendingOffset' in piece);
const lengthOf = (piece: ByteSource | PendingPiece): number =>
  'pendingOffset' in piece ? piece.length : (piece.size as number);
const offsetOf = (layout: CompoundFileLayout, searched: ByteSource | PendingPiece): number =>
  layout.pieces.slice(0, layout.pieces.indexOf(searched)).reduce((sum, piece) => sum + lengthOf(piece), 0);
const code = (expected: string) => expect.objectContaining({ code: expected });

/** Fails the test when it is read. */
function untouchable(size: number | undefined, seekable = true): ByteSource {
  const source: ByteSource = {
    size,
    seekable,
    read: () => {
      throw new Error('It was read.');
    },
    slice: () => source,
  };
  return source;
}

describe('the layout of a compound file', () => {
  it.each([4096, 4097, 1_000_000, 50_000_000])(
    'has %i bytes of pending content in one run at its end',
    (pendingSize) => {
      const layout = layoutCompoundFile({
        entries: [
          stream('Content', { pendingSize }),
          storage('Zz', [stream('Small', new Uint8Array(200)), stream('Large', new Uint8Array(9000))]),
        ],
      });
      expect(layout.version).toBe(3);
      expect(pendingPieces(layout)).toEqual([{ pendingOffset: 0, length: pendingSize }]);
      const end = offsetOf(layout, pendingPieces(layout)[0] as PendingPiece) + pendingSize;
      expect(layout.size - end).toBe((512 - (pendingSize % 512)) % 512);
      expect(layout.pieces.reduce((sum, piece) => sum + lengthOf(piece), 0)).toBe(layout.size);
    },
  );

  it.each([1, 63, 64, 4095])(
    'has %i bytes of pending content at the end of the small streams',
    (pendingSize) => {
      const layout = layoutCompoundFile({
        entries: [
          stream('Content', { pendingSize }),
          stream('Last by name', new Uint8Array(70)),
          stream('Large', new Uint8Array(9000)),
        ],
      });
      expect(pendingPieces(layout)).toEqual([{ pendingOffset: 0, length: pendingSize }]);
      const start = offsetOf(layout, pendingPieces(layout)[0] as PendingPiece);
      expect(layout.size - start).toBe(Math.ceil((128 + pendingSize) / 512) * 512 - 128);
    },
  );

  it('has no piece for pending content without bytes', async () => {
    const layout = layoutCompoundFile({ entries: [stream('Content', { pendingSize: 0 })] });
    expect(pendingPieces(layout)).toEqual([]);
    const file = await readCompoundFile(compoundFileSource(layout));
    expect(file.find('Content')).toMatchObject({ kind: 'stream', size: 0 });
  });

  it('is three sectors long when there is nothing in it', () => {
    expect(layoutCompoundFile({ entries: [] })).toMatchObject({ version: 3, size: 1536 });
    expect(layoutCompoundFile({ entries: [] }, { version: 4 })).toMatchObject({ version: 4, size: 12_288 });
  });

  it('reads no source, and gives everything of its own without waiting', () => {
    const sources = [untouchable(3000), untouchable(5000), untouchable(3_000_000_000)];
    const layout = layoutCompoundFile({
      entries: sources.map((source, index) => stream(`${index}`, source)),
    });
    expect(layout.version).toBe(4);
    for (const piece of layout.pieces) {
      if ('pendingOffset' in piece || sources.includes(piece)) continue;
      expect(piece.read(0, 16)).toBeInstanceOf(Uint8Array);
    }
  });

  it('keeps class ids, state bits and times of storages and the root', async () => {
    const classId = Uint8Array.from({ length: 16 }, (_, index) => index + 1);
    const facts = { classId, stateBits: 0xfedc_ba98, modified: 0xffff_ffff_ffff_fffen };
    const layout = layoutCompoundFile({
      ...facts,
      entries: [
        { ...facts, kind: 'storage', name: 'Inside', created: 123_456_789_012_345_678n, entries: [] },
      ],
    });
    const file = await readCompoundFile(compoundFileSource(layout));
    expect(file.root).toMatchObject({ ...facts, name: 'Root Entry', created: 0n });
    expect(file.find('Inside')).toMatchObject({ ...facts, created: 123_456_789_012_345_678n });
  });

  it('is frozen, and the same each time', async () => {
    const root: NewRoot = {
      entries: [storage('a', [stream('b'), stream('c')]), stream('d', new Uint8Array(5000))],
    };
    const [one, two] = [layoutCompoundFile(root), layoutCompoundFile(root)];
    expect(Object.isFrozen(one) && Object.isFrozen(one.pieces)).toBe(true);
    expect(await compoundFileSource(one).read(0, one.size)).toEqual(
      await compoundFileSource(two).read(0, two.size),
    );
  });
});

describe('the deepest and the fullest compound file', () => {
  it('can be read again', async () => {
    const nested = (depth: number): NewStorage => storage('a', depth === 1 ? [] : [nested(depth - 1)]);
    const layout = layoutCompoundFile({ entries: [nested(maxima.compoundDepth)] });
    expect((await readCompoundFile(compoundFileSource(layout))).find('a', 'a', 'a')?.kind).toBe('storage');
  });
});

describe('a large compound file', () => {
  it('has version 4 from 2 GB on, and cannot have version 3', () => {
    const root: NewRoot = { entries: [stream('Content', { pendingSize: 0x7fff_0000 })] };
    expect(layoutCompoundFile(root).version).toBe(4);
    expect(layoutCompoundFile({ entries: [stream('Content', { pendingSize: 0x7e00_0000 })] }).version).toBe(
      3,
    );
    expect(() => layoutCompoundFile(root, { version: 3 })).toThrow(code('INVALID_ARGUMENT'));
  });

  it('parts the pending content where the sector for range locks is, and says its size exactly', async () => {
    const pendingSize = 5 * 2 ** 30 + 123;
    const layout = layoutCompoundFile({ entries: [stream('Content', { pendingSize })] });
    const [first, second, ...more] = pendingPieces(layout);
    if (first === undefined || second === undefined) throw new Error('It is in one piece.');
    expect(more).toEqual([]);
    expect(offsetOf(layout, first) + first.length).toBe(0x7fff_f000);
    expect(offsetOf(layout, second)).toBe(0x8000_0000);
    expect(second).toEqual({ pendingOffset: first.length, length: pendingSize - first.length });
    const file = await readCompoundFile(compoundFileSource(layout, zeroSource(pendingSize)));
    expect(file.find('Content')).toMatchObject({ size: pendingSize });
  });

  it('of 16 TB is refused, and one below is laid out', () => {
    const entries = (pendingSize: number): NewRoot => ({ entries: [stream('Content', { pendingSize })] });
    expect(() => layoutCompoundFile(entries(2 ** 44))).toThrow(code('LIMIT_EXCEEDED'));
    expect(() => layoutCompoundFile(entries(Number.MAX_SAFE_INTEGER))).toThrow(code('LIMIT_EXCEEDED'));
    expect(layoutCompoundFile(entries(8e12)).size).toBeGreaterThan(8e12);
  });
});

describe('what cannot be a compound file', () => {
  const refused = (entries: NewRoot['entries'], expected = 'INVALID_ARGUMENT'): void =>
    expect(() => layoutCompoundFile({ entries })).toThrow(code(expected));

  it.each(['', 'x'.repeat(32), 'a/b', 'a\\b', 'a:b', 'a!b', 'a\0b'])('has the name %j', (name) => {
    refused([stream(name)]);
    refused([storage('Inside', [storage(name)])]);
  });

  it.each([
    ['Version', 'VERSION'],
    ['ä', 'Ä'],
    ['ÿ', 'Ÿ'],
    ['ς', 'σ'],
  ])('has two entries %s and %s in one storage', (one, two) => {
    refused([stream(one), storage(two)]);
    expect(layoutCompoundFile({ entries: [storage('Inside', [stream(one)]), stream(two)] }).version).toBe(3);
  });

  it('has two pending contents, a source without size, or one that cannot be sought in', () => {
    refused([stream('a', { pendingSize: 1 }), stream('b', { pendingSize: 0 })]);
    refused([stream('a', untouchable(undefined))]);
    refused([stream('a', untouchable(10, false))]);
    for (const pendingSize of [-1, 0.5, Number.NaN, 2 ** 53]) refused([stream('a', { pendingSize })]);
  });

  it('has a class id, state bits or times that do not fit', () => {
    for (const facts of [
      { classId: new Uint8Array(15) },
      { stateBits: -1 },
      { stateBits: 2 ** 32 },
      { modified: -1n },
      { modified: 2n ** 64n },
    ])
      expect(() => layoutCompoundFile({ entries: [], ...facts })).toThrow(code('INVALID_ARGUMENT'));
  });

  it('has more entries, or storages deeper in each other, than are read', () => {
    refused(Array(maxima.compoundEntries + 1).fill(stream('a')), 'LIMIT_EXCEEDED');
    const nested = (depth: number): NewStorage => storage('a', depth === 1 ? [] : [nested(depth - 1)]);
    refused([nested(maxima.compoundDepth + 1)], 'LIMIT_EXCEEDED');
    const endless = storage('a', []);
    (endless.entries as NewStorage[]).push(endless);
    refused([endless], 'LIMIT_EXCEEDED');
  });

  it('has pending content of another size than it was laid out for', () => {
    const layout = layoutCompoundFile({ entries: [stream('a', { pendingSize: 5 })] });
    expect(() => compoundFileSource(layout)).toThrow(code('INVALID_ARGUMENT'));
    expect(() => compoundFileSource(layout, zeroSource(4))).toThrow(code('INVALID_ARGUMENT'));
    expect(() => compoundFileSource(layout, memorySource(new Uint8Array(6)))).toThrow(
      code('INVALID_ARGUMENT'),
    );
  });
});
