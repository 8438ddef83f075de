import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { encodeUtf8, memorySource, zeroSource } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import { editZip } from './edit.ts';
import { readZip } from './read.ts';
import { allOf, type TestArchive, testZip } from './zip.test-support.ts';

const hello = encodeUtf8('hello');
const changed = encodeUtf8('changed '.repeat(100));

const forms: [string, Omit<TestArchive, 'entries'>][] = [
  ['an ordinary archive', {}],
  ['a comment', { comment: encodeUtf8('of the archive') }],
  ['bytes before it', { prefix: new Uint8Array(77).fill(1) }],
  ['bytes before it that its offsets count', { prefix: new Uint8Array(77).fill(1), countPrefix: true }],
  ['ZIP64 records', { zip64: true, prefix: new Uint8Array(3) }],
];

/** Four entries of unlike kinds, with bytes that nobody refers to between them. */
const entries: TestArchive['entries'] = [
  { name: 'a', data: hello, localExtra: new Uint8Array(40), after: encodeUtf8('gap') },
  { name: 'b', data: hello, flags: 8, comment: 'kept', extra: Uint8Array.of(0x55, 0x54, 1, 0, 3) },
  { name: 'c', data: hello, zip64: true },
  { name: 'd', data: hello },
];

const hasPython = spawnSync('python3', ['--version']).status === 0;

describe('changing entries of a ZIP archive', () => {
  it.each(forms)('keeps all else byte for byte: %s', async (_, form) => {
    const source = testZip({ ...form, entries });
    const before = await allOf(source);
    const archive = await readZip(source);
    const edited = editZip(
      archive,
      new Map([
        ['b', changed],
        ['d', undefined],
        ['new/é', hello],
      ]),
    );
    const after = await allOf(edited);
    const result = await readZip(memorySource(after));
    expect([...result.entries.keys()]).toEqual(['a', 'b', 'c', 'new/é']);
    for (const [name, content] of [
      ['a', hello],
      ['b', changed],
      ['c', hello],
      ['new/é', hello],
    ] as const)
      expect(await result.read(result.entries.get(name)!, 1000)).toEqual(content);
    for (const name of ['a', 'c']) {
      const [old, now] = [archive.entries.get(name)!, result.entries.get(name)!];
      expect(after.slice(now.offset, now.limit)).toEqual(before.slice(old.offset, old.limit));
      // The record is the same but for the offset, wherever that stands.
      const different = now.record.filter((byte, i) => byte !== old.record[i]);
      expect(now.record.length).toBe(old.record.length);
      expect(different.length).toBeLessThan(4);
    }
    const prefix = form.prefix?.length ?? 0;
    expect(after.slice(0, prefix)).toEqual(before.slice(0, prefix));
    const comment = form.comment?.length ?? 0;
    expect(after.slice(after.length - comment)).toEqual(before.slice(before.length - comment));
    const b = result.entries.get('b')!.record;
    // Time, attributes and comment of what was replaced stay; a new one is of the first day there is.
    expect(b.slice(12, 16)).toEqual(Uint8Array.of(0x34, 0x12, 0x78, 0x56));
    expect(new TextDecoder().decode(b)).toContain('kept');
    expect([...result.entries.get('new/é')!.record.slice(8, 16)].join()).toBe('0,8,0,0,0,0,33,0');
  });

  it('gives the archive itself when nothing changes, and the same bytes for the same changes', async () => {
    const source = testZip({ entries });
    const archive = await readZip(source);
    expect(await allOf(editZip(archive, new Map()))).toEqual(await allOf(source));
    const changes = new Map([['a', changed]]);
    expect(await allOf(editZip(archive, changes))).toEqual(await allOf(editZip(archive, changes)));
  });

  it('writes ZIP64 fields where an entry moves beyond 4 GiB', async () => {
    const size = 0xffff_ffff - 400;
    const source = testZip({
      entries: [
        { name: 'a', data: hello },
        { name: 'large', data: zeroSource(size) },
        { name: 'z', data: hello },
      ],
    });
    const archive = await readZip(source);
    const noise = Uint8Array.from({ length: 2000 }, (_, i) => (i * i * 7919) >>> 7);
    const once = await readZip(editZip(archive, new Map([['a', noise]])));
    expect(once.entries.get('z')?.offset).toBeGreaterThan(0xffff_ffff);
    expect(once.layout.zip64Record).toHaveLength(56);
    const twice = await readZip(
      editZip(
        once,
        new Map([
          ['y', noise],
          ['a', undefined],
        ]),
      ),
    );
    for (const [name, content] of [
      ['y', noise],
      ['z', hello],
    ] as const)
      expect(await twice.read(twice.entries.get(name)!, 5000)).toEqual(content);
    const thrice = await readZip(editZip(twice, new Map([['large', hello]])));
    expect(await thrice.read(thrice.entries.get('z')!, 5000)).toEqual(hello);
    expect(thrice.source.size).toBeLessThan(5000);
  });

  it('is what other readers understand, whatever changes', async () => {
    const name = fc.stringMatching(/^[a-z]{1,3}(\/[a-z]{1,3})?$/);
    const content = fc.uint8Array({ maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(name, content, { maxKeys: 6 }),
        fc.dictionary(name, fc.option(content, { nil: undefined }), { maxKeys: 4 }),
        async (files, changes) => {
          const edited = editZip(
            await readZip(memorySource(zipSync(files))),
            new Map(Object.entries(changes)),
          );
          const expected = Object.entries({ ...files, ...changes }).filter(
            ([, bytes]) => bytes !== undefined,
          );
          const found = Object.entries(unzipSync(await allOf(edited)));
          const plain = (pairs: [string, Uint8Array | undefined][]) =>
            pairs.map(([key, bytes]) => `${key}:${bytes?.join()}`).sort();
          expect(plain(found)).toEqual(plain(expected));
        },
      ),
      { numRuns: 200 },
    );
  });

  it.skipIf(!hasPython)('passes the test of Python and its zipfile (skipped without python3)', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sealwright-zip-'));
    try {
      for (const [index, [, form]] of forms.entries()) {
        const archive = await readZip(testZip({ ...form, entries }));
        const changes = new Map([
          ['b', changed],
          ['d', undefined],
          ['é', hello],
        ]);
        const path = join(folder, `${index}.zip`);
        writeFileSync(path, await allOf(editZip(archive, changes)));
        const script =
          'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip(), z.namelist())';
        expect(execFileSync('python3', ['-c', script, path], { encoding: 'utf8' }).trim()).toBe(
          "None ['a', 'b', 'c', 'é']",
        );
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('gives a typed error or what can be read again, whatever bytes of the end change', async () => {
    const sources = await Promise.all(forms.map(([, form]) => allOf(testZip({ ...form, entries }))));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...sources),
        fc.array(fc.tuple(fc.nat(420), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.nat(30),
        async (original, changes, cut) => {
          const bytes = original.slice(0, original.length - (cut < 25 ? 0 : cut));
          for (const [at, value] of changes) if (at < bytes.length) bytes[bytes.length - 1 - at] = value;
          try {
            const archive = await readZip(memorySource(bytes));
            for (const entry of archive.entries.values())
              await archive.read(entry, 10_000).catch(expectTyped);
            const again = await readZip(editZip(archive, new Map([['x', changed]])));
            expect(again.entries.size).toBe(archive.entries.size + (archive.entries.has('x') ? 0 : 1));
            expect(await again.read(again.entries.get('x')!, 10_000)).toEqual(changed);
          } catch (error) {
            expectTyped(error);
          }
        },
      ),
      { numRuns: 600 },
    );
  });
});

function expectTyped(error: unknown): void {
  if (!(error instanceof SealwrightError)) throw error;
  expect(['MALFORMED_CONTAINER', 'LIMIT_EXCEEDED', 'UNSUPPORTED_FORMAT']).toContain(error.code);
}
