import type { CarriedCipher } from '../../protection/index.ts';
import type { FileOperation } from '../file-error.ts';

/** The name of the job that {@link RangeJob} is the data of. */
export const rangeJobName = 'carry-range';

/** The name of a job that does nothing, and so tells when a thread is free. */
export const freeThreadJobName = 'free-thread';

/** One end of a range: where in which open file. */
export interface RangeEnd {
  /** Number of the descriptor, the same in all threads of a process. */
  readonly descriptor: number;
  /** Where the content begins in the file. */
  readonly offset: number;
  readonly operation: FileOperation;
}

/** A range of whole segments of a content, or its end, that one thread carries from file to file. Gives the bytes written. */
export interface RangeJob {
  readonly cipher: CarriedCipher;
  readonly source: RangeEnd;
  readonly sink: RangeEnd;
  /** Offset and bytes of the range within the content. */
  readonly start: number;
  readonly length: number;
  /** Bytes of the whole content. */
  readonly size: number;
  /** Bytes to read at once: whole segments. */
  readonly windowLength: number;
}
