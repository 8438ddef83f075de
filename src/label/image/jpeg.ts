import { concatBytes, concatenatedSource, encodeUtf8, maxima } from '../../bytes/index.ts';
import { imageReader } from './image-reader.ts';
import { type FindPacket, type PacketSite, xmpLabelPlace } from './xmp-place.ts';

/** What an APP1 segment with XMP starts with, [XMP] part 3, 1.1.3. */
const xmpSignature = encodeUtf8('http://ns.adobe.com/xap/1.0/\0');
const exifSignature = encodeUtf8('Exif\0');
/** An index of further images behind this one, whose offsets count from here, [CIPA DC-007] 5.2. */
const indexSignature = encodeUtf8('MPF\0');
/** Bytes of a packet in one segment, [XMP] part 3, 1.1.3. */
const largestPacket = 65_502;

const app0 = 0xe0;
const app1 = 0xe1;
const app2 = 0xe2;
const startOfScan = 0xda;
const endOfImage = 0xd9;

const startsWith = (bytes: Uint8Array, signature: Uint8Array): boolean =>
  signature.every((byte, i) => bytes[i] === byte);

/** Markers without a length: TEM and the restart markers. */
const standsAlone = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);

const findInJpeg: FindPacket = async (source, options) => {
  const reader = imageReader(source, 'JPEG', 64, options);
  const head = await reader.bytes(0, 2, 'its signature');
  if (head[0] !== 0xff || head[1] !== 0xd8) throw reader.malformed('it does not start as one', 0);

  /** Behind the JFIF and Exif segments at the start, where other programs put the packet too. */
  let insertion = 2;
  let leading = true;
  let indexed = false;
  let at = 2;
  for (let segments = 0; ; segments++) {
    reader.bounded(segments, maxima.imageBlocks, 'segments', at);
    const [lead, marker = 0] = await reader.bytes(at, 2, 'a marker');
    if (lead !== 0xff) throw reader.malformed('a marker was expected', at);
    // Any number of FF may stand before a marker.
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === startOfScan || marker === endOfImage) break;
    if (standsAlone(marker)) {
      at += 2;
      continue;
    }
    const header = await reader.bytes(at + 2, 2, 'a segment');
    const length = ((header[0] as number) << 8) | (header[1] as number);
    if (length < 2) throw reader.malformed('a segment is shorter than its length field', at);
    const end = at + 2 + length;
    if (end > reader.size) throw reader.malformed('it ends inside a segment', at);
    const start = await reader.bytes(at + 4, Math.min(length - 2, xmpSignature.length), 'a segment');
    if (marker === app1 && startsWith(start, xmpSignature)) {
      const from = at + 4 + xmpSignature.length;
      const packet = new Uint8Array(await reader.bytes(from, end - from, 'its XMP packet'));
      return site(packet, at, end);
    }
    indexed ||= marker === app2 && startsWith(start, indexSignature);
    leading &&= marker === app0 || (marker === app1 && startsWith(start, exifSignature));
    at = end;
    if (leading) insertion = at;
  }
  return site(undefined, insertion, insertion);

  function site(packet: Uint8Array | undefined, start: number, end: number): PacketSite {
    return {
      packet,
      maximum: largestPacket,
      replace(changed) {
        const segment = segmentOf(changed);
        // Nothing behind an index may move: the new packet goes before it, and blanks take the place of the old one.
        if (indexed && segment.length !== end - start)
          return concatenatedSource([
            source.slice(0, insertion),
            segment,
            source.slice(insertion, start - insertion + 4),
            new Uint8Array(end - start - 4).fill(0x20),
            source.slice(end),
          ]);
        return concatenatedSource([source.slice(0, start), segment, source.slice(end)]);
      },
    };
  }
};

function segmentOf(packet: Uint8Array): Uint8Array {
  const length = 2 + xmpSignature.length + packet.length;
  return concatBytes([Uint8Array.of(0xff, app1, length >> 8, length & 0xff), xmpSignature, packet]);
}

/**
 * Labels in the XMP packet of a JPEG image, the first APP1 segment of that kind (spec/image-labels.md, "JPEG").
 *
 * @example
 * ```ts
 * const { properties } = await jpegLabels.read(memorySource(bytes));
 * ```
 */
export const jpegLabels = xmpLabelPlace('jpeg', findInJpeg);
