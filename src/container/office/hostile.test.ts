import { describe, expect, it } from 'vitest';
import { type ByteSource, memorySource, sliceSource } from '../../bytes/index.ts';
import type { NewStorage, NewStream } from '../compound-file/new-compound-file.ts';
import { type TestEntry, testFile } from '../compound-file/read.test-support.ts';
import { dataSpaceEntries } from './data-space-entries.ts';
import { serializeDefinition } from './data-spaces/definition.ts';
import { serializeMap } from './data-spaces/map.ts';
import { packageNames } from './data-spaces/names.ts';
import { newRightsManagement, serializeRightsManagement } from './data-spaces/transform.ts';
import { currentVersion, serializeVersion } from './data-spaces/version.ts';
import { license } from './protected-file.test-support.ts';
import { readOffice } from './read.ts';

const none = new Uint8Array(0);
const code = (value: string) => expect.objectContaining({ code: value });

/** Counts what is read. */
function counted(bytes: Uint8Array) {
  const memory = memorySource(bytes);
  const done = { reads: 0, bytes: 0 };
  const source: ByteSource = {
    size: bytes.length,
    seekable: true,
    read(offset, length, options) {
      done.reads++;
      done.bytes += Math.min(length, bytes.length - offset);
      return memory.read(offset, length, options);
    },
    slice: (offset, length) => sliceSource(source, offset, length),
  };
  return { source, done };
}

describe('a file that names the same large license for 256 data spaces', () => {
  const rights = newRightsManagement(new Uint8Array(1024 * 1024));
  const unknown = { ...rights, header: { ...rights.header, id: '{C73DFACD-061F-43B0-8B64-0C620D2A8B51}' } };

  it.each([
    ['of a transform nobody knows', serializeRightsManagement(unknown), 'UNSUPPORTED_FORMAT'],
    ['that is cut', serializeRightsManagement(rights).subarray(0, 1024 * 1024), 'MALFORMED_CONTAINER'],
  ])('has it read once: %s', async (_, primary, expected) => {
    const definition = new Uint8Array(65_536);
    definition.set(serializeDefinition({ transforms: ['T'], headerTail: none, tail: none }));
    const entry = { components: [{ kind: 'stream', name: 'Content' }], dataSpace: 'D', tail: none } as const;
    const map = serializeMap({ entries: Array(256).fill(entry), headerTail: none, tail: none });
    const { bytes } = testFile(
      [
        { name: 'Content', content: new Uint8Array(5000) },
        {
          name: '\x06DataSpaces',
          entries: [
            { name: 'Version', content: serializeVersion(currentVersion) },
            { name: 'DataSpaceMap', content: map },
            { name: 'DataSpaceInfo', entries: [{ name: 'D', content: definition }] },
            {
              name: 'TransformInfo',
              entries: [{ name: 'T', entries: [{ name: '\x06Primary', content: primary }] }],
            },
          ],
        },
      ],
      // Backwards, so that no two sectors can be read at once.
      { order: (count) => Array.from({ length: count }, (_, i) => count - 1 - i) },
    );
    const { source, done } = counted(bytes);
    await expect(readOffice(source)).rejects.toThrow(code(expected));
    expect(done.bytes).toBeLessThan(bytes.length);
    expect(done.reads).toBeLessThan(bytes.length / 512);
  });
});

describe('a file whose content does not lie in one run, as Office writes it', () => {
  it('is refused when it was cut inside the last sector, and gives no zeros for what is missing', async () => {
    const content = new Uint8Array(8 + 10_000).fill(7);
    new DataView(content.buffer).setBigUint64(0, 10_000n, true);
    const storage = dataSpaceEntries({
      names: packageNames,
      license,
      labelInfo: none,
      useLicenses: [],
    });
    const { bytes, chains } = testFile([asTestEntry(storage), { name: 'EncryptedPackage', content }], {
      order: (count) => [...Array(count).keys()].map((at) => swapped(at, count - 1, count - 10)),
    });
    const sectors = chains.get('EncryptedPackage') as readonly number[];
    expect(sectors.indexOf(Math.max(...sectors))).toBe(sectors.length - 10);
    const whole = await readOffice(memorySource(bytes));
    expect((await whole.content.read(0, 10_000)).every((byte) => byte === 7)).toBe(true);
    for (const missing of [1, 100, 511]) {
      const reading = readOffice(memorySource(bytes.subarray(0, bytes.length - missing))).then((found) =>
        found.content.read(0, 16),
      );
      await expect(reading).rejects.toThrow(code('MALFORMED_CONTAINER'));
    }
  });
});

const swapped = (at: number, one: number, other: number): number =>
  at === one ? other : at === other ? one : at;

function asTestEntry(entry: NewStorage | NewStream): TestEntry {
  const { name } = entry;
  if (entry.kind === 'storage') return { name, entries: entry.entries.map(asTestEntry) };
  if (entry.content instanceof Uint8Array) return { name, content: entry.content };
  throw new Error('only bytes are expected here');
}
