import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { CompoundFile, CompoundStorage } from './compound-file.ts';
import { readCompoundFile } from './read.ts';
import { rewriteCompoundFile } from './rewrite.ts';

const folder = new URL('../../../test-vectors/compound-file/', import.meta.url);
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.bin'))
  .map((name) => ({ name, bytes: new Uint8Array(readFileSync(new URL(name, folder))) }));

async function readAll(file: CompoundFile, storage: CompoundStorage): Promise<void> {
  for (const entry of storage.entries)
    if (entry.kind === 'storage') await readAll(file, entry);
    else await file.read(entry, 1_000_000);
}

/** Changes of single bytes, with a liking for where header, tables and directory are. */
const mutations = fc.array(
  fc.record({
    at: fc.oneof(fc.nat(0x60), fc.nat(4096), fc.nat(60_000)),
    value: fc.oneof(fc.constantFrom(0, 1, 2, 5, 0x41, 0x61, 0x80, 0xfe, 0xff), fc.nat(255)),
  }),
  { minLength: 1, maxLength: 12 },
);

describe.each(files)('a damaged compound file, $name,', ({ bytes }) => {
  it('is refused as such, or rewritten into one that is read as far as it was', async () => {
    await fc.assert(
      fc.asyncProperty(mutations, async (changes) => {
        const changed = bytes.slice();
        for (const { at, value } of changes) changed[at % changed.length] = value;
        try {
          const file = await readCompoundFile(memorySource(changed));
          const source = rewriteCompoundFile(file, new Map([['Brand new', new Uint8Array(5)]]));
          const size = source.size as number;
          await source.read(0, 512);
          expect(size).toBeLessThan(2 * changed.length + 20_000);
          const after = (await source.read(0, size)).slice();
          const read = await readCompoundFile(memorySource(after));
          expect(read.find('Brand new')?.kind).toBe('stream');
          await readAll(read, read.root);
        } catch (error) {
          if (!(error instanceof SealwrightError)) throw error;
          expect(['MALFORMED_CONTAINER', 'LIMIT_EXCEEDED']).toContain(error.code);
        }
      }),
      { numRuns: 60 },
    );
  });
});
