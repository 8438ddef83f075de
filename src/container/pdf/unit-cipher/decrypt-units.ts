import type { ByteSource, MaybePromise, WaitOptions } from '../../../bytes/index.ts';
import { type CipherMode, cipherMode } from '../../../cipher/index.ts';
import { decryptionFailed, SealwrightError } from '../../../errors.ts';
import type { PartCipher } from '../../document-format.ts';
import type { PdfDictionary } from '../pdf-document.ts';
import { smallStream } from './small-stream.ts';
import { prefixLength } from './unit-length.ts';
import type { TransformedStream, UnitTransform } from './unit-transform.ts';
import { bufferRing, smallLength, type UnitWindow, unitWindows } from './unit-windows.ts';
import { writeBehind } from './write-behind.ts';

/** Bytes that a unit may be filled up with behind its data: a whole chunk of Microsoft's largest. */
const mostFilling = 4096;

/** Blocks of AES. */
const blockLength = 16;

/**
 * Decrypts units (spec/pdf.md, "Encryption"). Their prefix says how many bytes count; what fills them up is not looked
 * at, but there must not be more of it than a chunk.
 *
 * @param cipher the mode of the license; the key is copied and wiped by `wipe`
 *
 * Throws `UNSUPPORTED_CIPHER_MODE` for a mode that units have no room for. Strings and streams throw
 * `DECRYPTION_FAILED`.
 */
export async function decryptUnits({ mode, key, backend }: PartCipher): Promise<UnitTransform> {
  const unpadded = withoutPadding(mode);
  const { segmentLength } = unpadded;
  const decryptor = await unpadded.decryptor(key, new Uint8Array(0), { backend });
  const ring = bufferRing();

  async function decrypt(window: UnitWindow): Promise<Uint8Array> {
    const { buffer, length, offset, last } = window;
    const bytes = buffer.subarray(0, length);
    const opened = decryptor.decrypt(bytes, offset / segmentLength, last, bytes);
    return buffer.subarray(0, opened instanceof Promise ? await opened : opened);
  }

  function string(bytes: Uint8Array): MaybePromise<Uint8Array> {
    if (bytes.length === 0) return bytes;
    checkUnitLength(bytes.length);
    const unit = new Uint8Array(bytes.length);
    const finish = (opened: number): Uint8Array => {
      const length = statedLength(unit.subarray(0, opened), bytes.length);
      return unit.subarray(prefixLength, prefixLength + length);
    };
    const opened = decryptor.decrypt(bytes, 0, true, unit);
    return opened instanceof Promise ? opened.then(finish) : finish(opened);
  }

  const stream = (
    data: ByteSource,
    _dictionary: PdfDictionary,
    options?: WaitOptions,
  ): MaybePromise<TransformedStream> =>
    (data.size ?? 0) <= smallLength ? smallStream(data, string, options) : largeStream(data, options);

  async function largeStream(data: ByteSource, options?: WaitOptions): Promise<TransformedStream> {
    const size = data.size ?? 0;
    checkUnitLength(size);
    const next = unitWindows(data, 0, ring, options);
    let window = await next();
    let bytes = await decrypt(window);
    const length = statedLength(bytes, size);
    return {
      length,
      async writeTo(sink, wait) {
        const end = prefixLength + length;
        const behind = writeBehind(sink, wait);
        for (;;) {
          wait?.onRead?.(window.offset + window.length);
          const part = bytes.subarray(window.offset === 0 ? prefixLength : 0, end - window.offset);
          if (part.length > 0) await behind.write(part);
          if (window.last) break;
          window = await next();
          bytes = await decrypt(window);
        }
        await behind.finish();
      },
    };
  }

  return {
    string,
    stream,
    wipe() {
      decryptor.wipe();
      ring.wipe();
    },
  };
}

/** The mode whose padding is not looked at: the prefix of the unit says where the data ends. */
function withoutPadding(mode: CipherMode): CipherMode {
  const known =
    mode.name.toUpperCase() === 'MICROSOFT.CBC4K' ? cipherMode('MICROSOFT.CBC4K.NOPADDING') : mode;
  if (known.preambleLength === 0 && known.encryptedSegmentLength === known.segmentLength) return known;
  throw new SealwrightError(
    'UNSUPPORTED_CIPHER_MODE',
    `The license of this PDF names the cipher mode ${mode.name.slice(0, 64)}, which strings and streams of a PDF have no room for. Get a fresh copy of the file.`,
  );
}

function checkUnitLength(length: number): void {
  if (length % blockLength !== 0) throw decryptionFailed();
}

/** What the prefix states, held against the bytes there are. */
function statedLength(opened: Uint8Array, encrypted: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = opened;
  const length = a * 0x1_00_00_00 + (b << 16) + (c << 8) + d;
  const filling = encrypted - prefixLength - length;
  if (filling < 0 || filling > mostFilling) throw decryptionFailed();
  return length;
}
