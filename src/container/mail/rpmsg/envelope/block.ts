import { maxima } from '../../../../bytes/index.ts';
import { SealwrightError } from '../../../../errors.ts';

/** What a `message.rpmsg` begins with (spec/mail.md, "Envelope"). */
export const envelopePrefix: Uint8Array = Uint8Array.of(0x76, 0xe8, 0x04, 0x60, 0xc4, 0x11, 0xe3, 0x86);

/** Bytes before the packed bytes of a block: check value, plain size, packed size. */
export const blockHeaderLength = 12;
/** The first number of every block. */
const blockCheck = 0x0fa0;
/** Plain bytes of every block that is written but the last. */
export const plainBlockLength = 4096;
/** How far back packed bytes may refer, RFC 1951. */
export const historyLength = 32 * 1024;
/** Header of the one zlib stream: deflate, 32 KiB, the most thorough compression; as in real messages. */
export const zlibHeader: Uint8Array = Uint8Array.of(0x78, 0xda);

/** The header of one block. */
export interface BlockHeader {
  /** Bytes after inflation. */
  readonly plain: number;
  /** Bytes in the file. */
  readonly packed: number;
}

/** Whether a file that begins with `head` is a `message.rpmsg`. */
export const isRpmsg = (head: Uint8Array): boolean =>
  head.length >= envelopePrefix.length && envelopePrefix.every((byte, index) => head[index] === byte);

/**
 * Takes a block's header apart; `undefined` if it is none, as where something was appended.
 * Throws `LIMIT_EXCEEDED` for a block that claims more than any writer makes.
 */
export function parseBlockHeader(bytes: Uint8Array, offset: number): BlockHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < blockHeaderLength || view.getUint32(0, true) !== blockCheck) return undefined;
  const plain = view.getUint32(4, true);
  const packed = view.getUint32(8, true);
  // Bytes that do not shrink grow a little.
  if (plain > maxima.rpmsgBlockBytes || packed > 2 * plain + 8192)
    throw new SealwrightError(
      'LIMIT_EXCEEDED',
      `A block of the protected message claims ${packed} bytes for ${plain}; at most ${maxima.rpmsgBlockBytes} of content are accepted in one.`,
      { offset },
    );
  return { plain, packed };
}

/** Writes a block's header to the start of `target`. */
export function writeBlockHeader(target: Uint8Array, { plain, packed }: BlockHeader): void {
  const view = new DataView(target.buffer, target.byteOffset, blockHeaderLength);
  view.setUint32(0, blockCheck, true);
  view.setUint32(4, plain, true);
  view.setUint32(8, packed, true);
}

/** The error for an envelope that cannot be read. */
export const damagedEnvelope = (problem: string, offset?: number): SealwrightError =>
  new SealwrightError(
    'MALFORMED_CONTAINER',
    `The protected message is damaged: ${problem}. Ask for it to be sent again.`,
    offset === undefined ? undefined : { offset },
  );
