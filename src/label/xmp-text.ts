/** The text of an XMP packet, and the zero bytes that fill the room behind it. */
export interface XmpText {
  readonly text: string;
  readonly zeros: number;
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be';
}

/**
 * Decodes a packet: UTF-8 as nearly always, UTF-16 in either order (spec/image-labels.md, "The packet"). A
 * byte-order mark stays in the text, so that UTF-8 encoded again gives the same bytes.
 *
 * @throws TypeError for bytes that are neither
 */
export function decodeXmpText(bytes: Uint8Array): XmpText {
  const encoding = encodingOf(bytes);
  const decoded = new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  let length = decoded.length;
  while (length > 0 && decoded.charCodeAt(length - 1) === 0) length--;
  return { text: decoded.slice(0, length), zeros: decoded.length - length, encoding };
}

/** A packet starts with `<` or a byte-order mark; a zero byte beside it tells the order. */
function encodingOf([first, second]: Uint8Array): XmpText['encoding'] {
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) return 'utf-16be';
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return 'utf-16le';
  return 'utf-8';
}

/** Whether there is nothing in the bytes but room for a packet: zeros and white space. */
export const isBlankPacket = (bytes: Uint8Array): boolean =>
  bytes.every((byte) => byte === 0 || byte === 0x20 || (byte >= 0x09 && byte <= 0x0d));
