import { existsSync, readdirSync, readFileSync } from 'node:fs';
import cfb from 'cfb';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../bytes/index.ts';
import type { CompoundFile, CompoundStorage, CompoundStream } from './compound-file.ts';
import { readCompoundFile } from './read.ts';
import { isCompoundFile } from './signature.ts';

const data = '../shared/data/samples';
const present = existsSync(data);

const load = (path: string): Uint8Array => new Uint8Array(readFileSync(path));

function compoundSamples(): readonly string[] {
  if (!present) return [];
  return ['office-irm', 'xps-encrypted-package', 'negatives', 'plaintext']
    .flatMap((folder) => readdirSync(`${data}/${folder}`).map((name) => `${folder}/${name}`))
    .filter((name) => isCompoundFile(load(`${data}/${name}`).subarray(0, 8)));
}

/** All streams, by path. */
function streamsOf(storage: CompoundStorage, prefix = ''): [string, CompoundStream][] {
  return storage.entries.flatMap((entry): [string, CompoundStream][] =>
    entry.kind === 'stream' ? [[prefix + entry.name, entry]] : streamsOf(entry, `${prefix}${entry.name}/`),
  );
}

const contentsOf = async (file: CompoundFile): Promise<Map<string, Uint8Array>> => {
  const found = new Map<string, Uint8Array>();
  for (const [path, stream] of streamsOf(file.root)) found.set(path, await file.read(stream, stream.size));
  return found;
};

/** The same as another implementation reads it. */
function contentsByCfb(bytes: Uint8Array): Map<string, Uint8Array> {
  const file = cfb.read(bytes, { type: 'array' });
  const root = file.FullPaths[0] as string;
  const found = new Map<string, Uint8Array>();
  file.FileIndex.forEach((entry, i) => {
    if (entry.type === 2)
      found.set((file.FullPaths[i] as string).slice(root.length), Uint8Array.from(entry.content ?? []));
  });
  return found;
}

const withoutEscapes = (name: string): string =>
  name.replace(/\\x([0-9a-f]{2})|\\t/g, (_, hex) =>
    hex ? String.fromCharCode(Number.parseInt(hex, 16)) : '\t',
  );

describe.skipIf(!present)('real compound files (skipped without ../shared/data)', () => {
  const samples = compoundSamples();

  it('are there in number', () => {
    expect(samples.length).toBeGreaterThan(10);
  });

  it.each(samples.map((name, i) => [i, name]))(
    'sample %i has the streams and contents that another implementation finds',
    async (_, name) => {
      const bytes = load(`${data}/${name}`);
      const found = await contentsOf(await readCompoundFile(memorySource(bytes)));
      const expected = contentsByCfb(bytes);
      expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
      for (const [path, content] of found)
        expect(Buffer.compare(content, expected.get(path) as Uint8Array)).toBe(0);
    },
  );

  it('have the streams and sizes that were written down', async () => {
    const expected = JSON.parse(readFileSync(`${data}/expected.json`, 'utf8')) as Record<
      string,
      { readonly streams?: Readonly<Record<string, number>> }
    >;
    let compared = 0;
    for (const name of samples) {
      const streams = expected[name]?.streams;
      if (streams === undefined) continue;
      const file = await readCompoundFile(memorySource(load(`${data}/${name}`)));
      const sizes = Object.fromEntries(streamsOf(file.root).map(([path, { size }]) => [path, size]));
      const wanted = Object.entries(streams).map(([path, size]) => [withoutEscapes(path), size] as const);
      expect(sizes).toEqual(Object.fromEntries(wanted));
      compared++;
    }
    expect(compared).toBeGreaterThan(1);
  });
});
