import { type ByteSource, maxima, type WaitOptions } from '../../bytes/index.ts';
import { SealwrightError, type SealwrightErrorCode } from '../../errors.ts';
import type { LabelPlace } from '../label-place.ts';
import { labelsFromProperties } from '../properties.ts';
import { readXmpPacket } from '../xmp.ts';
import { changeXmp } from '../xmp-edit.ts';
import { statedProperties } from '../xmp-labels.ts';

/** Where the XMP packet of an image stands, or would stand. */
export interface PacketSite {
  /** A copy of the packet; `undefined` if the image has none. */
  readonly packet: Uint8Array | undefined;
  /** Bytes of the largest packet that can stand there. */
  readonly maximum: number;
  /** The image with another packet there, and nothing else changed. */
  replace(packet: Uint8Array): ByteSource;
}

/** Finds the site. Throws `MALFORMED_CONTAINER`, `LIMIT_EXCEEDED`, `UNSUPPORTED_FORMAT`. */
export type FindPacket = (source: ByteSource, options?: WaitOptions) => Promise<PacketSite>;

/** What an image that cannot be understood gives; anything else, reading threw. */
const unreadable: readonly SealwrightErrorCode[] = [
  'MALFORMED_CONTAINER',
  'LIMIT_EXCEEDED',
  'UNSUPPORTED_FORMAT',
];

/** Labels in the XMP packet of one kind of image (spec/image-labels.md). */
export function xmpLabelPlace(name: string, find: FindPacket): LabelPlace {
  return Object.freeze({
    name,
    async read(source: ByteSource, options?: WaitOptions) {
      const packet = await packetOf(find, source, options);
      const read = packet && readXmpPacket(packet);
      return Object.freeze({
        labelInfo: undefined,
        properties: labelsFromProperties(read === undefined ? [] : statedProperties(read)),
      });
    },
    async change(source, change, options) {
      const { packet, maximum, replace } = await find(source, options);
      const limit = Math.min(maximum, maxima.xmpBytes);
      const changed = changeXmp(packet, change, { form: 'flat', maximum: limit });
      if (changed === undefined) return source;
      if (changed.length <= limit) return replace(changed);
      throw new SealwrightError(
        'INVALID_ARGUMENT',
        `With this label the XMP packet of the image would have ${changed.length} bytes; at most ${limit} can stand in a file of its kind. Use a label with fewer facts.`,
      );
    },
  } satisfies LabelPlace);
}

async function packetOf(
  find: FindPacket,
  source: ByteSource,
  options: WaitOptions | undefined,
): Promise<Uint8Array | undefined> {
  try {
    return (await find(source, options)).packet;
  } catch (error) {
    if (error instanceof SealwrightError && unreadable.includes(error.code)) return undefined;
    throw error;
  }
}
