import type { ByteSink } from '../../bytes/index.ts';
import { type ContentJourney, carrierHere } from '../../protection/index.ts';
import type { RangeJob } from './range-job.ts';

/** Carries one range in this thread, without blocking it for more than a window. Gives the bytes written. */
export async function carryRangeHere(
  { start, length, size, sink: { offset: begin } }: RangeJob,
  { source, sink, transform, admit }: ContentJourney,
  signal: AbortSignal,
): Promise<number> {
  let position = begin + (start / transform.segmentLength) * transform.outputSegmentLength;
  const target: ByteSink = {
    write(bytes, wait) {
      const at = position;
      position += bytes.length;
      return sink.writeAt?.(at, bytes, wait);
    },
  };
  const shifted: ContentJourney['transform'] = {
    ...transform,
    apply: (window, output) =>
      transform.apply(
        { ...window, offset: start + window.offset, last: window.last && start + length === size },
        output,
      ),
  };
  return carrierHere.carry(
    { source: source.slice(start, length), sink: target, transform: shifted, admit, cipher: undefined },
    { signal },
  );
}
