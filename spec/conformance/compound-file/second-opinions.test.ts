import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import CFB from 'cfb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/bytes/index.ts';
import { compoundFileSource, layoutCompoundFile } from '../../../src/container/compound-file/layout.ts';
import { contentFor } from './random-tree.ts';

const works = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0;
const python = '/usr/bin/python3';
const sevenZip = ['7z', '7zz'].find((command) => works(command, 'i'));

const names = ['Empty', 'One', 'Mini', 'Cutoff', 'Above', 'Large', '\x05SummaryInformation'];
const sizes = [0, 1, 4095, 4096, 4097, 100_000, 300];
const streams = names.map((name, index) => ({
  kind: 'stream' as const,
  name,
  content: contentFor(name, sizes[index] as number),
}));
const many = Array.from({ length: 300 }, (_, index) => {
  const name = `Stream ${index}`;
  return { kind: 'stream' as const, name, content: contentFor(name, index) };
});
const entries = [
  ...streams,
  {
    kind: 'storage' as const,
    name: '\x06DataSpaces',
    entries: [...streams.slice(1, 4), { kind: 'storage' as const, name: 'Many', entries: many }],
  },
];
/** Path, joined by `/`, and bytes of each stream. */
const expected = new Map<string, Uint8Array>([
  ...streams.map(({ name, content }) => [name, content] as const),
  ...streams.slice(1, 4).map(({ name, content }) => [`\x06DataSpaces/${name}`, content] as const),
  ...many.map(({ name, content }) => [`\x06DataSpaces/Many/${name}`, content] as const),
]);

describe.each([3, 4] as const)('a written compound file of version %i', (version) => {
  let folder = '';
  let bytes = new Uint8Array();
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'compound-file-'));
    const layout = layoutCompoundFile({ entries }, { version });
    bytes = new Uint8Array(await compoundFileSource(layout).read(0, layout.size));
    writeFileSync(join(folder, 'file.bin'), bytes);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is read with the same contents by the package cfb', () => {
    const read = CFB.read(Buffer.from(bytes), { type: 'buffer' });
    const found = read.FullPaths.flatMap((path, index) => {
      const entry = read.FileIndex[index];
      return entry?.type === 2
        ? [[path.replace(/^[^/]*\//, ''), Buffer.from(entry.content ?? [])] as const]
        : [];
    });
    expect(found.map(([path]) => path).sort()).toEqual([...expected.keys()].sort());
    for (const [path, content] of found)
      expect(Buffer.compare(content, expected.get(path) ?? Buffer.alloc(0))).toBe(0);
  });

  it.skipIf(!works(python, '-c', 'import olefile'))('is read with the same contents by olefile', () => {
    const program = `
import hashlib, json, sys, olefile
file = olefile.OleFileIO(sys.argv[1], raise_defects=olefile.DEFECT_UNSURE)
print(json.dumps([
  [['/'.join(path), hashlib.sha256(file.openstream(path).read()).hexdigest()] for path in file.listdir()],
  [str(issue) for issue in file.parsing_issues]]))`;
    const output = execFileSync(python, ['-c', program, join(folder, 'file.bin')], { encoding: 'utf8' });
    const [found, issues] = JSON.parse(output) as [[string, string][], string[]];
    expect(issues).toEqual([]);
    expect(new Map(found)).toEqual(
      new Map([...expected].map(([path, content]) => [path, Buffer.from(sha256(content)).toString('hex')])),
    );
  });

  it.skipIf(sevenZip === undefined)('is listed in full by 7-Zip', () => {
    const output = execFileSync(sevenZip as string, ['l', '-tcompound', '-slt', join(folder, 'file.bin')], {
      encoding: 'utf8',
    });
    const sizesFound = [...output.matchAll(/^Path = (.*)\nSize = (\d+)$/gm)].filter(([, path]) =>
      path?.includes('Many/Stream '),
    );
    expect(sizesFound.map(([, , size]) => Number(size)).sort((a, b) => a - b)).toEqual(
      many.map(({ content }) => content.length),
    );
  });
});
