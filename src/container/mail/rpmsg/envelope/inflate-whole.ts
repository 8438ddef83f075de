import { Inflate } from 'fflate';
import { maxima, type WaitOptions } from '../../../../bytes/index.ts';
import { SealwrightError } from '../../../../errors.ts';
import { blockHeaderLength, damagedEnvelope, envelopePrefix, parseBlockHeader, zlibHeader } from './block.ts';
import type { BlockTable } from './block-table.ts';
import type { FileWindow } from './file-window.ts';
import { isZlib } from './inflate-block.ts';

/** Bytes handed to the inflater at once: it unpacks at most some thousand times as much, so 1 MiB. */
const stepLength = 1024;

/**
 * Unpacks an envelope whose blocks were cut somewhere, and not where the compressor had written everything: as one stream,
 * into memory. Throws `MALFORMED_CONTAINER`, `LIMIT_EXCEEDED`.
 */
export async function inflateWhole(
  window: FileWindow,
  table: BlockTable,
  options: WaitOptions | undefined,
): Promise<Uint8Array> {
  const { plainSize } = table;
  if (plainSize > maxima.rpmsgWholeBytes)
    throw new SealwrightError(
      'LIMIT_EXCEEDED',
      `The blocks of the protected message cannot be read one by one, and as a whole at most ${maxima.rpmsgWholeBytes} bytes are unpacked; it has ${plainSize}.`,
    );
  const result = new Uint8Array(plainSize);
  let done = 0;
  const inflater = new Inflate((chunk) => {
    const part = chunk.subarray(0, plainSize - done);
    result.set(part, done);
    done += part.length;
  });
  try {
    for (let file = envelopePrefix.length; file < table.end && done < plainSize; ) {
      const header = parseBlockHeader(await window(file, blockHeaderLength, options), file);
      if (header === undefined) break;
      const segment = await window(file + blockHeaderLength, header.packed, options);
      const first = file === envelopePrefix.length;
      if (first && !isZlib(segment)) break;
      for (let at = first ? zlibHeader.length : 0; at < segment.length && done < plainSize; at += stepLength)
        inflater.push(segment.subarray(at, at + stepLength));
      file += blockHeaderLength + header.packed;
    }
  } catch (error) {
    if (error instanceof SealwrightError || options?.signal?.aborted) throw error;
    throw damagedEnvelope('its blocks cannot be unpacked');
  }
  if (done < plainSize) throw damagedEnvelope('its blocks cannot be unpacked');
  return result;
}
