import { ByteReader } from '../../../bytes/index.ts';

/** A reader for one of the small streams that describe the protection, `what` as messages name it. */
export const readerFor = (bytes: Uint8Array, what: string): ByteReader =>
  new ByteReader(bytes, { what, code: 'MALFORMED_CONTAINER' });

/** The rest of a stream, a copy: kept so that writing it again gives the same bytes. */
export const tailOf = (reader: ByteReader): Uint8Array => reader.bytes(reader.remaining, 'rest').slice();
