import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { deflateSync, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { type ByteSource, decodeUtf8, encodeUtf8, maxima, memorySource } from '../../bytes/index.ts';
import { isZip, readZip } from './read.ts';
import { type TestArchive, type TestEntry, testZip } from './zip.test-support.ts';

const hello = encodeUtf8('hello');
const packed = deflateSync(encodeUtf8('hello '.repeat(1000)));
const two = [
  { name: 'a', data: hello },
  { name: 'b', data: packed, method: 8, size: 6000, crc32: 0x8e9f4f7d },
];

const code = (expected: string) => expect.objectContaining({ code: expected });

/** A source that counts what is read of it. */
function counted(bytes: Uint8Array) {
  const inner = memorySource(bytes);
  const reads: number[] = [];
  const source: ByteSource = {
    ...inner,
    read: (offset, length, options) => {
      reads.push(length);
      return inner.read(offset, length, options);
    },
  };
  return { source, reads };
}

async function contentsOf(source: ByteSource): Promise<Record<string, string>> {
  const archive = await readZip(source);
  const contents: Record<string, string> = {};
  for (const [name, entry] of archive.entries) contents[name] = decodeUtf8(await archive.read(entry, 1e6));
  return contents;
}

describe('reading a ZIP archive', () => {
  it('finds what another writer put in', async () => {
    const files = { a: encodeUtf8('a'), 'b/c': encodeUtf8('x'.repeat(10_000)), é: new Uint8Array(0) };
    const archive = await readZip(memorySource(zipSync(files)));
    expect([...archive.entries.keys()]).toEqual(Object.keys(files));
    for (const [name, bytes] of Object.entries(files))
      expect(await archive.read(archive.entries.get(name)!, 10_000)).toEqual(bytes);
  });

  it.each<[string, Omit<TestArchive, 'entries'>]>([
    ['a comment', { comment: encodeUtf8('of the archive') }],
    ['the longest comment', { comment: new Uint8Array(0xffff).fill(0x50) }],
    ['bytes before it', { prefix: new Uint8Array(777) }],
    ['bytes before it that its offsets count', { prefix: new Uint8Array(777), countPrefix: true }],
    ['ZIP64 records', { zip64: true }],
    ['ZIP64 records, bytes before it and a comment', { zip64: true, prefix: hello, comment: hello }],
  ])('works with %s', async (_, form) => {
    const entries = [
      { name: 'a', data: hello, flags: 8, localExtra: new Uint8Array(600), after: hello },
      {
        name: 'b',
        data: hello,
        zip64: form.zip64 ?? false,
        comment: 'c',
        extra: Uint8Array.of(2, 0, 1, 0, 9),
      },
    ];
    expect(await contentsOf(testZip({ ...form, entries }))).toEqual({ a: 'hello', b: 'hello' });
  });

  it('reads a small archive once, and of a large one its end and what is asked for', async () => {
    const small = counted(zipSync({ a: hello, b: hello }));
    await contentsOf(small.source);
    expect(small.reads).toHaveLength(1);
    const noise = Uint8Array.from({ length: 300_000 }, (_, i) => (i * i * 7919) >>> 9);
    const large = counted(zipSync({ a: hello, noise, b: hello }, { level: 0 }));
    const archive = await readZip(large.source);
    await archive.read(archive.entries.get('b')!, 100);
    expect(large.reads).toEqual([16 * 1024]);
    await archive.read(archive.entries.get('a')!, 100);
    expect(large.reads.reduce((sum, length) => sum + length)).toBeLessThan(20_000);
  });

  it('uses the head that was read already', async () => {
    const bytes = zipSync({ a: hello, noise: new Uint8Array(100_000) }, { level: 0 });
    const { source, reads } = counted(bytes);
    const archive = await readZip(source, { head: bytes.slice(0, 4096) });
    await archive.read(archive.entries.get('a')!, 100);
    expect(reads).toEqual([16 * 1024]);
  });

  it.each<[string, TestArchive, string?]>([
    ['no end record', { entries: two, end: { 0: 0 } }],
    ['bytes behind its end', { entries: two, after: hello }],
    ['several volumes', { entries: two, end: { 4: 1 } }],
    ['fewer entries than it says', { entries: two, end: { 8: 0x00030003 } }],
    ['more entries than it says', { entries: two, end: { 8: 0x00010001 } }],
    ['another count on this disk', { entries: two, end: { 8: 0x00020001 } }],
    ['a directory larger than the file', { entries: two, end: { 12: 0x0100_0000 } }],
    ['a directory that is too short', { entries: two, end: { 12: 40 } }],
    ['a directory behind itself', { entries: two, end: { 16: 0x00ff_ffff } }],
    ['a directory of gigabytes', { entries: two, end: { 12: 0xf000_0000 } }, 'LIMIT_EXCEEDED'],
    ['two entries of one name', { entries: [...two, { name: 'a' }] }],
    ['two entries at one place', { entries: [...two, { name: 'c', offset: 0 }] }],
    ['an entry that begins inside another', { entries: [...two, { name: 'c', offset: 3 }] }],
    ['an entry behind the directory', { entries: [...two, { name: 'c', offset: 10_000 }] }],
    ['an encrypted entry', { entries: [{ name: 'a', data: hello, flags: 1 }] }, 'UNSUPPORTED_FORMAT'],
    [
      'a name that is no UTF-8',
      {
        entries: [
          { name: 'a', flags: 0x800 },
          { name: '\u00ff', flags: 0x800 },
        ],
      },
    ],
  ])('refuses %s', async (what, archive, expected = 'MALFORMED_CONTAINER') => {
    let source = testZip(archive);
    if (what.includes('UTF-8')) {
      const bytes = new Uint8Array(await source.read(0, source.size as number));
      // The second byte of the name, in both places.
      for (let i = 0; i + 1 < bytes.length; i++)
        if (bytes[i] === 0xc3 && bytes[i + 1] === 0xbf) bytes[i + 1] = 0x20;
      source = memorySource(bytes);
    }
    await expect(readZip(source)).rejects.toThrow(code(expected));
  });

  it.each<[string, Partial<TestEntry>, string]>([
    ['another name in its header', { localName: 'b' }, 'MALFORMED_CONTAINER'],
    ['a wrong checksum', { flags: 8, crc32: 1 }, 'MALFORMED_CONTAINER'],
    ['more than it says', { data: packed, method: 8, size: 5999 }, 'MALFORMED_CONTAINER'],
    ['less than it says', { data: packed, method: 8, size: 6001 }, 'MALFORMED_CONTAINER'],
    ['no deflate data', { data: hello, method: 8, size: 6001 }, 'MALFORMED_CONTAINER'],
    ['half of the data', { data: packed.subarray(0, 20), method: 8, size: 6000 }, 'MALFORMED_CONTAINER'],
    ['two sizes, stored', { size: 4 }, 'MALFORMED_CONTAINER'],
    ['another compression', { method: 14 }, 'UNSUPPORTED_FORMAT'],
    ['more than is wanted', { data: packed, method: 8, size: 2 ** 31 }, 'LIMIT_EXCEEDED'],
  ])('refuses an entry with %s when it is read', async (_, entry, expected) => {
    const archive = await readZip(
      testZip({ entries: [{ name: 'a', data: hello, ...entry }, { name: 'z' }] }),
    );
    await expect(archive.read(archive.entries.get('a')!, maxima.partBytes)).rejects.toThrow(code(expected));
  });

  it('refuses an entry whose header reaches into the next', async () => {
    const bytes = (await testZip({ entries: two }).read(0, 10_000)).slice();
    bytes[29] = 1;
    const archive = await readZip(memorySource(bytes));
    await expect(archive.read(archive.entries.get('a')!, 100)).rejects.toThrow(code('MALFORMED_CONTAINER'));
  });

  it('does not unpack a bomb', async () => {
    const bomb = deflateSync(new Uint8Array(32 * 1024 * 1024), { level: 1 });
    const archive = await readZip(testZip({ entries: [{ name: 'a', data: bomb, method: 8, size: 1000 }] }));
    const before = process.memoryUsage().arrayBuffers;
    await expect(archive.read(archive.entries.get('a')!, maxima.partBytes)).rejects.toThrow(
      code('MALFORMED_CONTAINER'),
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(24 * 1024 * 1024);
  });

  it('takes the time of an ordinary archive for one with very long names', async () => {
    const entries = Array.from({ length: 200 }, (_, i) => ({ name: `${i}/`.padEnd(60_000, 'n') }));
    const source = testZip({ entries });
    const started = process.cpuUsage();
    expect((await readZip(source)).entries.size).toBe(200);
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1e6).toBeLessThan(5);
  });

  it('knows an archive by its first bytes', () => {
    expect(isZip(zipSync({ a: hello }))).toBe(true);
    expect([isZip(encodeUtf8('PK')), isZip(encodeUtf8('PK\u0005\u0006'))]).toEqual([false, false]);
  });
});

const samples = '../shared/data/samples';

describe.skipIf(!existsSync(samples))(
  'real documents as ZIP archives (skipped without ../shared/data)',
  () => {
    it('hold the same parts as another reader finds', async () => {
      let count = 0;
      for (const folder of ['labels', 'plaintext'])
        for (const name of readdirSync(`${samples}/${folder}`)) {
          const bytes = new Uint8Array(readFileSync(`${samples}/${folder}/${name}`));
          if (!isZip(bytes)) continue;
          count++;
          const expected = unzipSync(bytes);
          const archive = await readZip(memorySource(bytes));
          expect([...archive.entries.keys()]).toEqual(Object.keys(expected));
          for (const [part, entry] of archive.entries)
            expect(Buffer.compare(await archive.read(entry, 1e7), expected[part]!)).toBe(0);
        }
      expect(count).toBeGreaterThan(12);
    });
  },
);
