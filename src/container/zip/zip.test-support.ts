import {
  type ByteSource,
  ByteWriter,
  concatenatedSource,
  crc32,
  encodeUtf8,
  type SourcePart,
} from '../../bytes/index.ts';

/** An entry of a test archive; what is left out is as an ordinary writer has it. */
export interface TestEntry {
  readonly name: string;
  /** The data as it stands in the file. */
  readonly data?: Uint8Array | ByteSource;
  readonly method?: number;
  readonly flags?: number;
  readonly size?: number;
  readonly crc32?: number;
  readonly localName?: string;
  readonly localExtra?: Uint8Array;
  readonly extra?: Uint8Array;
  readonly comment?: string;
  /** Bytes behind the data: a descriptor, or what nobody refers to. */
  readonly after?: Uint8Array;
  /** Offset to state instead of the real one. */
  readonly offset?: number;
  /** Sizes and offset in a ZIP64 field. */
  readonly zip64?: boolean;
}

export interface TestArchive {
  readonly entries: readonly TestEntry[];
  readonly comment?: Uint8Array;
  /** Bytes before the archive. */
  readonly prefix?: Uint8Array;
  /** Offsets count from the start of the file, not of the archive. */
  readonly countPrefix?: boolean;
  readonly zip64?: boolean;
  /** Changes of the end record: field offset to value. */
  readonly end?: Readonly<Record<number, number>>;
  readonly after?: Uint8Array;
}

/** Writes an archive field by field, independently of the code under test. */
export function testZip(archive: TestArchive): ByteSource {
  const parts: SourcePart[] = [archive.prefix ?? new Uint8Array(0)];
  let at = archive.countPrefix ? (archive.prefix?.length ?? 0) : 0;
  const add = (part: SourcePart): void => {
    parts.push(part);
    at += part instanceof Uint8Array ? part.length : (part.size as number);
  };
  const records = archive.entries.map((entry) => {
    const { data = new Uint8Array(0), method = 0, flags = 0 } = entry;
    const length = data instanceof Uint8Array ? data.length : (data.size as number);
    const size = entry.size ?? length;
    const sum = entry.crc32 ?? (data instanceof Uint8Array ? crc32(data) : 0);
    const offset = entry.offset ?? at;
    const streamed = (flags & 8) !== 0;
    const wide = 0xffff_ffff;
    const localName = encodeUtf8(entry.localName ?? entry.name);
    const localExtra = entry.localExtra ?? new Uint8Array(0);
    add(
      new ByteWriter()
        .uint32(0x04034b50)
        .uint16(20)
        .uint16(flags)
        .uint16(method)
        .uint16(0x1234)
        .uint16(0x5678)
        .uint32(streamed ? 0 : sum)
        .uint32(streamed ? 0 : Math.min(length, wide))
        .uint32(streamed ? 0 : Math.min(size, wide))
        .uint16(localName.length)
        .uint16(localExtra.length)
        .bytes(localName)
        .bytes(localExtra)
        .toBytes(),
    );
    add(data);
    if (streamed) add(new ByteWriter().uint32(0x08074b50).uint32(sum).uint32(length).uint32(size).toBytes());
    add(entry.after ?? new Uint8Array(0));
    const zip64 = entry.zip64
      ? new ByteWriter()
          .uint16(1)
          .uint16(24)
          .uint64(BigInt(size))
          .uint64(BigInt(length))
          .uint64(BigInt(offset))
          .toBytes()
      : new Uint8Array(0);
    const name = encodeUtf8(entry.name);
    const comment = encodeUtf8(entry.comment ?? '');
    const extra = entry.extra ?? new Uint8Array(0);
    return new ByteWriter()
      .uint32(0x02014b50)
      .uint16(0x031e)
      .uint16(20)
      .uint16(flags)
      .uint16(method)
      .uint16(0x1234)
      .uint16(0x5678)
      .uint32(sum)
      .uint32(entry.zip64 ? wide : length)
      .uint32(entry.zip64 ? wide : size)
      .uint16(name.length)
      .uint16(zip64.length + extra.length)
      .uint16(comment.length)
      .uint16(0)
      .uint16(0)
      .uint32(0x81a40000)
      .uint32(entry.zip64 ? wide : offset)
      .bytes(name)
      .bytes(extra)
      .bytes(zip64)
      .bytes(comment)
      .toBytes();
  });
  const start = at;
  for (const record of records) add(record);
  const length = at - start;
  const count = archive.entries.length;
  if (archive.zip64) {
    const recordAt = at;
    add(
      new ByteWriter()
        .uint32(0x06064b50)
        .uint64(44n)
        .uint16(45)
        .uint16(45)
        .uint32(0)
        .uint32(0)
        .uint64(BigInt(count))
        .uint64(BigInt(count))
        .uint64(BigInt(length))
        .uint64(BigInt(start))
        .toBytes(),
    );
    add(new ByteWriter().uint32(0x07064b50).uint32(0).uint64(BigInt(recordAt)).uint32(1).toBytes());
  }
  const comment = archive.comment ?? new Uint8Array(0);
  const end = new ByteWriter()
    .uint32(0x06054b50)
    .uint16(0)
    .uint16(0)
    .uint16(archive.zip64 ? 0xffff : count)
    .uint16(archive.zip64 ? 0xffff : count)
    .uint32(archive.zip64 ? 0xffff_ffff : length)
    .uint32(archive.zip64 ? 0xffff_ffff : start)
    .uint16(comment.length)
    .bytes(comment)
    .toBytes();
  for (const [field, value] of Object.entries(archive.end ?? {}))
    new DataView(end.buffer).setUint32(Number(field), value, true);
  add(end);
  add(archive.after ?? new Uint8Array(0));
  return concatenatedSource(parts);
}

/** Everything a source holds. */
export const allOf = async (source: ByteSource): Promise<Uint8Array> =>
  new Uint8Array(await source.read(0, source.size as number));
