import { type ByteSource, encodeUtf16le, sliceSource } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import type { NewStorage } from '../../compound-file/new-compound-file.ts';
import type { MapiProperty } from './mapi-message.ts';
import { propertyTypes } from './property-tags.ts';
import { fileTimeBytes } from './property-values.ts';

/** Properties may be read and written, [MS-OXMSG] 2.4.2.1. */
const usualFlags = 6;
/** What stands for the size of an object, and which kind of object it is, [MS-OXMSG] 2.4.2.2. */
const objectSize = 0xffff_ffff;
export const objectKinds = { message: 1, storage: 4 } as const;

const property = (id: number, type: number, first: number, second = 0): MapiProperty => {
  const value = new Uint8Array(8);
  const view = new DataView(value.buffer);
  view.setUint32(0, first, true);
  view.setUint32(4, second, true);
  return { id, type, flags: usualFlags, value, streams: [] };
};

/** A whole number of 32 bits. */
export const integerProperty = (id: number, value: number): MapiProperty =>
  property(id, propertyTypes.integer32, value);

export const booleanProperty = (id: number, value: boolean): MapiProperty =>
  property(id, propertyTypes.boolean, value ? 1 : 0);

/** A point in time; none if there is no date. */
export const timeProperties = (id: number, date: Date | undefined): MapiProperty[] =>
  date === undefined ? [] : [{ ...property(id, propertyTypes.time, 0), value: fileTimeBytes(date) }];

/** A text in Unicode; none if it is empty, as Outlook refuses items with empty streams of text. */
export function textProperties(id: number, text: string | undefined): MapiProperty[] {
  const clean = text?.replace(/\0/g, '') ?? '';
  if (clean === '') return [];
  const content = encodeUtf16le(clean);
  return [withStream(property(id, propertyTypes.string, content.length + 2), content)];
}

/** Bytes. Throws `LIMIT_EXCEEDED` for 4 GB of them. */
export function binaryProperty(id: number, content: Uint8Array | ByteSource): MapiProperty {
  const size = content instanceof Uint8Array ? content.length : (content.size as number);
  return withStream(property(id, propertyTypes.binary, statedSize(size)), content);
}

/** Bytes that somebody else writes. */
export const pendingProperty = (id: number, pendingSize: number): MapiProperty => ({
  ...property(id, propertyTypes.binary, statedSize(pendingSize)),
  pendingSize,
});

/** A message or an object within a message. */
export const objectProperty = (
  id: number,
  kind: keyof typeof objectKinds,
  newStorage: Omit<NewStorage, 'name'>,
): MapiProperty => ({ ...property(id, propertyTypes.object, objectSize, objectKinds[kind]), newStorage });

/** A property with another value of its own type. */
export function withContent(old: MapiProperty, content: Uint8Array | ByteSource): MapiProperty {
  const size = content instanceof Uint8Array ? content.length : (content.size as number);
  const terminator = { [propertyTypes.string]: 2, [propertyTypes.string8]: 1 }[old.type] ?? 0;
  const value = old.value.slice();
  const view = new DataView(value.buffer);
  // Programs do not agree on whether a terminator counts, so what was stated stays if it can be meant so.
  const stated = view.getUint32(0, true);
  if (stated < size || stated > size + 2) view.setUint32(0, statedSize(size + terminator), true);
  return withStream({ ...old, value }, content);
}

const withStream = (old: MapiProperty, content: Uint8Array | ByteSource): MapiProperty => ({
  ...old,
  streams: [{ suffix: '', content: content instanceof Uint8Array ? content : readOnce(content) }],
});

function statedSize(size: number): number {
  if (size < objectSize) return size;
  throw new SealwrightError(
    'LIMIT_EXCEEDED',
    `An attachment of ${size} bytes does not fit into an Outlook item; each may have less than 4 GB.`,
  );
}

/** A layout asks for random access, and reads from front to back: all that a decoder of MIME can give. */
function readOnce(source: ByteSource): ByteSource {
  if (source.seekable) return source;
  const forward: ByteSource = {
    size: source.size,
    seekable: true,
    read: (offset, length, options) => source.read(offset, length, options),
    slice: (offset, length) => sliceSource(forward, offset, length),
  };
  return forward;
}
