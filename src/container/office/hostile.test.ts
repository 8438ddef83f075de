import { describe, expect, it } from 'vitest';
import { type ByteSource, memorySource, sliceSource } from '../../bytes/index.ts';
import { testFile } from '../compound-file/read.test-support.ts';
import { serializeDefinition } from './data-spaces/definition.ts';
import { serializeMap } from './data-spaces/map.ts';
import { newRightsManagement, serializeRightsManagement } from './data-spaces/transform.ts';
import { currentVersion, serializeVersion } from './data-spaces/version.ts';
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
