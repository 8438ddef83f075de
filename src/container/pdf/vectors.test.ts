import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeHex, memorySource } from '../../bytes/index.ts';
import { cipherMode } from '../../cipher/index.ts';
import type { PartCipher } from '../document-format.ts';
import type { PdfDictionary, PdfValue } from './pdf-document.ts';
import { bytesOf, memorySink } from './protect/protect.test-support.ts';
import { asDictionary } from './read/dictionary.ts';
import { readPdf } from './read/read-pdf.ts';
import { readProtectedPdf } from './read-protected.ts';
import { decryptUnits } from './unit-cipher/decrypt-units.ts';
import { encryptUnits } from './unit-cipher/encrypt-units.ts';

const folder = new URL('../../../test-vectors/pdf/', import.meta.url);
const { units, vectors } = JSON.parse(readFileSync(new URL('manifest.json', folder), 'utf8')) as {
  readonly units: readonly {
    readonly cipherMode: string;
    readonly keyHex: string;
    readonly length: number;
    readonly encryptedLength: number;
    readonly encryptedHex?: string;
    readonly sha256: string;
  }[];
  readonly vectors: readonly {
    readonly name: string;
    readonly file: string;
    readonly sha256: string;
    readonly keyHex: string;
    readonly cipherMode: string;
    readonly expect: {
      readonly version?: string;
      readonly licenseSha256?: string;
      readonly title?: string;
      readonly contents?: string;
      readonly packed?: string;
      readonly readError?: string;
      readonly openError?: string;
    };
  }[];
};
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const cipherFor = (vector: { readonly cipherMode: string; readonly keyHex: string }): PartCipher => ({
  mode: cipherMode(vector.cipherMode),
  key: decodeHex(vector.keyHex) as Uint8Array,
});
const noKeys: PdfDictionary = { kind: 'dictionary', entries: new Map() };

describe('units', () => {
  it.each(units)('$cipherMode, $length bytes', async (vector) => {
    const data = Uint8Array.from(
      { length: vector.length },
      (_, i) => (i * 7 + Math.floor(i / 256) * 13 + 3) % 256,
    );
    const encrypt = await encryptUnits(cipherFor(vector));
    const unit = await encrypt.string(data);
    expect([unit.length, sha256(unit)]).toEqual([vector.encryptedLength, vector.sha256]);
    if (vector.encryptedHex !== undefined)
      expect(Buffer.from(unit).toString('hex')).toBe(vector.encryptedHex);
    const sink = memorySink();
    await (await encrypt.stream(memorySource(data), noKeys)).writeTo(sink);
    expect(sha256(sink.bytes())).toBe(vector.sha256);
    expect(sha256(await (await decryptUnits(cipherFor(vector))).string(unit))).toBe(sha256(data));
  });
});

describe('protected documents', () => {
  it.each(vectors)('$name', async (vector) => {
    const bytes = new Uint8Array(readFileSync(new URL(vector.file, folder)));
    expect(sha256(bytes)).toBe(vector.sha256);
    const { version, licenseSha256, title, contents, packed, readError, openError } = vector.expect;
    const reading = readProtectedPdf(memorySource(bytes));
    if (readError !== undefined) return expect(reading).rejects.toMatchObject({ code: readError });
    const found = await reading;
    const opening = found.open(cipherFor(vector)).then(bytesOf);
    if (openError !== undefined) return expect(opening).rejects.toMatchObject({ code: openError });
    expect(found.formatVersion).toBe(version);
    expect(sha256(found.publishingLicense)).toBe(licenseSha256);
    const document = await readPdf(memorySource(await opening));
    const info = asDictionary((await document.object(5))?.value);
    expect(textOf(info?.entries.get('Title'))).toBe(title);
    expect(textOf(info?.entries.get('Empty'))).toBe('');
    const stream = await document.object(4);
    expect(Buffer.from((await stream?.data?.read(0, 9999)) ?? []).toString()).toBe(contents);
    if (packed !== undefined) expect(textOf((await document.object(8))?.value)).toBe(packed);
  });
});

const textOf = (value: PdfValue | undefined): string | undefined =>
  typeof value === 'object' && value?.kind === 'string' ? Buffer.from(value.bytes).toString() : undefined;
