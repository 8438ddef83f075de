import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { constants, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memorySource, streamSource } from '../../bytes/index.ts';
import { compoundFileSource, layoutCompoundFile } from '../compound-file/layout.ts';
import type { NewStorage, NewStream } from '../compound-file/new-compound-file.ts';
import { detectionBytes } from '../container-format.ts';
import { officeFormat } from '../office/format.ts';
import { type RecognisedInput, recognise } from './recognise.ts';

const samples = '../shared/data/samples';
const present = existsSync(samples);
const files = (folder: string): readonly (readonly [number, string])[] =>
  present
    ? readdirSync(`${samples}/${folder}`)
        .sort()
        .map((file, i) => [i, `${samples}/${folder}/${file}`])
    : [];
const load = (path: string): Uint8Array => new Uint8Array(readFileSync(path));
const whole = async (bytes: Uint8Array): Promise<RecognisedInput> =>
  (await recognise(bytes.subarray(0, detectionBytes), memorySource(bytes))).kind;

describe.skipIf(!present)('recognising real files (skipped without ../shared/data)', () => {
  it.each(files('negatives'))(
    'password-protected file %i is told apart from a rights-managed one',
    async (_, path) => {
      expect(await whole(load(path))).toBe(path.endsWith('.pdf') ? 'pdf-password' : 'office-password');
    },
  );

  it.each([...files('office-irm'), ...files('xps-encrypted-package')])(
    'rights-managed Office file %i is recognised',
    async (_, path) => {
      expect(await whole(load(path))).toBe('office');
    },
  );

  it.each(files('pdf'))('rights-managed PDF %i is recognised', async (_, path) => {
    expect(await whole(load(path))).toBe('pdf');
  });

  it('the PDF inside a rights-managed wrapper is recognised too', async () => {
    const bytes = load(`${samples}/pdf/testMicrosoftIRMServices.pdf`);
    const wrapper = Buffer.from(bytes);
    const dictionaryEnd = wrapper.indexOf('stream', wrapper.indexOf('37 0 obj')) + 'stream'.length;
    const start = dictionaryEnd + (bytes[dictionaryEnd] === 0x0d ? 2 : 1);
    const inner = new Uint8Array(inflateSync(bytes.subarray(start), { finishFlush: constants.Z_SYNC_FLUSH }));
    expect(inner).toHaveLength(266_308);
    expect(await whole(inner)).toBe('pdf');
  });

  it.each([...files('plaintext'), ...files('labels')])('unprotected file %i is plain', async (_, path) => {
    expect(await whole(load(path))).toBe('plain');
  });

  it.each(files('pfile').filter(([, path]) => /\.(pfile|ptxt)$/.test(path)))(
    'PFILE %i is recognised by its head alone',
    async (_, path) => {
      expect((await recognise(load(path).subarray(0, detectionBytes))).kind).toBe('pfile');
    },
  );

  it('a changed file never makes it throw or run on', async () => {
    const originals = [...files('negatives'), ...files('office-irm'), ...files('pdf')].map(([, path]) =>
      load(path),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.nat(originals.length - 1),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 12 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (which, changes, keep) => {
          const original = originals[which] as Uint8Array;
          const bytes = original.slice(0, keep < 0.5 ? original.length : Math.ceil(original.length * keep));
          // Half of the changes go where structure is dense: the header.
          for (const [at, value] of changes)
            bytes[at % (at % 2 ? bytes.length : Math.min(600, bytes.length))] = value;
          expect(typeof (await whole(bytes))).toBe('string');
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('recognising an input', () => {
  it('takes text, an empty file and any bytes without structure as plain', async () => {
    expect((await recognise(new Uint8Array(0))).kind).toBe('plain');
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (bytes) => {
        expect(await whole(bytes)).toBe('plain');
      }),
    );
  });

  it('knows the envelope of a rights-managed mail', async () => {
    expect((await recognise(Uint8Array.of(0x76, 0xe8, 0x04, 0x60, 0xc4, 0x11, 0xe3, 0x86, 0xa0))).kind).toBe(
      'mail',
    );
  });

  it('does not take a PDF that only writes about encryption as encrypted', async () => {
    const text =
      '%PDF-1.7\n1 0 obj (the /Encrypt 9 0 R entry) endobj\ntrailer << /Root 1 0 R >>\nstartxref\n0\n%%EOF';
    expect(await whole(new TextEncoder().encode(text))).toBe('plain');
  });

  it('finds the handler of an encrypted PDF whose dictionary lies elsewhere', async () => {
    const text = (filter: string) =>
      new TextEncoder().encode(
        `%PDF-1.7\n19 0 obj << /Filter /Standard >> endobj\n9 0 obj << /Filter /${filter} >> endobj\ntrailer << /Encrypt 9 0 R >>\nstartxref\n9\n%%EOF`,
      );
    expect(await whole(text('Standard'))).toBe('pdf-password');
    expect(await whole(text('MicrosoftIRMServices'))).toBe('pdf');
  });

  const stream = (name: string, content = new Uint8Array(0)): NewStream => ({
    kind: 'stream',
    name,
    content,
  });
  const compound = async (...entries: readonly (NewStorage | NewStream)[]): Promise<Uint8Array> => {
    const layout = layoutCompoundFile({ entries });
    return new Uint8Array(await compoundFileSource(layout).read(0, layout.size));
  };

  it('takes what is protected in an unknown or damaged way as rights-managed, so that reading it says why', async () => {
    for (const bytes of [
      await compound({ kind: 'storage', name: '\x06DataSpaces', entries: [] }, stream('EncryptedPackage')),
      await compound(stream('\x09DRMContent')),
      await compound(stream('EncryptedPackage'), stream('WordDocument')),
    ]) {
      const { kind, format, compoundFile } = await recognise(
        bytes.subarray(0, detectionBytes),
        memorySource(bytes),
      );
      expect([kind, format]).toEqual(['office', officeFormat]);
      await expect(format?.read(memorySource(bytes), { compoundFile })).rejects.toMatchObject({
        code: 'MALFORMED_CONTAINER',
      });
    }
  });

  it('takes a package with EncryptionInfo as encrypted with a password', async () => {
    expect(await whole(await compound(stream('EncryptionInfo'), stream('EncryptedPackage')))).toBe(
      'office-password',
    );
  });

  it('says when a compound file cannot be read: it may have been protected', async () => {
    const bytes = await compound(stream('EncryptedPackage', new Uint8Array(10_000)));
    expect(await whole(bytes.subarray(0, 1024))).toBe('damaged-compound-file');
    expect(await whole(bytes.subarray(0, 100))).toBe('damaged-compound-file');
  });

  it('says nothing of a compound file of which only the head is there', async () => {
    const bytes = await compound(stream('EncryptedPackage', new Uint8Array(10_000)));
    expect((await recognise(bytes.subarray(0, 1024))).kind).toBe('plain');
  });

  it('hands on the directory of a compound file, so that it is read once', async () => {
    const bytes = await compound(stream('WordDocument', new Uint8Array(10_000)));
    const found = await recognise(bytes.subarray(0, detectionBytes), memorySource(bytes));
    expect(found.kind).toBe('plain');
    expect(found.compoundFile?.root.entries.map(({ name }) => name)).toEqual(['WordDocument']);
  });

  it('reads nothing but the head of a stream', async () => {
    const head = new TextEncoder().encode('%PDF-1.7\n');
    const stream = new ReadableStream<Uint8Array>(
      { pull: () => Promise.reject(new Error('was read')) },
      { highWaterMark: 0 },
    );
    expect((await recognise(head, streamSource(stream))).kind).toBe('plain');
  });
});
