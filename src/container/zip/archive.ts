import type { ByteSource, WaitOptions } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';

/** A file in a ZIP archive, as its directory states it. */
export interface ZipEntry {
  /** As stored: in OPC packages without a slash in front. */
  readonly name: string;
  /** APPNOTE 4.4.5: 0 stored, 8 deflated. */
  readonly method: number;
  readonly crc32: number;
  readonly compressedSize: number;
  /** Bytes, unpacked. */
  readonly size: number;
  /** File offset of the local header. */
  readonly offset: number;
  /** File offset of what comes next: another entry or the directory. */
  readonly limit: number;
  /** The record in the directory, exactly as stored. */
  readonly record: Uint8Array;
}

/** Where the parts of an archive lie that are no entries. */
export interface ZipLayout {
  /** Bytes before the archive proper; the offsets that the archive states count from there. */
  readonly base: number;
  /** File offset of the directory. */
  readonly directoryOffset: number;
  /** The ZIP64 end record, exactly as stored, without its locator; empty if there is none. */
  readonly zip64Record: Uint8Array;
  /** The end record with the comment of the archive, exactly as stored. */
  readonly endRecord: Uint8Array;
}

/** A ZIP archive whose directory was read. */
export interface ZipArchive {
  readonly source: ByteSource;
  /** In the order of the directory. */
  readonly entries: ReadonlyMap<string, ZipEntry>;
  readonly layout: ZipLayout;
  /**
   * An entry unpacked, a copy, its CRC-32 checked. Never more memory than `maximum` and a few MiB.
   *
   * @throws SealwrightError `LIMIT_EXCEEDED` if it has more than `maximum` bytes; `MALFORMED_CONTAINER`; `UNSUPPORTED_FORMAT` for another compression than deflate
   */
  read(entry: ZipEntry, maximum: number, options?: WaitOptions): Promise<Uint8Array>;
}

/** Signatures, APPNOTE 4.3. */
export const signatures = {
  local: 0x0403_4b50,
  directory: 0x0201_4b50,
  end: 0x0605_4b50,
  zip64End: 0x0606_4b50,
  zip64Locator: 0x0706_4b50,
} as const;

/** Bytes of the fixed part of each record, APPNOTE 4.3. */
export const lengths = { local: 30, directory: 46, end: 22, zip64End: 56, zip64Locator: 20 } as const;

/** Id of the extra field that holds what 32 bits do not, APPNOTE 4.5.3. */
export const zip64Extra = 0x0001;
/** What a field of 16 or 32 bits holds when the number stands in a ZIP64 record. */
export const elsewhere16 = 0xffff;
export const elsewhere32 = 0xffff_ffff;

/** The error for an archive that contradicts itself. */
export const malformedZip = (problem: string, offset?: number): SealwrightError =>
  new SealwrightError(
    'MALFORMED_CONTAINER',
    `The ZIP archive is damaged: ${problem}. Get a fresh copy of the file.`,
    offset === undefined ? {} : { offset },
  );

/** `bytes` as little-endian fields. */
export const fieldsOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
