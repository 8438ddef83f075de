import { decodeHex, encodeHex } from '../../bytes/index.ts';

/** A property as it stands in its section: an identifier and the bytes of its value. */
export interface StoredProperty {
  /** 0 dictionary, 1 code page, 2 and more the set's own, [MS-OLEPS] 2.1 and 2.18. */
  readonly id: number;
  /** Everything from the value's first byte to the next value or the end of the section: type, value, padding. */
  readonly raw: Uint8Array;
  /** Whether it starts at a multiple of four. It should; Office itself does not always do so. */
  readonly aligned: boolean;
}

/** An entry of a dictionary: the name of a property. */
export interface NamedProperty {
  readonly id: number;
  readonly name: string;
  /** The name as stored, terminator included, without padding. */
  readonly raw: Uint8Array;
}

/** One section: a set of properties under a format id, [MS-OLEPS] 2.20. */
export interface PropertySection {
  /** Which properties these are: a GUID, lower case, without braces. */
  readonly formatId: string;
  /** What strings are encoded in; 1200 is UTF-16, 65001 UTF-8. 1252 where the section states none. */
  readonly codePage: number;
  /** In the order of their values. */
  readonly properties: readonly StoredProperty[];
  /** Names of properties; empty if the section has no dictionary. */
  readonly dictionary: readonly NamedProperty[];
}

/** A property-set stream, [MS-OLEPS] 2.21. */
export interface PropertySets {
  readonly version: number;
  readonly systemIdentifier: number;
  /** 16 bytes, zero in all known files. */
  readonly classId: Uint8Array;
  /** One or two. */
  readonly sections: readonly PropertySection[];
}

/** Format ids and the streams they stand in, [MS-OLEPS] 2.23. */
export const formatIds = {
  summary: 'f29f85e0-4ff9-1068-ab91-08002b27b3d9',
  documentSummary: 'd5cdd502-2e9c-101b-9397-08002b2cf9ae',
  /** Only ever the second section of the document summary. */
  userDefined: 'd5cdd505-2e9c-101b-9397-08002b2cf9ae',
} as const;

/** Names of the two streams every Office document has. */
export const propertySetStreams = {
  summary: '\x05SummaryInformation',
  documentSummary: '\x05DocumentSummaryInformation',
} as const;

/** Identifiers with a meaning of their own in every section, [MS-OLEPS] 2.18. */
export const dictionaryId = 0;
export const codePageId = 1;

/** Byte order of a GUID in a file: the first three groups are little-endian numbers. */
const guidOrder = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15] as const;

/** GUID text of 16 bytes in file order. */
export function guidText(bytes: Uint8Array): string {
  const digits = encodeHex(Uint8Array.from(guidOrder, (at) => bytes[at] ?? 0));
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** 16 bytes in file order of a GUID's text. */
export function guidBytes(text: string): Uint8Array {
  const bytes = decodeHex(text.replaceAll('-', ''));
  return Uint8Array.from(guidOrder, (at) => bytes[at] ?? 0);
}
