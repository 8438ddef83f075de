import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteWriter, encodeUtf8, encodeUtf16le, maxima } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import { decodeCodePage, encodeCodePage } from './code-page.ts';
import { newPropertySets, newSection, storedProperty, withDictionary } from './new-section.ts';
import { codePageId, formatIds, type PropertySection, type PropertySets } from './property-set.ts';
import { readPropertySets } from './read.ts';
import { textOf } from './typed-value.ts';
import { type UserProperty, userProperties, withUserProperties } from './user-properties.ts';
import { writePropertySets } from './write.ts';

it('reads the signs of Windows-1252 that other decoders take for control characters, and writes them', () => {
  const bytes = Uint8Array.of(0x80, 0x84, 0x93, 0x94, 0x9f, 0xe4);
  expect(decodeCodePage(bytes, 1252)).toBe('€„“”Ÿä');
  expect(encodeCodePage('€„“”Ÿä', 1252)).toEqual(bytes);
});

const codePages = [1200, 65001, 1252, 1250, 1251, 932, 10000, 4711];

const name = fc.stringMatching(/^[A-Za-z_][\w .-]{0,30}$/);
const value = fc
  .oneof(
    fc.string({ maxLength: 40 }),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom('Überlegung', '機密', 'true', ''),
  )
  .filter((text) => !text.includes('\0') && !/[\p{Cs}\ufffd\ufeff]/u.test(text));
const pairs = fc.uniqueArray(fc.tuple(name, value), {
  selector: ([key]) => key.toLowerCase(),
  maxLength: 12,
});

/** A value that is no text, and must stay as it is. */
const foreign = fc.record({
  id: fc.integer({ min: 2, max: 400 }),
  raw: fc
    .tuple(fc.constantFrom(0x40, 0x41, 0x47, 0x101e, 0x7777), fc.uint8Array({ maxLength: 40 }))
    .map(([type, rest]) => new ByteWriter().uint32(type).uint32(rest.length).bytes(rest).toBytes()),
  named: fc.boolean(),
});

const stream = fc
  .record({
    codePage: fc.constantFrom(...codePages),
    foreign: fc.uniqueArray(foreign, { selector: ({ id }) => id, maxLength: 8 }),
  })
  .map(({ codePage, foreign: values }): PropertySets => {
    const plain = newSection(formatIds.userDefined, codePage);
    const properties = [...plain.properties, ...values.map(({ id, raw }) => storedProperty(id, raw))];
    const dictionary = values
      .filter(({ named }) => named)
      .map(({ id }) => ({ id, name: `${id}`, raw: nameBytes(`${id}`, codePage) }));
    const summary = newSection(formatIds.documentSummary, codePage, [[15, 'company']]);
    return newPropertySets(summary, withDictionary({ ...plain, properties }, dictionary));
  });

const nameBytes = (text: string, codePage: number): Uint8Array =>
  codePage === 1200 ? encodeUtf16le(`${text}\0`) : encodeUtf8(`${text}\0`);

const userSection = (bytes: Uint8Array): PropertySection | undefined =>
  readPropertySets(bytes).sections.find(({ formatId }) => formatId === formatIds.userDefined);

describe("properties of a user's own", () => {
  it('read back as they were written, in every code page, beside what was there', () => {
    fc.assert(
      fc.property(stream, pairs, pairs, (sets, first, second) => {
        const bytes = writePropertySets(sets);
        const before = userSection(bytes);
        for (const wanted of [first, second]) {
          const written = withUserProperties(withUserProperties(bytes, first), wanted);
          const sorted = (list: readonly UserProperty[]): string[] =>
            list.map((pair) => JSON.stringify(pair)).sort();
          expect(sorted(userProperties(written))).toEqual(sorted(wanted));
          const after = readPropertySets(written);
          expect(after.sections[0]).toEqual(readPropertySets(bytes).sections[0]);
          for (const property of before?.properties ?? [])
            if (property.id !== 0)
              expect(after.sections[1]?.properties ?? before?.properties).toContainEqual(property);
          expect(writePropertySets(after)).toEqual(written);
          expect(withUserProperties(written, wanted)).toBe(written);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('start a stream where there is none, in a code page that has their characters', () => {
    const western = withUserProperties(undefined, [['Sensitivity', 'Geschäft']]);
    expect(userSection(western)?.codePage).toBe(1252);
    const eastern = withUserProperties(new Uint8Array(0), [['Sensitivity', '機密']]);
    expect(userSection(eastern)?.codePage).toBe(65001);
    for (const bytes of [western, eastern]) {
      const { sections } = readPropertySets(bytes);
      expect(sections.map(({ formatId }) => formatId)).toEqual([
        formatIds.documentSummary,
        formatIds.userDefined,
      ]);
      expect(sections[0]?.properties.map(({ id }) => id)).toEqual([codePageId]);
    }
  });

  it('leave no section behind when the last of them goes', () => {
    const bytes = withUserProperties(undefined, [['Sensitivity', 'Public']]);
    const bare = withUserProperties(bytes, []);
    expect(bare).toEqual(writePropertySets(newPropertySets(newSection(formatIds.documentSummary, 1252))));
    expect(bare.length).toBe(0x30 + 24);
  });

  it('have the layout that the format prescribes', () => {
    const bytes = withUserProperties(undefined, [['key', 'value']]);
    const section = 0x44 + 24;
    const expected = new ByteWriter()
      .uint32(32 + 16 + 8 + 16)
      .uint32(3)
      .bytes(Uint8Array.of(0, 0, 0, 0, 32, 0, 0, 0, 1, 0, 0, 0, 48, 0, 0, 0, 2, 0, 0, 0, 56, 0, 0, 0))
      .toBytes();
    expect(bytes.subarray(section, section + expected.length)).toEqual(expected);
    const view = new DataView(bytes.buffer);
    expect([view.getUint16(0, true), view.getUint32(24, true)]).toEqual([0xfffe, 2]);
    expect([view.getUint32(44, true), view.getUint32(64, true)]).toEqual([0x44, section]);
    expect(bytes.length).toBe(section + view.getUint32(section, true));
  });

  it('that are written in UTF-16 because the code page lacks a character read as any other', () => {
    const sets = newPropertySets(
      newSection(formatIds.documentSummary, 1252),
      withDictionary(newSection(formatIds.userDefined, 1252), []),
    );
    const bytes = withUserProperties(writePropertySets(sets), [['Label', '機密']]);
    expect(userSection(bytes)?.codePage).toBe(1252);
    expect(userSection(bytes)?.properties.at(-1)?.raw[0]).toBe(0x1f);
    expect(userProperties(bytes)).toEqual([['Label', '機密']]);
  });

  it('take the name of a property of another type over', () => {
    const plain = newSection(formatIds.userDefined, 1252);
    const time = new ByteWriter().uint32(0x40).uint64(5n).toBytes();
    const linked = storedProperty(0x0100_0002, new ByteWriter().uint32(0x1f).uint32(0).toBytes());
    const dictionary = [{ id: 2, name: 'sensitivity', raw: encodeUtf8('sensitivity\0') }];
    const properties = [...plain.properties, storedProperty(2, time), linked];
    const sets = newPropertySets(
      newSection(formatIds.documentSummary, 1252),
      withDictionary({ ...plain, properties }, dictionary),
    );
    const bytes = withUserProperties(writePropertySets(sets), [['Sensitivity', 'Public']]);
    expect(userProperties(bytes)).toEqual([['Sensitivity', 'Public']]);
    expect(userSection(bytes)?.properties.map(({ id }) => id)).toEqual([0, 1, 2]);
  });

  it('are read whether numbers, truth values or text', () => {
    const of = (type: number, low: number): string | undefined =>
      textOf(new ByteWriter().uint32(type).uint32(low).toBytes(), 1252);
    expect([of(0x0b, 0xffff), of(0x0b, 0), of(3, 0xffff_ffff), of(0x13, 0xffff_ffff), of(2, 7)]).toEqual([
      'true',
      'false',
      '-1',
      '4294967295',
      '7',
    ]);
    expect([of(0x1e, 0), of(0x1f, 0), of(0x40, 0), of(0x1e, 9), of(0x1f, 0x8000_0000)]).toEqual([
      '',
      '',
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('that have no name stay, and keep no other from being added', () => {
    const plain = newSection(formatIds.userDefined, 1252, [[2, 'a']]);
    const nameless = withDictionary(plain, [{ id: 2, name: '', raw: encodeUtf8('\0') }]);
    const stream = writePropertySets(newPropertySets(newSection(formatIds.documentSummary, 1252), nameless));
    const bytes = withUserProperties(stream, [...userProperties(stream), ['b', 'c']]);
    expect(userProperties(bytes)).toEqual([
      ['', 'a'],
      ['b', 'c'],
    ]);
  });

  it('that cannot be stored are refused', () => {
    const refused = (list: readonly UserProperty[], code: string, bytes?: Uint8Array): void => {
      expect(() => withUserProperties(bytes, list)).toThrow(expect.objectContaining({ code }));
    };
    refused([['', 'a']], 'INVALID_ARGUMENT');
    refused([['a\0', 'a']], 'INVALID_ARGUMENT');
    refused([['a', 'a\0']], 'INVALID_ARGUMENT');
    refused(
      [
        ['a', '1'],
        ['A', '2'],
      ],
      'INVALID_ARGUMENT',
    );
    refused([['a', 'x'.repeat(maxima.propertySetBytes)]], 'LIMIT_EXCEEDED');
    const western = withUserProperties(undefined, [['a', 'b']]);
    refused([['機密', 'a']], 'INVALID_ARGUMENT', western);
    const stranger = writePropertySets(
      newPropertySets(newSection(formatIds.documentSummary, 1252), newSection(formatIds.summary, 1252)),
    );
    refused([['a', 'b']], 'MALFORMED_CONTAINER', stranger);
  });
});

describe('a code page', () => {
  it('encodes what it decodes, and says when it cannot', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(1250, 1251, 1252, 1253, 866, 10000, 28592, 65001, 1200),
        value,
        (page, text) => {
          const bytes = encodeCodePage(text, page);
          if (bytes !== undefined) expect(decodeCodePage(bytes, page)).toBe(text);
          else expect(/[^\x20-\x7e]/.test(text)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
    expect(encodeCodePage('é', 1252)).toEqual(Uint8Array.of(0xe9));
    expect(encodeCodePage('é', 932)).toBeUndefined();
    expect(decodeCodePage(Uint8Array.of(0x8b, 0x40, 0x96, 0xa7), 932)).toBe('機密');
    expect(decodeCodePage(Uint8Array.of(0x41, 0xe9), 4711)).toBe('A\ufffd');
  });
});

describe('a damaged property set', () => {
  it('is refused, cut anywhere', () => {
    const bytes = withUserProperties(undefined, [['key', 'value']]);
    for (let length = 0; length < bytes.length - 3; length++) {
      let error: unknown;
      try {
        readPropertySets(bytes.subarray(0, length));
      } catch (thrown) {
        error = thrown;
      }
      expect(error, `${length}`).toBeInstanceOf(SealwrightError);
      expect((error as SealwrightError).code).toBe('MALFORMED_CONTAINER');
    }
    // What is missing of the padding at the end is not missed.
    expect(readPropertySets(bytes.subarray(0, bytes.length - 2)).sections.length).toBe(2);
  });
});
