import { encodeUtf8, maxima } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import { outlookCrc } from './outlook-crc.ts';

/** Bytes in front of compressed RTF, [MS-OXRTFCP] 2.1.3.1. */
export const headerBytes = 16;
/** `LZFu` and `MELA`, little-endian. */
export const compressionTypes = { compressed: 0x75465a4c, uncompressed: 0x414c454d } as const;
/** Bytes that runs may be taken from: the last ones that were written, [MS-OXRTFCP] 2.1.3.1.1. */
export const dictionaryBytes = 4096;
/** References have four bits for their length, and shorter runs than two are no use. */
export const shortestRun = 2;

/** What the dictionary holds at the beginning, [MS-OXRTFCP] 2.1.2.1. */
export const firstDictionary = encodeUtf8(
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx',
);

/**
 * The RTF of a property or stream that holds it compressed (spec/mail.md, "RTF"). What begins as RTF is given back
 * as it is.
 *
 * @param bytes the header of 16 bytes and what follows it
 * @returns RTF, at most `maxima.mailBodyBytes` of it
 * @throws SealwrightError `MALFORMED_CONTAINER` if it is neither, ends early or does not have the checksum it states;
 * `LIMIT_EXCEEDED` for one that claims more
 *
 * @example
 * ```ts
 * const rtf = decompressRtf(bytes);
 * ```
 */
export function decompressRtf(bytes: Uint8Array): Uint8Array {
  if (isPlainRtf(bytes)) return bytes;
  if (bytes.length < headerBytes) throw damaged('it ends inside of its header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = view.getUint32(4, true);
  const end = view.getUint32(0, true) + 4;
  if (size > maxima.mailBodyBytes)
    throw new SealwrightError(
      'LIMIT_EXCEEDED',
      `The compressed RTF claims ${size} bytes; at most ${maxima.mailBodyBytes} are unpacked.`,
    );
  if (end < headerBytes || end > bytes.length) throw damaged('it ends early');
  const type = view.getUint32(8, true);
  const content = bytes.subarray(headerBytes, end);
  if (type === compressionTypes.uncompressed) {
    if (content.length < size) throw damaged('it ends early');
    return content.slice(0, size);
  }
  if (type !== compressionTypes.compressed) throw damaged('its compression is unknown');
  if (outlookCrc(content) !== view.getUint32(12, true)) throw damaged('its checksum is another');
  return unpack(content, size);
}

/** Whether bytes are RTF as it is. */
export const isPlainRtf = (bytes: Uint8Array): boolean =>
  bytes.length >= 5 && [0x7b, 0x5c, 0x72, 0x74, 0x66].every((byte, i) => bytes[i] === byte);

function unpack(content: Uint8Array, size: number): Uint8Array {
  // A reference of two bytes gives at most 17, and there are eight of them to 17 bytes.
  const output = new Uint8Array(Math.min(size, content.length * 9));
  let length = 0;
  const dictionary = new Uint8Array(dictionaryBytes);
  dictionary.set(firstDictionary);
  let at = firstDictionary.length;
  const put = (byte: number): void => {
    dictionary[at] = byte;
    at = (at + 1) % dictionaryBytes;
    if (length < output.length) output[length] = byte;
    length++;
  };
  for (let position = 0; position < content.length; ) {
    const control = content[position++] as number;
    for (let bit = 0; bit < 8 && position < content.length; bit++) {
      if ((control & (1 << bit)) === 0) {
        put(content[position++] as number);
        continue;
      }
      if (position + 1 >= content.length) throw damaged('it ends early');
      const reference = ((content[position] as number) << 8) | (content[position + 1] as number);
      position += 2;
      const from = reference >>> 4;
      if (from === at) return finished(output, length, size);
      const run = (reference & 0xf) + shortestRun;
      for (let i = 0; i < run; i++) put(dictionary[(from + i) % dictionaryBytes] as number);
    }
  }
  return finished(output, length, size);
}

function finished(output: Uint8Array, length: number, size: number): Uint8Array {
  if (length < size) throw damaged('it ends early');
  return output.subarray(0, size);
}

function damaged(problem: string): SealwrightError {
  return new SealwrightError(
    'MALFORMED_CONTAINER',
    `The RTF body of the message is damaged: ${problem}. Save the message again from the program that made it.`,
  );
}
