import { readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { carriedTransform } from '../../protection/index.ts';
import { changedWhileRead, fileError, systemCodeOf } from '../file-error.ts';
import { freeSpace } from '../free-space.ts';
import type { JobContext } from '../workers/worker-jobs.ts';
import type { RangeEnd, RangeJob } from './range-job.ts';

/** Room for padding behind the end of a content. */
const slack = 16;

/** Kept from one range to the next: a thread has one range at a time, and new memory costs more than a cipher. */
let memory = { input: new Uint8Array(0), output: new Uint8Array(0) };

/**
 * Carries one range, in a thread that has nothing else to do: every call blocks. The places in the new file follow from
 * those in the old one, so ranges can be carried in any order.
 */
export async function carryRange(job: RangeJob, { throwIfAborted }: JobContext): Promise<number> {
  const { source, sink, start, length, size, windowLength } = job;
  const { transform, wipe } = await carriedTransform(job.cipher);
  const { segmentLength, outputSegmentLength, inPlace } = transform;
  try {
    let written = 0;
    for (let offset = start; offset < start + length; offset += windowLength) {
      throwIfAborted();
      const wanted = Math.min(windowLength, start + length - offset);
      const buffer = room('input', windowLength + slack);
      const bytes = buffer.subarray(0, wanted);
      readWhole(source, bytes, offset);
      const window = { bytes, buffer, offset, last: offset + wanted === size };
      const needed = transform.outputCapacity(window);
      const output = inPlace && needed <= buffer.length ? buffer : room('output', needed);
      const applied = transform.apply(window, output);
      const count = applied instanceof Promise ? await applied : applied;
      writeWhole(sink, output.subarray(0, count), (offset / segmentLength) * outputSegmentLength);
      written += count;
    }
    return written;
  } finally {
    wipe();
  }
}

function room(which: 'input' | 'output', length: number): Uint8Array {
  if (memory[which].length < length) memory = { ...memory, [which]: new Uint8Array(length) };
  return memory[which];
}

function readWhole({ descriptor, offset, operation }: RangeEnd, target: Uint8Array, at: number): void {
  for (let done = 0; done < target.length; ) {
    let count: number;
    try {
      count = readSync(descriptor, target, done, target.length - done, offset + at + done);
    } catch (error) {
      throw fileError(error, operation);
    }
    if (count === 0) throw changedWhileRead(operation.path);
    done += count;
  }
}

function writeWhole({ descriptor, offset, operation }: RangeEnd, bytes: Uint8Array, at: number): void {
  try {
    for (let done = 0; done < bytes.length; )
      done += writeSync(descriptor, bytes, done, bytes.length - done, offset + at + done);
  } catch (error) {
    const free = systemCodeOf(error) === 'ENOSPC' ? freeSpace(dirname(operation.path)) : undefined;
    throw fileError(error, { ...operation, free });
  }
}
