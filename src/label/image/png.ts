import { concatBytes, concatenatedSource, crc32, encodeUtf8, maxima } from '../../bytes/index.ts';
import { type ImageReader, imageReader } from './image-reader.ts';
import { inflate } from './inflate.ts';
import { type FindPacket, xmpLabelPlace } from './xmp-place.ts';

/** [PNG] 5.2. */
const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** The keyword of the `iTXt` chunk that holds XMP, [XMP] part 3, 1.1.5. */
const keyword = encodeUtf8('XML:com.adobe.xmp\0');
/** Bytes of language and translated keyword that a chunk may have beside its packet. */
const textHead = 1024;

/** A chunk of other things: length, type, CRC. */
const frame = 12;

const findInPng: FindPacket = async (source, options) => {
  const reader = imageReader(source, 'PNG', 64, options);
  const head = await reader.bytes(0, signature.length, 'its signature');
  if (signature.some((byte, i) => head[i] !== byte)) throw reader.malformed('it does not start as one', 0);

  let insertion: number | undefined;
  let at = signature.length;
  for (let chunks = 0; ; chunks++) {
    reader.bounded(chunks, maxima.imageBlocks, 'chunks', at);
    const header = await reader.bytes(at, 8, 'a chunk');
    const length = new DataView(header.buffer, header.byteOffset, 4).getUint32(0);
    const type = String.fromCharCode(...header.subarray(4));
    const end = at + frame + length;
    if (end > reader.size) throw reader.malformed('it ends inside a chunk', at);
    if (type === 'iTXt') {
      const packet = await packetIn(reader, at + 8, length);
      if (packet !== undefined) return site(packet, at, end);
    }
    if (type === 'IHDR') insertion ??= end;
    if (type === 'IEND') break;
    at = end;
  }
  if (insertion === undefined) throw reader.malformed('it has no header chunk', at);
  return site(undefined, insertion, insertion);

  function site(packet: Uint8Array | undefined, start: number, end: number) {
    return {
      packet,
      maximum: maxima.xmpBytes,
      replace: (changed: Uint8Array) =>
        concatenatedSource([source.slice(0, start), chunkOf(changed), source.slice(end)]),
    };
  }
};

/** The packet in an `iTXt` chunk, [PNG] 11.3.3.4; `undefined` if the chunk holds another text. */
async function packetIn(reader: ImageReader, at: number, length: number): Promise<Uint8Array | undefined> {
  const start = await reader.bytes(at, Math.min(length, keyword.length), 'a text chunk');
  if (length < keyword.length || keyword.some((byte, i) => start[i] !== byte)) return undefined;
  reader.bounded(length, maxima.xmpBytes + textHead, 'bytes of XMP', at);
  const chunk = new Uint8Array(await reader.bytes(at, length, 'its XMP packet'));
  const [packed, method] = chunk.subarray(keyword.length);
  // Language and translated keyword, each up to a zero byte.
  const language = chunk.indexOf(0, keyword.length + 2);
  const translated = language < 0 ? -1 : chunk.indexOf(0, language + 1);
  if (translated < 0) throw reader.malformed('its XMP chunk is cut', at);
  const text = chunk.subarray(translated + 1);
  if (packed === 0) return text;
  const unpacked = packed === 1 && method === 0 ? await inflate(text, maxima.xmpBytes) : undefined;
  if (unpacked === undefined) throw reader.malformed('its XMP chunk cannot be unpacked', at);
  return unpacked;
}

function chunkOf(packet: Uint8Array): Uint8Array {
  // Neither packed nor translated, as readers of XMP ask for.
  const body = concatBytes([encodeUtf8('iTXt'), keyword, new Uint8Array(4), packet]);
  const chunk = new Uint8Array(body.length + 8);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, body.length - 4);
  chunk.set(body, 4);
  view.setUint32(body.length + 4, crc32(body));
  return chunk;
}

/**
 * Labels in the XMP packet of a PNG image, the first `iTXt` chunk of that kind (spec/image-labels.md, "PNG").
 *
 * @example
 * ```ts
 * const { properties } = await pngLabels.read(memorySource(bytes));
 * ```
 */
export const pngLabels = xmpLabelPlace('png', findInPng);
