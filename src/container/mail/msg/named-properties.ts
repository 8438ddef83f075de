import {
  ByteReader,
  ByteWriter,
  decodeHex,
  encodeHex,
  encodeUtf16le,
  maxima,
  type WaitOptions,
} from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import type { CompoundFile, CompoundStorage } from '../../compound-file/compound-file.ts';
import { childNamed } from '../../compound-file/directory.ts';
import type { NewStorage } from '../../compound-file/new-compound-file.ts';
import { textOfUtf16 } from '../code-pages.ts';
import { outlookCrc } from '../rtf/outlook-crc.ts';
import { hex, itemNames, propertyIds } from './property-tags.ts';

/** Sets of names, 16 bytes in file order as hexadecimal. */
export const propertySets = {
  mapi: '2803020000000000c000000000000046',
  publicStrings: '2903020000000000c000000000000046',
  internetHeaders: '8603020000000000c000000000000046',
} as const;

/** What a property from 0x8000 on is called: a number or a string within a set. */
export interface PropertyName {
  readonly set: string;
  readonly name: number | string;
  /** What a file has for a string to be found by; programs did not always agree on it. */
  readonly hash?: number | undefined;
}

/** Names as a file has them. */
export interface PropertyNames {
  /** The sets that are numbered in the file, in its order. */
  readonly sets: readonly string[];
  /** The name of property 0x8000 + index. */
  readonly names: readonly PropertyName[];
}

export const noNames: PropertyNames = Object.freeze({ sets: [], names: [] });

const streams = { sets: 0x0002, entries: 0x0003, strings: 0x0004 } as const;
const entryBytes = 8;
/** Names are found by way of so many streams, numbered from here on. */
const firstBucket = 0x1000;
const buckets = 0x1f;
/** Sets 1 and 2 have numbers of their own, so those of the file begin at 3. */
const firstSet = 3;

/** Properties that have a number and no more. */
const mostNames = 0xffff - propertyIds.firstNamed;

const nameStream = (number: number): string => `${itemNames.substorage}${hex(number, 4)}0102`;

/** What two names have in common that are the same; those of header fields compare without case. */
export const propertyNameKey = ({ set, name }: PropertyName): string =>
  `${set} ${typeof name} ${set === propertySets.internetHeaders && typeof name === 'string' ? name.toLowerCase() : name}`;

/** Whether two names are the same. */
export const samePropertyName = (a: PropertyName, b: PropertyName): boolean =>
  a.set === b.set && propertyNameKey(a) === propertyNameKey(b);

/**
 * The names of the properties of a file (spec/mail.md, "Outlook items"). A file without them has none.
 * Throws `MALFORMED_CONTAINER` if they contradict themselves, `LIMIT_EXCEEDED` for too many.
 */
export async function readPropertyNames(
  file: CompoundFile,
  message: CompoundStorage,
  options?: WaitOptions,
): Promise<PropertyNames> {
  const storage = childNamed(message, itemNames.nameMapping);
  if (storage?.kind !== 'storage') return noNames;
  const read = async (number: number, what: string): Promise<ByteReader> => {
    const stream = childNamed(storage, nameStream(number));
    const bytes =
      stream?.kind === 'stream'
        ? await file.read(stream, maxima.mailPropertyListBytes, options)
        : new Uint8Array(0);
    return new ByteReader(bytes, { what, code: 'MALFORMED_CONTAINER' });
  };
  const setBytes = await read(streams.sets, 'list of property sets of the message');
  const sets: string[] = [];
  while (setBytes.remaining >= 16) sets.push(encodeHex(setBytes.bytes(16, 'property set')));
  const stringBytes = await read(streams.strings, 'list of property names of the message');
  const strings = stringBytes.bytes(stringBytes.remaining, 'names');
  const entries = await read(streams.entries, 'list of named properties of the message');
  const hashes = new Map<number, number>();
  for (let number = firstBucket; number < firstBucket + buckets; number++) {
    const bucket = await read(number, 'index of property names of the message');
    while (bucket.remaining >= entryBytes) {
      const hash = bucket.uint32('hash of a name');
      const isString = (bucket.uint16('kind of name') & 1) === 1;
      const place = bucket.uint16('index of the property');
      if (isString) hashes.set(place, hash);
    }
  }
  const names: PropertyName[] = [];
  if (entries.remaining / entryBytes > mostNames)
    throw new SealwrightError(
      'LIMIT_EXCEEDED',
      'The message has more named properties than an Outlook item has room for, 32,767.',
    );
  while (entries.remaining >= entryBytes) {
    const number = entries.uint32('name');
    const kind = entries.uint16('kind of name');
    entries.uint16('index of the property');
    const set = setAt(kind >>> 1, sets);
    if (set === undefined) throw entries.malformed('a name is of a set that is not there');
    names.push(
      Object.freeze(
        kind & 1
          ? { set, name: stringAt(strings, number), hash: hashes.get(names.length) }
          : { set, name: number },
      ),
    );
  }
  return Object.freeze({ sets: Object.freeze(sets), names: Object.freeze(names) });
}

function setAt(index: number, sets: readonly string[]): string | undefined {
  if (index === 1) return propertySets.mapi;
  if (index === 2) return propertySets.publicStrings;
  // Not allowed, and harmless: a set that nobody knows.
  return index === 0 ? '0'.repeat(32) : sets[index - firstSet];
}

function stringAt(strings: Uint8Array, offset: number): string {
  const reader = new ByteReader(strings.subarray(Math.min(offset, strings.length)), {
    what: 'list of property names of the message',
    code: 'MALFORMED_CONTAINER',
  });
  const length = reader.bounded(
    reader.uint32('length of a name'),
    maxima.mailPropertyNameBytes,
    'length of a name',
  );
  return textOfUtf16(reader.bytes(length, 'name'));
}

/** Names while a file is put together: each gets its number once. */
export interface NameTable {
  /** The id of the property of that name; a new one if nobody asked for it before. */
  idOf(name: PropertyName): number;
  /** The storage that says so, for the file's root. */
  storage(): NewStorage;
}

/** A table that begins with the names of a file, so that those keep their numbers. */
export function nameTable(begin: PropertyNames = noNames): NameTable {
  const sets = [...begin.sets];
  const names = [...begin.names];
  const places = new Map<string, number>();
  for (const [place, name] of names.entries())
    if (!places.has(propertyNameKey(name))) places.set(propertyNameKey(name), place);
  return {
    idOf(name) {
      let place = places.get(propertyNameKey(name));
      if (place === undefined) {
        place = names.length;
        if (place >= mostNames)
          throw new SealwrightError(
            'LIMIT_EXCEEDED',
            'The messages together have more named properties than an Outlook item has room for, 32,767.',
          );
        names.push(name);
        places.set(propertyNameKey(name), place);
      }
      return propertyIds.firstNamed + place;
    },
    storage: () => nameStorage(sets, names),
  };
}

function nameStorage(sets: string[], names: readonly PropertyName[]): NewStorage {
  const entries = new ByteWriter();
  const strings = new ByteWriter();
  const index = new Map<number, ByteWriter>();
  for (const [place, { set, name, hash: known }] of names.entries()) {
    const setNumber = setNumberOf(set, sets);
    const isString = typeof name === 'string';
    const kind = (setNumber << 1) | (isString ? 1 : 0);
    let hash = isString ? 0 : name;
    if (isString) {
      strings.bytes(new Uint8Array((4 - (strings.length % 4)) % 4));
      entries.uint32(strings.length);
      const text = encodeUtf16le(name);
      strings.uint32(text.length).bytes(text);
      hash =
        known ?? outlookCrc(set === propertySets.internetHeaders ? encodeUtf16le(name.toLowerCase()) : text);
    } else entries.uint32(name);
    entries.uint16(kind).uint16(place);
    const number = firstBucket + (((hash ^ kind) >>> 0) % buckets);
    const bucket = index.get(number) ?? new ByteWriter();
    index.set(number, bucket.uint32(hash).uint16(kind).uint16(place));
  }
  const stream = (number: number, content: Uint8Array) =>
    ({ kind: 'stream', name: nameStream(number), content }) as const;
  return {
    kind: 'storage',
    name: itemNames.nameMapping,
    entries: [
      stream(streams.sets, decodeHex(sets.join(''))),
      stream(streams.entries, entries.toBytes()),
      stream(streams.strings, strings.toBytes()),
      ...[...index].map(([number, bucket]) => stream(number, bucket.toBytes())),
    ],
  };
}

function setNumberOf(set: string, sets: string[]): number {
  if (set === propertySets.mapi) return 1;
  if (set === propertySets.publicStrings) return 2;
  let index = sets.indexOf(set);
  if (index < 0) index = sets.push(set) - 1;
  return firstSet + index;
}
