import type { ByteSink, ByteSource } from '../bytes/index.ts';
import type { ContainerHeader } from '../container/index.ts';
import { SealwrightError } from '../errors.ts';
import type { TransferOptions } from './protected-content.ts';
import type { PumpedContent } from './pump.ts';
import { slack } from './window-reader.ts';

/** Files of up to this many bytes are put together in memory and written by one call. */
const mostAtOnce = 320 * 1024;

/** The size of a protected file that is small enough, and all known beforehand; else `undefined`. */
export const smallLength = (
  size: number | undefined,
  { insertions }: Pick<ContainerHeader, 'insertions'>,
): number | undefined =>
  size === undefined || size > mostAtOnce || (insertions?.length ?? 0) > 0 ? undefined : size;

/** The memory of the last small file, for the next one: new memory costs more than the cipher. It held nothing secret. */
let spare: Uint8Array | undefined;

/**
 * Writes a whole small protected file of `length` bytes and gives that length: what stands before the content,
 * the content, encrypted in one window, and what comes after it.
 */
export async function writeAtOnce(
  source: ByteSource,
  { transform, prefix, woven }: PumpedContent,
  length: number,
  sink: ByteSink,
  options: TransferOptions,
): Promise<number> {
  const output = spare ?? new Uint8Array(mostAtOnce + slack);
  spare = undefined;
  try {
    let end = 0;
    const put = (bytes: Uint8Array): void => {
      output.set(bytes, end);
      end += bytes.length;
    };
    for (const bytes of prefix) put(bytes);
    const size = source.size ?? 0;
    const read = source.read(0, size, options);
    const bytes = read instanceof Promise ? await read : read;
    if (bytes.length < size)
      throw new SealwrightError(
        'IO_FAILED',
        'The input ended early: it was changed while it was read. Try again.',
      );
    options.signal?.throwIfAborted();
    const window = { bytes, buffer: undefined, offset: 0, last: true };
    const count = transform.apply(window, output.subarray(end, end + transform.outputCapacity(window)));
    end += count instanceof Promise ? await count : count;
    for (const piece of woven?.end() ?? []) put(piece);
    options.signal?.throwIfAborted();
    const writing = sink.write(output.subarray(0, end), options);
    if (writing instanceof Promise) await writing;
    options.onProgress?.(size, size);
    return length;
  } finally {
    spare = output;
  }
}
