import {
  type ByteReader,
  type ByteWriter,
  decodeUtf16le,
  encodeUtf16le,
  maxima,
} from '../../../bytes/index.ts';

/** Bytes that fill `length` up to a multiple of four. */
const paddingFor = (length: number): number => (4 - (length % 4)) % 4;

/** Passes over the zeros behind a text of `length` bytes. Some writers leave them out at the end of a stream. */
export function skipPadding(reader: ByteReader, length: number): void {
  reader.bytes(Math.min(paddingFor(length), reader.remaining), 'padding');
}

/** The zeros behind a text of `length` bytes. */
export const padding = (length: number): Uint8Array => new Uint8Array(paddingFor(length));

/** Reads a UNICODE-LP-P4: a length in bytes, UTF-16LE, zeros up to four, [MS-OFFCRYPTO] 2.1.2. */
export function readUnicodeText(reader: ByteReader, field: string): string {
  const length = reader.bounded(reader.uint32(`length of the ${field}`), maxima.dataSpaceBytes, field);
  if (length % 2 !== 0) throw reader.malformed(`its ${field} ends in half a character`);
  const bytes = reader.bytes(length, field);
  skipPadding(reader, length);
  try {
    return decodeUtf16le(bytes);
  } catch {
    throw reader.malformed(`its ${field} is not valid text`);
  }
}

/** Writes what {@link readUnicodeText} reads. */
export function writeUnicodeText(writer: ByteWriter, text: string): void {
  const bytes = encodeUtf16le(text);
  writer.uint32(bytes.length).bytes(bytes).bytes(padding(bytes.length));
}

/**
 * Reads the length and the bytes of a UTF-8-LP-P4, a view; zeros up to four follow, [MS-OFFCRYPTO] 2.1.3.
 * The lengths 0 and 4 stand for no text and for the empty text, with nothing behind them; both give no bytes.
 */
export function readUtf8Text(reader: ByteReader, field: string, maximum: number): Uint8Array {
  const length = reader.bounded(reader.uint32(`length of the ${field}`), maximum, field);
  return reader.bytes(length === emptyTextLength ? 0 : length, field);
}

/** The length that says "empty, nothing follows", which therefore no text can have. */
const emptyTextLength = 4;

/** Whether `bytes` can be written as a UTF-8-LP-P4 and be read again. */
export const isWritableUtf8Text = (bytes: Uint8Array): boolean => bytes.length !== emptyTextLength;
