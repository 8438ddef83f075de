import { type ByteSink, concatBytes, memorySource, type WaitOptions } from '../../bytes/index.ts';
import type { DocumentWriter, WrittenPart } from '../document-format.ts';
import { sourceWriter } from './outer/source-writer.ts';

/** What is written to find out its size is kept up to here, so that it is not written again. */
export const keptBytes = 1024 * 1024;

/** Bytes that may still be kept of all that is written for one message: its attachments may be thousands. */
export interface KeptRoom {
  left: number;
}

/** Room for the attachments of one message. */
export const roomToKeep = (): KeptRoom => ({ left: 16 * keptBytes });

/** A writer that may know a shorter way to its size than to write everything. */
export interface MeasurableWriter extends DocumentWriter {
  measure?(options?: WaitOptions): Promise<number>;
}

/** A writer that knows its size. */
export interface SizedWriter extends DocumentWriter {
  readonly size: number;
}

/** A part that knows its size. */
export interface SizedPart extends WrittenPart {
  readonly size: number;
}

/** The same writer with its size, for places where the size stands in front. What is short is kept: {@link keptOrSize}. */
export async function sizedWriter(
  writer: MeasurableWriter,
  options?: WaitOptions,
  room?: KeptRoom,
): Promise<SizedWriter> {
  const found = await keptOrSize(writer, options, room);
  if (typeof found === 'number') return { size: found, writeTo: writer.writeTo };
  return { ...sourceWriter(memorySource(found)), size: found.length };
}

/**
 * The size of what a writer writes. Where it is not known and cannot be told otherwise, everything is written once for
 * nothing; what turns out to be short is given as it is, so that it need not be written again.
 */
export async function keptOrSize(
  writer: MeasurableWriter,
  options?: WaitOptions,
  room: KeptRoom = roomToKeep(),
): Promise<number | Uint8Array> {
  if (writer.size !== undefined) return writer.size;
  const most = Math.min(keptBytes, room.left);
  const pieces: Uint8Array[] = [];
  let length = 0;
  const sink: ByteSink = {
    write(bytes) {
      length += bytes.length;
      if (length <= most) pieces.push(new Uint8Array(bytes));
      else if (writer.measure !== undefined) throw tooLong;
      else pieces.length = 0;
    },
  };
  try {
    await writer.writeTo(sink, { signal: options?.signal });
  } catch (error) {
    if (error !== tooLong || writer.measure === undefined) throw error;
    return writer.measure(options);
  }
  if (length > most) return length;
  room.left -= length;
  return concatBytes(pieces);
}

/** Ends a writer whose bytes are not kept. */
const tooLong = Symbol('longer than what is kept');
