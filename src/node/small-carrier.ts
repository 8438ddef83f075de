import { SealwrightError } from '../errors.ts';
import type { ContentCarrier, ContentJourney } from '../protection/index.ts';
import { smallFileLength } from './small-file.ts';
import { lendMemory } from './small-memory.ts';

/** Carries the contents of small files in memory that is used again, and leaves all others to `otherwise`. */
export const smallContentCarrier = (otherwise: ContentCarrier): ContentCarrier =>
  Object.freeze<ContentCarrier>({
    carry(journey, options) {
      const { size } = journey.source;
      return size === undefined || size > smallFileLength
        ? otherwise.carry(journey, options)
        : carryAtOnce(journey, size, options);
    },
  });

async function carryAtOnce(
  { source, transform, sink, admit }: ContentJourney,
  size: number,
  options: Parameters<ContentCarrier['carry']>[1],
): Promise<number> {
  const read = source.read(0, size, options);
  const bytes = read instanceof Promise ? await read : read;
  if (bytes.length < size)
    throw new SealwrightError(
      'IO_FAILED',
      'The input ended early: it was changed while it was read. Try again.',
    );
  options.signal?.throwIfAborted();
  admit?.();
  const window = { bytes, buffer: undefined, offset: 0, last: true };
  const memory = lendMemory(transform.outputCapacity(window));
  try {
    const applied = transform.apply(window, memory.bytes);
    const length = applied instanceof Promise ? await applied : applied;
    options.signal?.throwIfAborted();
    const writing = sink.write(memory.bytes.subarray(0, length), options);
    if (writing instanceof Promise) await writing;
    options.onProgress?.(size, size);
    return length;
  } finally {
    memory.giveBack();
  }
}
