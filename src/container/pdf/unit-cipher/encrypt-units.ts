import type { ByteSource, MaybePromise, WaitOptions } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import type { PartCipher } from '../../document-format.ts';
import type { PdfDictionary } from '../pdf-document.ts';
import { smallStream } from './small-stream.ts';
import { encryptedUnitLength, prefixLength, unitPlaintextLength } from './unit-length.ts';
import type { TransformedStream, UnitTransform } from './unit-transform.ts';
import { bufferRing, smallLength, unitWindows, windowLength } from './unit-windows.ts';
import { writeBehind } from './write-behind.ts';

/**
 * Encrypts strings and streams as units: their length, the data, padding, each from the first chunk of the mode on
 * under the one key of the document (spec/pdf.md, "Encryption").
 *
 * @param cipher a mode without preamble; the key is copied and wiped by `wipe`
 *
 * Throws `INVALID_ARGUMENT` for a mode that units have no room for.
 */
export async function encryptUnits({ mode, key, backend }: PartCipher): Promise<UnitTransform> {
  if (mode.preambleLength > 0 || mode.encryptedSegmentLength !== mode.segmentLength)
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      `A PDF cannot be protected under ${mode.name}: its strings and streams have no room for a salt or tags. Use MICROSOFT.CBC4K.`,
    );
  const encryptor = await mode.encryptor(key, { backend });
  const ring = bufferRing();

  function string(bytes: Uint8Array): MaybePromise<Uint8Array> {
    if (bytes.length === 0) return bytes;
    const unit = new Uint8Array(encryptedUnitLength(mode, bytes.length));
    setPrefix(unit, bytes.length);
    unit.set(bytes, prefixLength);
    const plaintext = unit.subarray(0, unitPlaintextLength(mode, bytes.length));
    const written = encryptor.encrypt(plaintext, 0, true, unit);
    return written instanceof Promise ? written.then(() => unit) : unit;
  }

  function stream(
    data: ByteSource,
    _dictionary: PdfDictionary,
    wait?: WaitOptions,
  ): MaybePromise<TransformedStream> {
    const size = data.size ?? 0;
    if (size <= smallLength) return smallStream(data, string, wait);
    return {
      length: encryptedUnitLength(mode, size),
      async writeTo(sink, options) {
        const next = unitWindows(data, prefixLength, ring, options);
        const end = unitPlaintextLength(mode, size);
        const behind = writeBehind(sink, options);
        for (let last = false; !last; ) {
          const window = await next();
          const { buffer, offset } = window;
          if (offset === 0) setPrefix(buffer, size);
          last = window.last;
          options?.onRead?.(Math.min(offset + window.length, prefixLength + size) - prefixLength);
          // Filling never begins a window of its own: a window holds whole blocks.
          const length = last ? Math.min(end - offset, windowLength) : window.length;
          buffer.fill(0, window.length, length);
          const written = encryptor.encrypt(
            buffer.subarray(0, length),
            offset / mode.segmentLength,
            last,
            buffer,
          );
          const count = written instanceof Promise ? await written : written;
          await behind.write(buffer.subarray(0, count));
        }
        await behind.finish();
      },
    };
  }

  return {
    string,
    stream,
    wipe() {
      encryptor.wipe();
      ring.wipe();
    },
  };
}

function setPrefix(unit: Uint8Array, length: number): void {
  unit[0] = length >>> 24;
  unit[1] = length >>> 16;
  unit[2] = length >>> 8;
  unit[3] = length;
}
