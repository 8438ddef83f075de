import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ByteSink, memorySource } from '../../../src/bytes/index.ts';
import { inspect, open, protect } from '../../../src/index.ts';
import { changeLabels, readLabels } from '../../../src/label/index.ts';
import { openFile, openFileSource, protectFile } from '../../../src/node/index.ts';
import {
  type Appearance,
  appearances,
  type Document,
  inkOf,
  libreOfficePresent,
  pictureDifference,
  tellingWords,
} from './libreoffice.test-support.ts';
import {
  allCipherModes,
  blobOf,
  memoryAuthority,
  ordinaryDocuments,
  policy,
  sameBytes,
  sample,
  samplesPresent,
} from './stage.test-support.ts';

const folder = mkdtempSync(join(tmpdir(), 'sealwright-office-'));
afterAll(() => rmSync(folder, { recursive: true }));

const authority = await memoryAuthority();
const alice = authority.as('alice@contoso.com');
const bob = authority.as('bob@contoso.com');
const documents = ordinaryDocuments('office');
const plain = (name: string): Uint8Array => sample(`plaintext/${name}`);

/** Bytes in pieces of an awkward size, as an upload brings them. */
const chunked = (bytes: Uint8Array): ReadableStream<Uint8Array> => {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + 1777));
      at += 1777;
    },
  });
};

/** A sink that can only be appended to. */
function memorySink(): ByteSink & { readonly bytes: () => Uint8Array } {
  const parts: Uint8Array[] = [];
  return {
    write: (bytes) => void parts.push(bytes.slice()),
    bytes: () => new Uint8Array(Buffer.concat(parts)),
  };
}

/** The document with a label on it. */
async function labelled(bytes: Uint8Array): Promise<Uint8Array> {
  const label = {
    id: '20000000-0000-4000-8000-000000000002',
    siteId: '30000000-0000-4000-8000-000000000003',
    name: 'Confidential',
  };
  const changed = await changeLabels(memorySource(bytes), { set: label });
  expect((await readLabels(changed)).filter(({ enabled }) => enabled)).toMatchObject([label]);
  return new Uint8Array(await changed.read(0, changed.size ?? 0));
}

const protectedBytes = async (
  name: string,
  cipherMode: (typeof allCipherModes)[number],
): Promise<Uint8Array> => (await protect(plain(name), { service: alice, policy, name, cipherMode })).bytes();

describe.skipIf(!samplesPresent)('ordinary Office documents (skipped without ../shared/data)', () => {
  it.each(documents)(
    'keeps the name of %s, is an Office file to everyone, and opens to the same bytes in every mode',
    async (name) => {
      const plaintext = plain(name);
      for (const cipherMode of allCipherModes) {
        const file = await protect(plaintext, { service: alice, policy, name, cipherMode });
        expect(file).toMatchObject({ name, format: 'office', cipherMode });
        const bytes = await file.bytes();
        expect(bytes.length, cipherMode).toBe(file.size);
        expect(await inspect(bytes), cipherMode).toMatchObject({
          protected: true,
          format: 'office',
          originalSize: plaintext.length,
          contentId: file.contentId,
        });
        const opened = await open(bytes, { service: bob, name });
        expect(opened, cipherMode).toMatchObject({
          name,
          cipherMode,
          authenticated: cipherMode === 'SEALWRIGHT.GCM64K',
          size: plaintext.length,
          rights: ['VIEW', 'EXTRACT'],
        });
        expect(sameBytes(await opened.bytes(), plaintext), `${cipherMode}: content`).toBe(true);
        opened.close();
      }
    },
  );

  it.each(documents)('takes %s as bytes, blob, file or stream, and gives it back as each', async (name) => {
    const plaintext = plain(name);
    const path = join(folder, `in${extname(name)}`);
    writeFileSync(path, plaintext);
    const inputs = {
      bytes: () => plaintext,
      blob: () => blobOf(plaintext),
      stream: () => chunked(plaintext),
      file: () => openFileSource(path),
    };
    for (const [kind, input] of Object.entries(inputs)) {
      const options = { service: alice, policy, name, cipherMode: 'MICROSOFT.CBC4K' } as const;
      const viaSink = memorySink();
      const length = await (await protect(await input(), options)).writeTo(viaSink);
      const bytes = viaSink.bytes();
      expect(length, kind).toBe(bytes.length);
      writeFileSync(path.replace('in.', 'protected.'), bytes);
      const protectedAs = {
        bytes: () => bytes,
        blob: () => blobOf(bytes),
        stream: () => chunked(bytes),
        file: () => openFileSource(path.replace('in.', 'protected.')),
      };
      for (const [read, source] of Object.entries(protectedAs)) {
        const what = `${kind} to ${read}`;
        const opened = await open(await source(), { service: bob, name });
        const sink = memorySink();
        expect(await opened.writeTo(sink), what).toBe(plaintext.length);
        expect(sameBytes(sink.bytes(), plaintext), `${what}: writeTo`).toBe(true);
        const streamed = await new Response(
          opened.stream() as ReadableStream<Uint8Array<ArrayBuffer>>,
        ).arrayBuffer();
        expect(sameBytes(new Uint8Array(streamed), plaintext), `${what}: stream`).toBe(true);
        for (const [at, count] of [
          [0, 4],
          [4093, 7],
          [511, 514],
          [plaintext.length - 5, 50],
          [1, 9000],
        ] as const)
          expect(
            sameBytes(await opened.read(at, count), plaintext.subarray(at, at + count)),
            `${what}: ${count} bytes at ${at}`,
          ).toBe(true);
        opened.close();
      }
    }
  });

  it.each(documents)('goes from file to file: %s', async (name) => {
    const [from, to] = [join(folder, name), join(folder, `protected-${name}`)];
    writeFileSync(from, plain(name));
    const { path } = await protectFile(from, { service: alice, policy, to });
    expect(path).toBe(to);
    const opened = await openFile(path, { service: bob });
    const back = join(folder, `opened-${name}`);
    await opened.saveTo(back);
    await opened.close();
    expect(sameBytes(new Uint8Array(readFileSync(back)), plain(name))).toBe(true);
  });

  it.each(['testVISIO.vsd', 'testRTF.rtf', 'testTXT.txt'])(
    'has no Office form for %s, which becomes a PFILE and comes back',
    async (name) => {
      const file = await protect(plain(name), { service: alice, policy, name });
      expect(file.format).toBe('pfile');
      expect(file.name).not.toBe(name);
      const opened = await open(await file.bytes(), { service: bob, name: file.name });
      expect(opened.name).toBe(name);
      expect(sameBytes(await opened.bytes(), plain(name))).toBe(true);
    },
  );

  it.each(documents)('makes a PFILE of %s when asked to', async (name) => {
    const file = await protect(plain(name), { service: alice, policy, name, format: 'pfile' });
    expect(file).toMatchObject({ format: 'pfile', name: `${name}.pfile` });
    const opened = await open(await file.bytes(), { service: bob, name: file.name });
    expect(opened.name).toBe(name);
    expect(sameBytes(await opened.bytes(), plain(name))).toBe(true);
  });
});

describe.skipIf(!samplesPresent || !libreOfficePresent)(
  'documents in LibreOffice (skipped without ../shared/data, LibreOffice or poppler)',
  () => {
    let looks: ReadonlyMap<string, Appearance | undefined>;
    const modeOf = (index: number): (typeof allCipherModes)[number] =>
      allCipherModes[index % allCipherModes.length] as (typeof allCipherModes)[number];

    beforeAll(async () => {
      const batch: Document[] = [];
      for (const [index, name] of documents.entries()) {
        const bytes = await protectedBytes(name, modeOf(index));
        const opened = await (await open(bytes, { service: bob })).bytes();
        batch.push({ name, bytes: plain(name) });
        batch.push({ name: `opened-${name}`, bytes: opened });
        batch.push({ name: `protected-${name}`, bytes });
        batch.push({ name: `labelled-${name}`, bytes: await labelled(plain(name)) });
      }
      looks = appearances(batch);
    }, 300_000);

    it.each(documents)('looks the same after protecting and opening: %s', (name) => {
      const [original, opened] = [looks.get(name), looks.get(`opened-${name}`)];
      expect(original, 'LibreOffice loads the original').toBeDefined();
      expect(opened, 'LibreOffice loads the opened document').toBeDefined();
      const [before, after] = [original as Appearance, opened as Appearance];
      if (!isBlank(name)) expect(inkOf(before.firstPage), 'the page is not blank').toBeGreaterThan(0.05);
      expect(pictureDifference(before.firstPage, after.firstPage)).toBeLessThan(0.5);
      expect(after.text === before.text, 'its text is the same').toBe(true);
    });

    it.each(documents)('looks the same with a label on it: %s', (name) => {
      const [original, withLabel] = [looks.get(name), looks.get(`labelled-${name}`)] as [
        Appearance,
        Appearance,
      ];
      expect(withLabel, 'LibreOffice loads the labelled document').toBeDefined();
      expect(pictureDifference(original.firstPage, withLabel.firstPage)).toBeLessThan(0.5);
    });

    it.each(documents)('shows nothing of %s while it is protected', (name) => {
      const shown = looks.get(`protected-${name}`);
      if (!showsPlaceholder(name)) return expect(shown, 'LibreOffice does not load it').toBeUndefined();
      expect(shown?.text).toContain('protected with rights management');
      const words = tellingWords((looks.get(name) as Appearance).text);
      const placeholder = tellingWords(shown?.text ?? '');
      expect(words.size).toBeGreaterThan(0);
      expect([...words].filter((word) => placeholder.has(word) && !ownWords.has(word))).toEqual([]);
    });
  },
);

/**
 * LibreOffice 7.4 shows the placeholder of documents of Word only: it refuses workbooks that have a stream
 * `\x09DRMContent`, and breaks down over presentations that have one, whoever made them.
 */
const showsPlaceholder = (name: string): boolean => name.endsWith('.doc');

/** LibreOffice 7.4 loads this workbook and shows an empty sheet, as it does for the original. */
const isBlank = (name: string): boolean => name.endsWith('.xlsb');

/** Words of the notice itself that a document may have as well. */
const ownWords: ReadonlySet<string> = tellingWords(
  'This document is protected with rights management. Open it with a program that supports rights management.',
);
