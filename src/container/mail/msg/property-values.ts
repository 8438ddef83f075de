import { maxima, type WaitOptions } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import { decodeMailText, textOfUtf16 } from '../code-pages.ts';
import type { MapiProperty, PropertyList, PropertyStream } from './mapi-message.ts';
import { propertyIds, propertyTypes } from './property-tags.ts';

const hundredNanosecondsTo1970 = 116_444_736_000_000_000n;
const defaultCodePage = 1252;

/** The value of a 32-bit property, unsigned. */
export function integerOf(list: PropertyList, id: number): number | undefined {
  const property = list.properties.find((each) => each.id === id && each.type === propertyTypes.integer32);
  return property && viewOf(property).getUint32(0, true);
}

/** Whether a property is there and true. */
export function isTrue(list: PropertyList, id: number): boolean {
  const property = list.properties.find((each) => each.id === id && each.type === propertyTypes.boolean);
  return property !== undefined && (property.value[0] as number) !== 0;
}

/** A point in time; `undefined` where there is none, or one that no date can state. */
export function timeOf(list: PropertyList, id: number): Date | undefined {
  const property = list.properties.find((each) => each.id === id && each.type === propertyTypes.time);
  if (property === undefined) return undefined;
  const fileTime = viewOf(property).getBigUint64(0, true);
  if (fileTime === 0n) return undefined;
  const date = new Date(Number((fileTime - hundredNanosecondsTo1970) / 10_000n));
  return Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999 ? undefined : date;
}

/** A date as eight bytes, in 100 ns since 1601. */
export function fileTimeBytes(date: Date): Uint8Array {
  const bytes = new Uint8Array(8);
  const fileTime = BigInt(date.getTime()) * 10_000n + hundredNanosecondsTo1970;
  new DataView(bytes.buffer).setBigUint64(0, fileTime > 0n ? fileTime : 0n, true);
  return bytes;
}

/** Texts of properties, in Unicode or in the code page of the message. */
export interface TextReader {
  /** Code page of texts that are not Unicode. */
  readonly codePage: number;
  /** The text of a property without the NULs behind it; `undefined` if it is empty or not there. */
  text(list: PropertyList, id: number): Promise<string | undefined>;
}

/** Reads the texts of a message. Throws `LIMIT_EXCEEDED` for one of more than `maxima.mailTextBytes`. */
export function textReader(message: PropertyList, options?: WaitOptions): TextReader {
  const codePage =
    integerOf(message, propertyIds.messageCodepage) ??
    integerOf(message, propertyIds.internetCodepage) ??
    defaultCodePage;
  return {
    codePage,
    async text(list, id) {
      const property = textProperty(list, id);
      if (property === undefined) return undefined;
      const bytes = await streamBytes(property, maxima.mailTextBytes, options);
      const text = bytes && textOfBytes(property, bytes, codePage);
      return text === '' ? undefined : text;
    },
  };
}

/** A property that holds text, the Unicode one first. */
export const textProperty = (list: PropertyList, id: number): MapiProperty | undefined =>
  list.properties.find((each) => each.id === id && each.type === propertyTypes.string) ??
  list.properties.find((each) => each.id === id && each.type === propertyTypes.string8);

/** Text of the bytes of a property that holds text, without NULs: no header field or name may have one. */
export function textOfBytes(property: MapiProperty, bytes: Uint8Array, codePage: number): string {
  const text = property.type === propertyTypes.string ? textOfUtf16(bytes) : decodeMailText(bytes, codePage);
  return text.replaceAll('\0', '');
}

/** The stream of a property with one value. */
export const streamOf = (property: MapiProperty): PropertyStream | undefined =>
  property.streams.find(({ suffix }) => suffix === '');

/** The bytes of a property with one value, a copy. Throws `LIMIT_EXCEEDED` if there are more than `maximum`. */
export async function streamBytes(
  property: MapiProperty,
  maximum: number,
  options?: WaitOptions,
): Promise<Uint8Array | undefined> {
  const content = streamOf(property)?.content;
  if (content === undefined || content instanceof Uint8Array) return content;
  const size = content.size ?? 0;
  if (size > maximum)
    throw new SealwrightError(
      'LIMIT_EXCEEDED',
      `A property of the message has ${size} bytes; at most ${maximum} are accepted.`,
    );
  return (await content.read(0, size, options)).slice();
}

const viewOf = ({ value }: MapiProperty): DataView =>
  new DataView(value.buffer, value.byteOffset, value.byteLength);
