import { concatBytes, encodeUtf8 } from '../bytes/index.ts';

/** Room that is left in a packet so that a later editor can change it in place, [XMP] part 1, 7.3.2. */
const newPadding = 2048;

/** A packet as text, in front of and behind its padding. */
export interface UnpaddedPacket {
  readonly start: string;
  readonly end: string;
  /** Zero bytes behind it. */
  readonly zeros: number;
}

/**
 * The bytes of a writable packet, filled up with white space: to `room` bytes if it fits there, else by 2 KiB,
 * less where `maximum` leaves less.
 */
export function paddedPacket(packet: UnpaddedPacket, room: number, maximum: number): Uint8Array {
  const start = encodeUtf8(packet.start);
  const end = encodeUtf8(packet.end);
  const length = start.length + 1 + end.length;
  const zeros = length + packet.zeros <= Math.max(room, maximum) ? packet.zeros : 0;
  const wanted = length + zeros <= room ? room - zeros - length + 1 : 1 + newPadding;
  const padding = Math.max(1, Math.min(wanted, maximum - zeros - length + 1));
  return concatBytes([start, whiteSpace(padding), end, new Uint8Array(zeros)]);
}

/** Blanks in lines of 100 characters. */
function whiteSpace(length: number): Uint8Array {
  const bytes = new Uint8Array(length).fill(0x20);
  for (let at = 0; at < length; at += 100) bytes[at] = 0x0a;
  bytes[length - 1] = 0x0a;
  return bytes;
}
