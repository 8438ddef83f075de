import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { CompoundStorage, CompoundStream } from './compound-file.ts';
import { bytesOf, testFile } from './read.test-support.ts';
import { readCompoundFile } from './read.ts';
import { generator } from './read-everything.test-support.ts';
import { isCompoundFile } from './signature.ts';

const data = '../shared/data/samples';
const codes = ['MALFORMED_CONTAINER', 'LIMIT_EXCEEDED'];
/** Numbers that go wrong where numbers go wrong. */
const telling = [
  0, 1, 2, 3, 5, 0x7f, 0x80, 0xff, 0x7fffffff, 0x80000000, 0xfffffffa, 0xfffffffd, 0xfffffffe, 0xffffffff,
];

function streamsOf(storage: CompoundStorage): CompoundStream[] {
  return storage.entries.flatMap((entry) => (entry.kind === 'stream' ? [entry] : streamsOf(entry)));
}

/** Reads everything; what is refused must be refused in the way that was promised. */
async function readAll(bytes: Uint8Array): Promise<number> {
  let read = 0;
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof SealwrightError && codes.includes(error.code))) throw error;
    }
  };
  await attempt(async () => {
    const file = await readCompoundFile(memorySource(bytes));
    for (const stream of streamsOf(file.root))
      await attempt(async () => {
        const content = await file.read(stream, 1 << 24);
        if (content.length !== stream.size) throw new Error('a stream is not of its size');
        // No sector is used twice, so that all streams together are no larger than the file.
        read += content.length;
      });
  });
  expect(read).toBeLessThanOrEqual(bytes.length);
  return read;
}

/** Changes a few bytes or numbers, mostly where the structures are. */
function spoil(bytes: Uint8Array, random: (count: number) => number, places: readonly number[]): void {
  const view = new DataView(bytes.buffer);
  for (let changes = 1 + random(4); changes > 0; changes--) {
    const sector = places[random(places.length)] as number;
    const at = Math.min(sector + random(128) * 4, bytes.length - 4);
    const kind = random(4);
    if (kind === 0) bytes[at + random(4)] = random(256);
    else if (kind === 1) view.setUint32(at, telling[random(telling.length)] as number, true);
    else if (kind === 2) view.setUint32(at, random(bytes.length / 512 + 2), true);
    else view.setUint32(at, view.getUint32(random(bytes.length / 4) * 4, true), true);
  }
}

/** Sectors that look like header, tables or directory, by what they hold. */
function structures(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer);
  const found = [0, 0, 0];
  for (let at = 512; at + 512 <= bytes.length; at += 512) {
    let plausible = 0;
    for (let i = 0; i < 512; i += 4) {
      const value = view.getUint32(at + i, true);
      if (value >= 0xfffffffa || (value > 0 && value < bytes.length / 64)) plausible++;
    }
    const directory = [0x42, 0xc2].every((i) => [0, 1, 2, 5].includes(view.getUint8(at + i)));
    if (plausible > 100 || (directory && view.getUint32(at + 0x44, true) > 0)) found.push(at);
  }
  return found;
}

async function fuzz(original: Uint8Array, seed: number, mutations: number): Promise<void> {
  const random = generator(seed);
  const places = structures(original);
  for (let i = 0; i < mutations; i++) {
    const bytes = original.slice();
    spoil(bytes, random, places);
    await readAll(random(10) === 0 ? bytes.slice(0, random(bytes.length)) : bytes);
  }
}

describe('a compound file that was changed at random is refused, or read within its bounds', () => {
  it.each([3, 4] as const)('of version %i, made here', async (version) => {
    const { bytes } = testFile(
      [
        { name: 'Large', content: bytesOf(9000) },
        { name: 'A', entries: [{ name: 'B', entries: [{ name: 'C', content: bytesOf(700) }] }] },
        ...[1, 2, 3, 4, 5].map((i) => ({ name: `Small ${i}`, content: bytesOf(100 * i) })),
      ],
      { version },
    );
    expect(await readAll(bytes)).toBe(9000 + 700 + 1500);
    await fuzz(bytes, version, 2000);
  });
});

describe.skipIf(!existsSync(data))('real files (skipped without ../shared/data)', () => {
  const samples = (existsSync(data) ? ['office-irm', 'xps-encrypted-package', 'negatives', 'plaintext'] : [])
    .flatMap((folder) => readdirSync(`${data}/${folder}`).map((name) => `${data}/${folder}/${name}`))
    .map((path) => new Uint8Array(readFileSync(path)))
    .filter((bytes) => isCompoundFile(bytes.subarray(0, 8)));

  it.each(samples.map((bytes, i) => [i, bytes] as const))(
    'sample %i, changed at random',
    async (i, bytes) => {
      expect(await readAll(bytes)).toBeGreaterThan(0);
      await fuzz(bytes, i, 150);
    },
  );
});
