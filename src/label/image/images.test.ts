import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ByteSource,
  concatBytes,
  concatenatedSource,
  encodeUtf8,
  memorySource,
  zeroSource,
} from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { LabelPlace } from '../label-place.ts';
import { gifLabels } from './gif.ts';
import { type CutImage, cutGif, cutJpeg, cutPng, cutTiff } from './image-blocks.test-support.ts';
import { jpegLabels } from './jpeg.ts';
import { pngLabels } from './png.ts';
import { tiffLabels } from './tiff.ts';

interface Vector {
  readonly file: string;
  readonly why: string;
  readonly labels: readonly object[];
  readonly change: string | null;
}

const folder = fileURLToPath(new URL('../../../test-vectors/labels/', import.meta.url));
const { vectors } = JSON.parse(readFileSync(`${folder}manifest.json`, 'utf8')) as {
  vectors: readonly Vector[];
};
const load = (file: string): Buffer => readFileSync(folder + file);

const kinds: Readonly<Record<string, readonly [LabelPlace, (bytes: Buffer) => CutImage]>> = {
  jpeg: [jpegLabels, cutJpeg],
  png: [pngLabels, cutPng],
  gif: [gifLabels, cutGif],
  tiff: [tiffLabels, cutTiff],
};
const kindOf = (file: string) => kinds[file.split('-')[0] as string] as (typeof kinds)[string];
const bytesOf = async (source: ByteSource): Promise<Buffer> =>
  Buffer.from(await source.read(0, source.size ?? 0));

const label = {
  id: '20000000-0000-4000-8000-000000000001',
  siteId: '11111111-2222-3333-4444-555555555555',
  name: 'New & own',
  method: 'Privileged',
} as const;

/** Counts what is read. */
function counted(source: ByteSource): { readonly source: ByteSource; bytes: number } {
  const counter = {
    bytes: 0,
    source: {
      ...source,
      size: source.size,
      read: (offset: number, length: number) => {
        counter.bytes += length;
        return source.read(offset, length);
      },
    },
  };
  return counter;
}

describe('labels in images', () => {
  it.each(vectors)('$file ($why): are read as stated', async ({ file, labels }) => {
    const { labelInfo, properties } = await kindOf(file)[0].read(memorySource(load(file)));
    expect(labelInfo).toBeUndefined();
    expect(properties).toHaveLength(labels.length);
    expect(properties).toMatchObject(labels);
  });

  it.each(vectors)('$file ($why): are set and removed, or the file is refused', async ({ file, change }) => {
    const [place, cut] = kindOf(file);
    const bytes = load(file);
    if (change !== null) {
      await expect(place.change(memorySource(bytes), { set: label })).rejects.toMatchObject({ code: change });
      return;
    }
    const set = await place.change(memorySource(bytes), { set: label });
    expect((await place.read(set)).properties).toMatchObject([{ ...label, enabled: true }]);
    const removed = await place.change(set, { remove: 'all' });
    expect((await place.read(removed)).properties).toEqual([]);
    expect((await bytesOf(removed)).includes('MSIP_Label')).toBe(
      file === 'tiff-second-page.tif' || file.includes('behind'),
    );
    if (file.includes('fill-bytes')) return;
    const before = cut(load(file.replace('packed', 'labelled').replace('at-the-end', 'labelled')));
    const inOrder = ({ blocks }: CutImage): readonly string[] =>
      file.includes('at-the-end') ? blocks.toSorted() : blocks;
    for (const changed of [set, removed]) {
      const after = cut(await bytesOf(changed));
      expect(inOrder(after)).toEqual(inOrder(before));
      expect(after.packets).toHaveLength(1);
    }
  });

  it('stand behind the other leading segments of a JPEG, before the rest', async () => {
    const set = await bytesOf(await jpegLabels.change(memorySource(load('jpeg-plain.jpg')), { set: label }));
    const at = set.indexOf('http://ns.adobe.com/xap');
    expect(at).toBeGreaterThan(set.indexOf('Exif'));
    expect(at).toBeLessThan(set.indexOf('note'));
  });

  it('move nothing behind the index of a JPEG that holds several images', async () => {
    const index = concatBytes([Uint8Array.of(0xff, 0xe2, 0, 10), encodeUtf8('MPF\0MM\0*')]);
    const segments = cutJpeg(load('jpeg-unlabelled.jpg'));
    const [packet] = segments.packets as [Buffer];
    const xmp = load('jpeg-unlabelled.jpg');
    const at = xmp.indexOf(packet) - 33;
    const source = memorySource(concatBytes([xmp.subarray(0, at), index, xmp.subarray(at)]));
    const set = await jpegLabels.change(source, { set: { ...label, owner: 'x'.repeat(200) } });
    expect((await jpegLabels.read(set)).properties).toHaveLength(1);
    const behind = (bytes: Buffer): number => bytes.length - bytes.indexOf('MPF\0');
    expect(behind(await bytesOf(set))).toBe(behind(await bytesOf(source)));
    const { blocks, packets } = cutJpeg(await bytesOf(set));
    expect(packets).toHaveLength(1);
    expect(packets[0]?.includes('A &amp; B')).toBe(true);
    expect(blocks.filter((block) => !/^\xff\xe1..\s+$/s.test(block))).toEqual(
      cutJpeg(await bytesOf(source)).blocks,
    );
    const removed = await jpegLabels.change(set, { remove: 'all' });
    expect(behind(await bytesOf(removed))).toBe(behind(await bytesOf(source)));
    expect((await jpegLabels.read(removed)).properties).toEqual([]);
  });

  it('are refused where the packet would not fit into a segment of a JPEG', async () => {
    const jpegWith = (length: number): ByteSource => {
      const start = encodeUtf8(
        '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Description xmlns:a="urn:a" a:b="',
      );
      const packet = concatBytes([
        start,
        new Uint8Array(length - start.length - 11).fill(0x78),
        encodeUtf8('"/></r:RDF>'),
      ]);
      const body = concatBytes([encodeUtf8('http://ns.adobe.com/xap/1.0/\0'), packet]);
      const segment = Uint8Array.of(0xff, 0xe1, (body.length + 2) >> 8, (body.length + 2) & 0xff);
      const plain = load('jpeg-plain.jpg');
      return memorySource(concatBytes([plain.subarray(0, 2), segment, body, plain.subarray(2)]));
    };
    const grown = (await jpegLabels.change(jpegWith(60_000), { set: label })).size ?? 0;
    const room = 65_502 - (grown - (jpegWith(60_000).size ?? 0));
    expect(
      (await jpegLabels.read(await jpegLabels.change(jpegWith(room), { set: label }))).properties,
    ).toHaveLength(1);
    await expect(jpegLabels.change(jpegWith(room + 1), { set: label })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  it('take a few small reads, however large the image', async () => {
    const png = load('png-plain.png');
    const size = 2_000_000_000;
    const chunk = Buffer.alloc(8);
    chunk.writeUInt32BE(size);
    chunk.write('IDAT', 4);
    const at = png.indexOf('IDAT') - 4;
    const large = counted(
      concatenatedSource([png.subarray(0, at), chunk, zeroSource(size + 4), png.subarray(at)]),
    );
    const set = await pngLabels.change(large.source, { set: label });
    expect((await pngLabels.read(set)).properties).toHaveLength(1);
    expect(large.bytes).toBeLessThan(2000);

    const tiff = load('tiff-no-room.tif');
    const appended = counted(concatenatedSource([tiff, zeroSource(4_000_000_001 - (tiff.length % 2))]));
    const labelled = await tiffLabels.change(appended.source, { set: label });
    expect((await tiffLabels.read(labelled)).properties).toHaveLength(1);
    expect(appended.bytes).toBeLessThan(40_000);
    const full = concatenatedSource([tiff, zeroSource(2 ** 32 - 1000)]);
    await expect(tiffLabels.change(full, { set: label })).rejects.toMatchObject({
      code: 'UNSUPPORTED_FORMAT',
    });
  });

  it('take fewer reads where many small blocks follow each other', async () => {
    const png = load('png-plain.png');
    const at = png.indexOf('IDAT') - 4;
    const block = Buffer.from([0, 0, 0, 0, 0x74, 0x45, 0x58, 0x74, 0, 0, 0, 0]);
    const many = Buffer.alloc(block.length * 50_000).fill(block);
    const source = memorySource(Buffer.concat([png.subarray(0, at), many, png.subarray(at)]));
    let reads = 0;
    const watched: ByteSource = {
      ...source,
      read: (offset, length, options) => {
        reads++;
        return source.read(offset, length, options);
      },
    };
    await pngLabels.read(watched);
    expect(reads).toBeLessThan(30);
  });

  it('are refused by a TIFF whose directory has no room for another entry', async () => {
    const bytes = new Uint8Array(8 + 2 + 12 * 0xffff + 4);
    bytes.set([0x49, 0x49, 42, 0, 8, 0, 0, 0, 0xff, 0xff]);
    await expect(tiffLabels.change(memorySource(bytes), { set: label })).rejects.toMatchObject({
      code: 'UNSUPPORTED_FORMAT',
    });
  });

  it('do not make the reader walk for ever', async () => {
    const plain = load('gif-plain.gif');
    const blocks = Buffer.alloc(3_000_000).fill(Buffer.of(1, 7));
    const endless = memorySource(concatBytes([plain.subarray(0, -4), blocks, Uint8Array.of(0, 0x3b)]));
    expect((await gifLabels.read(endless)).properties).toEqual([]);
    await expect(gifLabels.change(endless, { set: label })).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
    const jpeg = memorySource(new Uint8Array(2_000_000).fill(0xff).fill(0xd8, 1, 2));
    await expect(jpegLabels.change(jpeg, { set: label })).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  it('are none in a file that ends anywhere before its packet, and then the file is refused', async () => {
    for (const file of [
      'jpeg-labelled.jpg',
      'png-at-the-end.png',
      'gif-labelled.gif',
      'tiff-labelled-big.tif',
    ]) {
      const [place] = kindOf(file);
      const bytes = load(file);
      for (let length = 0; length < bytes.length; length += 7) {
        const source = memorySource(bytes.subarray(0, length));
        const { properties } = await place.read(source);
        if (properties.length > 0) continue;
        await expect(place.change(source, { set: label })).rejects.toMatchObject({
          code: 'MALFORMED_CONTAINER',
        });
      }
    }
  });

  it('pass on what reading throws, and stop when they are told to', async () => {
    const failure = new SealwrightError('IO_FAILED', 'The disk is gone.');
    const broken: ByteSource = {
      ...memorySource(load('png-plain.png')),
      read: () => Promise.reject(failure),
    };
    for (const [place] of Object.values(kinds)) {
      await expect(place.read(broken)).rejects.toBe(failure);
      await expect(place.change(broken, { set: label })).rejects.toBe(failure);
      const signal = AbortSignal.abort(failure);
      const source = memorySource(load('png-plain.png'));
      await expect(place.read(source, { signal })).rejects.toBe(failure);
      await expect(place.change(source, { set: label }, { signal })).rejects.toBe(failure);
    }
  });

  it('refuse a label that cannot be written', async () => {
    for (const file of ['jpeg-labelled.jpg', 'png-plain.png', 'gif-plain.gif', 'tiff-odd.tif'])
      await expect(
        kindOf(file)[0].change(memorySource(load(file)), { set: { ...label, name: 'a\0' } }),
      ).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('give a typed error or the right result for any image that was changed by chance', async () => {
    const files = vectors.map(({ file }) => file).filter((file) => file !== 'png-bomb.png');
    const changes = fc.array(
      fc.tuple(
        fc.oneof(fc.nat(2000), fc.nat(120)),
        fc.oneof(fc.nat(255), fc.constantFrom(0, 0x7f, 0x80, 0xff)),
      ),
      { minLength: 1, maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), changes, async (file, mutations) => {
        const [place] = kindOf(file);
        const bytes = Uint8Array.from(load(file));
        for (const [at, value] of mutations) if (at < bytes.length) bytes[at] = value;
        const { properties } = await place.read(memorySource(bytes));
        try {
          const set = await place.change(memorySource(bytes), { set: label });
          expect((await place.read(set)).properties).toContainEqual(
            expect.objectContaining({ ...label, enabled: true }),
          );
          const removed = await place.change(set, { remove: 'all' });
          expect((await place.read(removed)).properties).toEqual([]);
        } catch (error) {
          if (!(error instanceof SealwrightError)) throw error;
          expect(['MALFORMED_CONTAINER', 'LIMIT_EXCEEDED', 'UNSUPPORTED_FORMAT']).toContain(error.code);
          if (error.code !== 'MALFORMED_CONTAINER') expect(properties).toEqual([]);
        }
      }),
      { numRuns: 600 },
    );
  });
});
