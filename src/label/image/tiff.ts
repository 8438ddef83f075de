import { type ByteSource, concatenatedSource, maxima } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import { type ImageReader, imageReader } from './image-reader.ts';
import { type FindPacket, type PacketSite, xmpLabelPlace } from './xmp-place.ts';

/** The tag of XMP, [XMP] part 3, 1.1.6. */
const xmpTag = 700;
/** BYTE, and UNDEFINED, which some writers use; both count bytes. */
const byteTypes = [1, 7];
/** Tag, type, count, value or its offset. */
const entryLength = 12;
/** Bytes that stand in the entry itself. */
const inlineBytes = 4;
const largestFile = 2 ** 32 - 1;
/** In one directory. */
const mostEntries = 0xffff;

/** The first directory of a TIFF, as far as it matters here. */
interface Directory {
  readonly offset: number;
  /** A copy of its entries. */
  readonly entries: Uint8Array;
  /** The offset of the next directory, as stored. */
  readonly next: Uint8Array;
  /** Index of the entry for XMP, or of the one before which it would stand. */
  readonly index: number;
  readonly found: boolean;
}

const findInTiff: FindPacket = async (source, options) => {
  const reader = imageReader(source, 'TIFF', 4096, options);
  const little = await littleEndian(reader);
  const directory = await firstDirectory(reader, little);
  if (!directory.found) return newPacket(source, little, directory);

  const at = directory.index * entryLength;
  const entry = viewOf(directory.entries.subarray(at, at + entryLength));
  const length = entry.getUint32(4, little);
  if (!byteTypes.includes(entry.getUint16(2, little)))
    throw reader.malformed('its XMP entry does not hold bytes', directory.offset);
  reader.bounded(length, maxima.xmpBytes, 'bytes of XMP', directory.offset);
  const entryOffset = directory.offset + 2 + at;
  const offset = length <= inlineBytes ? entryOffset + 8 : entry.getUint32(8, little);
  const packet = new Uint8Array(await reader.bytes(offset, length, 'its XMP packet'));
  return changedPacket(source, little, { entryOffset, offset, packet });
};

async function littleEndian(reader: ImageReader): Promise<boolean> {
  const head = await reader.bytes(0, 8, 'its header');
  const order = String.fromCharCode(...head.subarray(0, 2));
  const little = order === 'II';
  if (!little && order !== 'MM') throw reader.malformed('it does not start as one', 0);
  const version = viewOf(head).getUint16(2, little);
  if (version === 43)
    throw new SealwrightError(
      'UNSUPPORTED_FORMAT',
      'This is a BigTIFF image, in which labels cannot be changed. Save it as TIFF of less than 4 GiB.',
      { offset: 2 },
    );
  if (version !== 42) throw reader.malformed('it does not start as one', 2);
  return little;
}

async function firstDirectory(reader: ImageReader, little: boolean): Promise<Directory> {
  const head = await reader.bytes(4, 4, 'its header');
  const offset = viewOf(head).getUint32(0, little);
  if (offset < 8) throw reader.malformed('it has no directory', 4);
  const count = viewOf(await reader.bytes(offset, 2, 'its directory')).getUint16(0, little);
  const bytes = new Uint8Array(await reader.bytes(offset + 2, count * entryLength + 4, 'its directory'));
  const entries = bytes.subarray(0, count * entryLength);
  const view = viewOf(entries);
  let index = 0;
  while (index < count && view.getUint16(index * entryLength, little) !== xmpTag) index++;
  const found = index < count;
  if (!found) {
    index = 0;
    while (index < count && view.getUint16(index * entryLength, little) < xmpTag) index++;
  }
  return { offset, entries, next: bytes.subarray(entries.length), index, found };
}

/** Where there is no packet: packet and a larger directory at the end; the old directory is left unused. */
function newPacket(source: ByteSource, little: boolean, directory: Directory): PacketSite {
  return {
    packet: undefined,
    maximum: maxima.xmpBytes,
    replace(changed) {
      const end = appendOffset(source);
      const start = end + changed.length + (changed.length % 2);
      const { entries, next, index } = directory;
      if (entries.length === mostEntries * entryLength)
        throw new SealwrightError(
          'UNSUPPORTED_FORMAT',
          'The directory of the TIFF image is full, so that it cannot take a label. Save the image again with an image program.',
          { offset: directory.offset },
        );
      const at = index * entryLength;
      const grown = new Uint8Array(2 + entries.length + entryLength + next.length);
      const view = viewOf(grown);
      view.setUint16(0, entries.length / entryLength + 1, little);
      grown.set(entries.subarray(0, at), 2);
      writeEntry(new DataView(grown.buffer, 2 + at, entryLength), little, changed.length, end);
      grown.set(entries.subarray(at), 2 + at + entryLength);
      grown.set(next, 2 + entries.length + entryLength);
      checkSize(start + grown.length);
      const pointer = new Uint8Array(4);
      viewOf(pointer).setUint32(0, start, little);
      return concatenatedSource([
        source.slice(0, 4),
        pointer,
        source.slice(8),
        padding(source),
        changed,
        new Uint8Array(changed.length % 2),
        grown,
      ]);
    },
  };
}

interface StoredPacket {
  readonly entryOffset: number;
  readonly offset: number;
  readonly packet: Uint8Array;
}

/** Where there is one: in its room if it fits, else at the end, and the old room is blanked. */
function changedPacket(source: ByteSource, little: boolean, stored: StoredPacket): PacketSite {
  const { entryOffset, offset, packet } = stored;
  return {
    packet,
    maximum: maxima.xmpBytes,
    replace(changed) {
      const fits =
        packet.length > inlineBytes && changed.length <= packet.length && changed.length > inlineBytes;
      const room = new Uint8Array(packet.length > inlineBytes ? packet.length : 0).fill(0x20);
      const end = fits ? offset : appendOffset(source);
      if (fits) room.set(changed);
      else checkSize(end + changed.length);
      const entry = new Uint8Array(entryLength);
      writeEntry(viewOf(entry), little, changed.length, end);
      return concatenatedSource([
        ...patched(source, [
          { offset: entryOffset, bytes: entry },
          { offset, bytes: room },
        ]),
        ...(fits ? [] : [padding(source), changed]),
      ]);
    },
  };
}

interface Patch {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** The source with bytes replaced; of two patches that overlap the first one wins. */
function patched(source: ByteSource, patches: readonly [Patch, Patch]) {
  const parts: (Uint8Array | ByteSource)[] = [];
  let done = 0;
  for (const { offset, bytes } of [...patches].sort((a, b) => a.offset - b.offset)) {
    if (offset < done) continue;
    parts.push(source.slice(done, offset - done), bytes);
    done = offset + bytes.length;
  }
  return [...parts, source.slice(done)];
}

function writeEntry(view: DataView, little: boolean, count: number, offset: number): void {
  view.setUint16(0, xmpTag, little);
  view.setUint16(2, byteTypes[0] as number, little);
  view.setUint32(4, count, little);
  view.setUint32(8, offset, little);
}

/** Offsets in a TIFF are even, [TIFF] 6.0, section 2. */
const padding = (source: ByteSource): Uint8Array => new Uint8Array((source.size ?? 0) % 2);
const appendOffset = (source: ByteSource): number => (source.size ?? 0) + padding(source).length;

function checkSize(size: number): void {
  if (size <= largestFile) return;
  throw new SealwrightError(
    'UNSUPPORTED_FORMAT',
    'The TIFF image would grow beyond 4 GiB, which its format cannot express. Label a smaller one.',
  );
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/**
 * Labels in the XMP packet of a TIFF image, tag 700 of its first directory (spec/image-labels.md, "TIFF").
 *
 * @example
 * ```ts
 * const { properties } = await tiffLabels.read(memorySource(bytes));
 * ```
 */
export const tiffLabels = xmpLabelPlace('tiff', findInTiff);
