import { concatBytes, concatenatedSource, encodeUtf8, maxima } from '../../bytes/index.ts';
import { type ImageReader, imageReader } from './image-reader.ts';
import { type FindPacket, xmpLabelPlace } from './xmp-place.ts';

/** What an application extension with XMP starts with: introducer, label, length and name, [XMP] part 3, 1.1.2. */
const extensionStart = concatBytes([Uint8Array.of(0x21, 0xff, 11), encodeUtf8('XMP DataXMP')]);

/**
 * The packet is not cut into sub-blocks; a reader that knows nothing of it takes its characters for lengths,
 * lands somewhere in this trailer, and from there at its end: 1, then 255 down to 0, then the terminator.
 */
const magicTrailer = Uint8Array.from({ length: 258 }, (_, i) => (i === 0 ? 1 : Math.max(0, 256 - i)));

const extension = 0x21;
const image = 0x2c;
const trailer = 0x3b;

const findInGif: FindPacket = async (source, options) => {
  const reader = imageReader(source, 'GIF', 64 * 1024, options);
  const screen = await reader.bytes(0, 13, 'its header');
  if (!/^GIF8[79]a$/.test(String.fromCharCode(...screen.subarray(0, 6))))
    throw reader.malformed('it does not start as one', 0);

  const blocks = blockWalk(reader);
  let at = 13 + tableLength(screen[10] as number);
  for (;;) {
    const [introducer] = await reader.bytes(at, 1, 'a block');
    blocks.count(at);
    if (introducer === trailer) return site(undefined, at, at);
    if (introducer === image) {
      const descriptor = await reader.bytes(at, 10, 'an image');
      // Descriptor, colours, and one byte that starts the image data.
      at = await blocks.skip(at + 11 + tableLength(descriptor[9] as number));
    } else if (introducer === extension) {
      const start = await reader.bytes(at, Math.min(extensionStart.length, reader.size - at), 'an extension');
      const isXmp = start.length === extensionStart.length && extensionStart.every((b, i) => start[i] === b);
      const end = await blocks.skip(at + 2);
      if (isXmp) return site(await packetIn(reader, at + extensionStart.length, end), at, end);
      at = end;
    } else throw reader.malformed('a block of an unknown kind was found', at);
  }

  function site(packet: Uint8Array | undefined, start: number, end: number) {
    return {
      packet,
      maximum: maxima.xmpBytes,
      replace: (changed: Uint8Array) =>
        concatenatedSource([source.slice(0, start), extensionOf(changed), source.slice(end)]),
    };
  }
};

/** Bytes of a table of colours, from the field that describes it. */
const tableLength = (flags: number): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);

/** Passes over chains of sub-blocks, counting. */
function blockWalk(reader: ImageReader) {
  let blocks = 0;
  const count = (at: number): void => reader.bounded(++blocks, maxima.imageBlocks, 'blocks', at);
  return {
    count,
    /** The offset behind the chain that starts at `offset`. */
    async skip(offset: number): Promise<number> {
      for (let at = offset; ; ) {
        const held = await reader.some(at, 'a sub-block');
        let within = 0;
        while (within < held.length) {
          count(at + within);
          const length = held[within] as number;
          within += 1 + length;
          if (length === 0) return at + within;
        }
        at += within;
      }
    },
  };
}

async function packetIn(reader: ImageReader, start: number, end: number): Promise<Uint8Array> {
  reader.bounded(end - start, maxima.xmpBytes + magicTrailer.length, 'bytes of XMP', start);
  const bytes = new Uint8Array(await reader.bytes(start, end - start, 'its XMP packet'));
  const packet = bytes.subarray(0, Math.max(0, bytes.length - magicTrailer.length));
  if (magicTrailer.some((byte, i) => bytes[packet.length + i] !== byte))
    throw reader.malformed('its XMP packet does not end in the trailer that it needs', start);
  return packet;
}

/** A zero byte, which only padding can hold, would be the end of the chain for whoever comes across it: a blank takes its place. */
const extensionOf = (packet: Uint8Array): Uint8Array =>
  concatBytes([extensionStart, packet.map((byte) => byte || 0x20), magicTrailer]);

/**
 * Labels in the XMP packet of a GIF image, the first application extension of that kind (spec/image-labels.md, "GIF").
 *
 * @example
 * ```ts
 * const { properties } = await gifLabels.read(memorySource(bytes));
 * ```
 */
export const gifLabels = xmpLabelPlace('gif', findInGif);
