import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import { serializePfileHeader } from './header.ts';
import { readPfile } from './read.ts';

const vectorFolder = fileURLToPath(new URL('../../../test-vectors/pfile/', import.meta.url));
const sampleFolders = ['../shared/data/samples/pfile/', '../shared/data/pfile-samples/'];

const load = (folder: string): Uint8Array[] =>
  readdirSync(folder)
    .filter((name) => /\.(?:bin|pfile|p\w{3})$/.test(name))
    .map((name) => new Uint8Array(readFileSync(folder + name)));

/** Values that break length arithmetic more often than random ones do. */
const telling = [0, 1, 0x7f, 0x80, 0xff, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff];

const mutation = fc.record({
  changes: fc.array(fc.tuple(fc.nat(480), fc.oneof(fc.nat(255), fc.constantFrom(...telling))), {
    maxLength: 6,
  }),
  keep: fc.double({ min: 0, max: 1.2, noNaN: true }),
  added: fc.nat(40),
});

function mutate(
  original: Uint8Array,
  { changes, keep, added }: typeof mutation extends fc.Arbitrary<infer T> ? T : never,
) {
  const bytes = new Uint8Array(Math.floor(original.length * Math.min(1, keep)) + added);
  bytes.set(original.subarray(0, bytes.length));
  const view = new DataView(bytes.buffer);
  for (const [at, value] of changes) {
    if (value > 255 && at + 4 <= bytes.length) view.setUint32(at, value, true);
    else if (at < bytes.length) bytes[at] = value;
  }
  return bytes;
}

async function check(originals: readonly Uint8Array[], numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.nat(originals.length - 1), mutation, async (which, change) => {
      const bytes = mutate(originals[which] as Uint8Array, change);
      try {
        const { header, content, contentLength } = await readPfile(memorySource(bytes));
        expect(contentLength).toBeGreaterThan(0);
        expect((await content.read(0, bytes.length)).length).toBe(contentLength);
        expect(Buffer.compare(serializePfileHeader(header), bytes.subarray(0, header.contentOffset))).toBe(0);
      } catch (error) {
        if (!(error instanceof SealwrightError)) throw error;
        expect(['NOT_PROTECTED', 'MALFORMED_CONTAINER', 'UNSUPPORTED_VERSION', 'LIMIT_EXCEEDED']).toContain(
          error.code,
        );
      }
    }),
    { numRuns },
  );
}

describe('a PFILE with changed, cut or added bytes', () => {
  it('reads as it stands or gives a typed error (vectors)', { timeout: 20_000 }, () =>
    check(load(vectorFolder), 2000),
  );

  it.skipIf(!sampleFolders.every((folder) => existsSync(folder)))(
    'reads as it stands or gives a typed error (real files, skipped without ../shared/data)',
    { timeout: 20_000 },
    () => check(sampleFolders.flatMap(load), 2000),
  );
});
