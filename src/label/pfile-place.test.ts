import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAuthority, createMemoryStore } from '../authority/index.ts';
import { type ByteSource, concatBytes, memorySource } from '../bytes/index.ts';
import { type PfileHeader, pfileFormat, serializePfileHeader } from '../container/index.ts';
import { SealwrightError } from '../errors.ts';
import { custodianFromPkcs8, generateRsaKey } from '../license/index.ts';
import { inspect, open, protect } from '../protection/index.ts';
import { writePfileLabels } from './pfile-labels.ts';
import { pfileLabels } from './pfile-place.ts';

const custodian = await custodianFromPkcs8(await generateRsaKey(2048));
const authority = await createAuthority({ store: createMemoryStore(), custodian, name: 'Contoso' });
const alice = authority.as('alice@contoso.com');
const policy = { grants: [{ to: 'alice@contoso.com', rights: ['VIEW'] }] };
const plaintext = Uint8Array.from({ length: 5000 }, (_, i) => i & 0xff);

const bytesOf = async (source: ByteSource): Promise<Uint8Array> =>
  new Uint8Array(await source.read(0, source.size ?? 0));

const label = {
  id: '10000000-0000-4000-8000-000000000001',
  siteId: '11111111-2222-3333-4444-555555555555',
  name: 'Confidential & <own>',
  method: 'Privileged',
  setDate: new Date(Date.UTC(2026, 10, 21)),
  contentBits: 8,
  extended: { MSFT_Reason: 'x', Own: 'y "z"' },
} as const;
const asRead = {
  id: label.id,
  siteId: label.siteId,
  name: label.name,
  method: 'Privileged',
  enabled: true,
  setDate: '2026-11-21T00:00:00Z',
  contentBits: 8,
  extended: label.extended,
};

describe('a PFILE in a mode of Microsoft’s', () => {
  const protectedFile = async (): Promise<Uint8Array> =>
    (
      await protect(plaintext, { service: alice, policy, name: 'a.txt', cipherMode: 'MICROSOFT.CBC4K' })
    ).bytes();

  it('takes a label, shows it to inspect, loses it again, and opens throughout', async () => {
    const source = memorySource(await protectedFile());
    expect((await pfileLabels.read(source)).properties).toEqual([]);
    const set = await pfileLabels.change(source, { set: label });
    expect((await pfileLabels.read(set)).properties).toMatchObject([asRead]);
    const bytes = await bytesOf(set);
    expect((await inspect(bytes)).labels).toMatchObject([{ id: label.id, name: label.name, enabled: true }]);
    expect(await (await open(bytes, { service: alice })).bytes()).toEqual(plaintext);

    const removed = await pfileLabels.change(set, { remove: label.id });
    expect((await pfileLabels.read(removed)).properties).toEqual([]);
    expect(new TextDecoder().decode(await bytesOf(removed))).not.toContain(label.id);
    expect(await (await open(await bytesOf(removed), { service: alice })).bytes()).toEqual(plaintext);
    expect(await pfileLabels.change(removed, { remove: 'all' })).toBe(removed);
  });

  it('keeps every other part whatever the order of the parts, the gaps and what the metadata holds', async () => {
    const { header } = await pfileFormat.read(memorySource(await protectedFile()));
    const content = new Uint8Array(64).fill(9);
    const layouts = fc.record({
      order: fc.shuffledSubarray(['extension', 'license', 'metadata'] as const, { minLength: 3 }),
      gaps: fc.array(fc.nat(9), { minLength: 4, maxLength: 4 }),
      extension: fc.constantFrom('', '.txt'),
      metadata: fc.oneof(
        fc.constant(new Uint8Array(0)),
        fc.constant(new Uint8Array(1024)),
        fc.constant(
          concatBytes([
            writePfileLabels([{ ...asRead, id: label.siteId, siteId: label.id } as never]),
            new Uint8Array(100),
          ]),
        ),
      ),
      emptyAt: fc.nat(200),
    });
    await fc.assert(
      fc.asyncProperty(layouts, async ({ order, gaps, extension, metadata, emptyAt }) => {
        const bytes = {
          extension: new TextEncoder().encode(extension),
          license: header.license.bytes,
          metadata,
        };
        let end = 18 + header.notice.length + 40;
        const between: { offset: number; bytes: Uint8Array }[] = [];
        const gap = (length: number): void => {
          if (length > 0) between.push({ offset: end, bytes: new Uint8Array(length).fill(length) });
          end += length;
        };
        const parts: Record<string, { offset: number; bytes: Uint8Array }> = {};
        for (const [i, name] of order.entries()) {
          gap(gaps[i] ?? 0);
          parts[name] = { offset: bytes[name].length === 0 ? emptyAt : end, bytes: bytes[name] };
          end += bytes[name].length;
        }
        gap(gaps[3] ?? 0);
        const given = { ...header, ...parts, gaps: between, contentOffset: end } as PfileHeader;
        const source = memorySource(concatBytes([serializePfileHeader(given), content]));
        const before = (await pfileLabels.read(source)).properties;
        const set = await pfileLabels.change(source, { set: label });
        for (const changed of [set, await pfileLabels.change(set, { remove: label.id })]) {
          const read = await pfileFormat.read(changed);
          expect(Buffer.compare(read.publishingLicense, header.license.bytes)).toBe(0);
          expect(read.storedExtension).toEqual(bytes.extension);
          expect(read.storedOriginalSize).toBe(header.storedOriginalSize);
          const joined = (pieces: readonly { readonly bytes: Uint8Array }[]): string =>
            pieces.map((piece) => Buffer.from(piece.bytes).toString('hex')).join('');
          expect(joined(read.header.gaps)).toBe(joined(between));
          expect(await read.content.read(0, 100)).toEqual(content);
          expect((await pfileLabels.read(changed)).properties).toMatchObject(
            changed === set ? [...before, asRead] : before,
          );
        }
      }),
      { numRuns: 100 },
    );
  });

  it('gives a typed error or the right labels when bytes of it change', async () => {
    const original = await bytesOf(
      await pfileLabels.change(memorySource(await protectedFile()), { set: label }),
    );
    const head = original.length - plaintext.length;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(head), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        async (changes) => {
          const bytes = Uint8Array.from(original);
          for (const [at, value] of changes) bytes[at] = value;
          try {
            const set = await pfileLabels.change(memorySource(bytes), { set: { ...label, name: 'New' } });
            expect((await pfileLabels.read(set)).properties).toContainEqual(
              expect.objectContaining({ id: label.id, name: 'New', enabled: true }),
            );
          } catch (error) {
            if (!(error instanceof SealwrightError)) throw error;
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('a PFILE whose labels cannot change', () => {
  it('is one in our own mode, and says what to do', async () => {
    const file = await protect(plaintext, { service: alice, policy, name: 'a.txt' });
    const source = memorySource(await file.bytes());
    await expect(pfileLabels.change(source, { set: label })).rejects.toMatchObject({
      code: 'UNSUPPORTED_FORMAT',
      message: expect.stringContaining('protect it again'),
    });
    expect(await pfileLabels.change(source, { remove: 'all' })).toBe(source);
  });

  it('is one of version 2.0', async () => {
    const vector = readFileSync(new URL('../../test-vectors/pfile/v2.0.bin', import.meta.url));
    const source = memorySource(new Uint8Array(vector));
    expect((await pfileLabels.read(source)).properties).toEqual([]);
    expect(await pfileLabels.change(source, { remove: 'all' })).toBe(source);
    await expect(pfileLabels.change(source, { set: label })).rejects.toMatchObject({
      code: 'UNSUPPORTED_FORMAT',
    });
  });

  it('is one that is damaged, which states no labels either', async () => {
    const file = await protect(plaintext, { service: alice, policy, name: 'a.txt' });
    const cut = memorySource((await file.bytes()).subarray(0, 2000));
    expect((await pfileLabels.read(cut)).properties).toEqual([]);
    await expect(pfileLabels.change(cut, { set: label })).rejects.toMatchObject({
      code: 'MALFORMED_CONTAINER',
    });
    const failure = new SealwrightError('IO_FAILED', 'The disk is gone.');
    const broken: ByteSource = { ...cut, read: () => Promise.reject(failure) };
    await expect(pfileLabels.read(broken)).rejects.toBe(failure);
  });

  it('is one with a packet that cannot be read, or a license that cannot', async () => {
    const metadata = new TextEncoder().encode('<rdf:RDF no packet');
    const publishingLicense = new TextEncoder().encode('<XrML/>');
    const file = (contents: object): ByteSource =>
      memorySource(
        concatBytes([
          pfileFormat.header({ publishingLicense, originalExtension: '.txt', ...contents }).bytes,
          plaintext,
        ]),
      );
    await expect(pfileLabels.change(file({ metadata }), { set: label })).rejects.toMatchObject({
      code: 'MALFORMED_CONTAINER',
    });
    await expect(pfileLabels.change(file({}), { set: label })).rejects.toMatchObject({
      code: 'MALFORMED_CONTAINER',
    });
  });
});

const folder = '../shared/data/samples/pfile';

describe.skipIf(!existsSync(folder))('labels of real PFILEs (skipped without ../shared/data)', () => {
  const files = existsSync(folder)
    ? readdirSync(folder).filter((name) => /\.(?:pfile|ptxt)$/.test(name))
    : [];

  it.each(files)('%s: are set beside or in place of what is there, and removed', async (name) => {
    const source = memorySource(new Uint8Array(readFileSync(`${folder}/${name}`)));
    const before = await pfileFormat.read(source);
    if (before.formatVersion === '2.0') return;
    const there = (await pfileLabels.read(source)).properties;
    const beside = await pfileLabels.change(source, { set: label });
    expect((await pfileLabels.read(beside)).properties).toMatchObject([...there, asRead]);
    const siteId = there[0]?.siteId ?? label.siteId;
    const instead = await pfileLabels.change(source, { set: { ...label, siteId } });
    expect((await pfileLabels.read(instead)).properties).toMatchObject([{ ...asRead, siteId }]);
    const removed = await pfileLabels.change(beside, { remove: 'all' });
    expect((await pfileLabels.read(removed)).properties).toEqual([]);

    for (const changed of [beside, instead, removed]) {
      const after = await pfileFormat.read(changed);
      const { metadata: _, contentOffset: __, ...facts } = after.header;
      expect(Buffer.compare(after.publishingLicense, before.publishingLicense)).toBe(0);
      expect(facts).toMatchObject({
        tableSize: before.header.tableSize,
        extension: before.header.extension,
        storedOriginalSize: before.storedOriginalSize,
        reserved: before.header.reserved,
        gaps: [],
      });
      expect(Buffer.compare(await bytesOf(after.content), await bytesOf(before.content))).toBe(0);
    }
    // Padding takes up the change where there is some: nothing moves.
    if (there.length > 0)
      expect([instead, removed].map(({ size }) => size)).toEqual([source.size, source.size]);
  });
});
