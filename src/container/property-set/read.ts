import { ByteReader, maxima } from '../../bytes/index.ts';
import { defaultCodePage } from './code-page.ts';
import { parseDictionary } from './dictionary.ts';
import {
  codePageId,
  dictionaryId,
  guidText,
  type PropertySection,
  type PropertySets,
  type StoredProperty,
} from './property-set.ts';

const subject = { what: 'property set', code: 'MALFORMED_CONTAINER' } as const;

/** Always written so, and the order in which everything is stored, [MS-OLEPS] 2.21. */
const byteOrderMark = 0xfffe;

/**
 * Reads a property-set stream: sections, and in them the values as stored (spec/property-sets.md,
 * "Reading"). Values are copies. Zeros behind the last section are passed over.
 *
 * Throws `MALFORMED_CONTAINER` and `LIMIT_EXCEEDED`.
 *
 * @example
 * ```ts
 * const { sections } = readPropertySets(stream);
 * const title = sections[0].properties.find(({ id }) => id === 2);
 * ```
 */
export function readPropertySets(bytes: Uint8Array): PropertySets {
  const reader = new ByteReader(bytes, subject);
  reader.bounded(bytes.length, maxima.propertySetBytes, 'size');
  if (reader.uint16('byte order') !== byteOrderMark) throw reader.malformed('it does not start as one');
  const version = reader.uint16('version');
  const systemIdentifier = reader.uint32('system identifier');
  const classId = reader.bytes(16, 'class id').slice();
  const count = reader.uint32('number of sections');
  if (count !== 1 && count !== 2) throw reader.malformed(`it claims ${count} sections, not one or two`);
  const sections = Array.from({ length: count }, () => ({
    formatId: guidText(reader.bytes(16, 'format id')),
    offset: reader.uint32('section offset'),
  })).map(({ formatId, offset }) => {
    if (offset < reader.position || offset > bytes.length)
      throw reader.malformed(`a section claims to start at ${offset} of ${bytes.length} bytes`);
    return readSection(bytes.subarray(offset), formatId);
  });
  return Object.freeze({ version, systemIdentifier, classId, sections: Object.freeze(sections) });
}

/** Reads the section at the start of `rest`, [MS-OLEPS] 2.20. */
function readSection(rest: Uint8Array, formatId: string): PropertySection {
  const head = new ByteReader(rest, subject);
  const size = head.uint32('section size');
  // Up to three bytes of padding may be missing at the end of the stream.
  if (size - rest.length > 3)
    throw head.malformed(`a section claims ${size} bytes where ${rest.length} are left`);
  const bytes = rest.subarray(0, size);
  const reader = new ByteReader(bytes, subject);
  reader.bytes(4, 'section size');
  const count = reader.bounded(
    reader.uint32('number of properties'),
    maxima.properties,
    'number of properties',
  );
  const places: { id: number; offset: number }[] = [];
  for (let i = 0; i < count; i++)
    places.push({ id: reader.uint32('property identifier'), offset: reader.uint32('property offset') });
  places.sort((a, b) => a.offset - b.offset);

  const ids = new Set<number>();
  const properties = places.map(({ id, offset }, i): StoredProperty => {
    const end = places[i + 1]?.offset ?? bytes.length;
    if (offset < reader.position || offset >= end)
      throw reader.malformed(`a property claims to start at ${offset}, where it cannot be`);
    if (ids.has(id)) throw reader.malformed(`it has property ${id} twice`);
    ids.add(id);
    return Object.freeze({ id, raw: bytes.slice(offset, end), aligned: offset % 4 === 0 });
  });
  const rawOf = (wanted: number): Uint8Array | undefined => properties.find(({ id }) => id === wanted)?.raw;
  const codePage = codePageOf(rawOf(codePageId));
  const dictionary = rawOf(dictionaryId);
  return Object.freeze({
    formatId,
    codePage,
    properties: Object.freeze(properties),
    dictionary: Object.freeze(dictionary === undefined ? [] : parseDictionary(dictionary, codePage)),
  });
}

/** A signed 16-bit number by its type, but code pages beyond 32767 are in use: read as unsigned. */
function codePageOf(raw: Uint8Array | undefined): number {
  if (raw === undefined) return defaultCodePage;
  const reader = new ByteReader(raw, subject);
  reader.uint32('type of the code page');
  return reader.uint16('code page');
}
