import { ByteReader, ByteWriter, maxima } from '../../bytes/index.ts';
import { decodeCodePage, utf16CodePage } from './code-page.ts';
import type { NamedProperty } from './property-set.ts';

const subject = { what: 'dictionary of a property set', code: 'MALFORMED_CONTAINER' } as const;

/** Reads the value of property 0, [MS-OLEPS] 2.17. Throws `MALFORMED_CONTAINER`, `LIMIT_EXCEEDED`. */
export function parseDictionary(raw: Uint8Array, codePage: number): NamedProperty[] {
  const reader = new ByteReader(raw, subject);
  const wide = codePage === utf16CodePage;
  const count = reader.bounded(reader.uint32('number of entries'), maxima.properties, 'number of entries');
  const entries: NamedProperty[] = [];
  for (let i = 0; i < count; i++) {
    const id = reader.uint32('property identifier');
    const length = reader.uint32('length of a name');
    const name = reader.bytes(wide ? 2 * length : length, 'name of a property');
    if (wide) reader.bytes(Math.min(-name.length & 3, reader.remaining), 'padding of a name');
    entries.push(Object.freeze({ id, name: cutAtNul(decodeCodePage(name, codePage)), raw: name.slice() }));
  }
  return entries;
}

/** The value of property 0 for these entries, padded. */
export function serializeDictionary(entries: readonly NamedProperty[], codePage: number): Uint8Array {
  const wide = codePage === utf16CodePage;
  const writer = new ByteWriter().uint32(entries.length);
  for (const { id, raw } of entries) {
    writer
      .uint32(id)
      .uint32(wide ? raw.length / 2 : raw.length)
      .bytes(raw);
    // Only in UTF-16 is each entry padded of its own.
    if (wide) writer.bytes(new Uint8Array(-raw.length & 3));
  }
  return writer.bytes(new Uint8Array(-writer.length & 3)).toBytes();
}

/** Strings end at their first NUL, [MS-OLEPS] 2.5. */
export const cutAtNul = (text: string): string => text.split('\0', 1)[0] as string;
