import { type ByteSource, type MaybePromise, sliceSource, type WaitOptions } from '../../bytes/index.ts';
import { damaged } from './read-damage.ts';

/** Bytes of the smallest read, which starts at a multiple: the structures of a small file lie close together. */
const smallestRead = 4096;
/** Bytes of the largest read ahead, where one part after the other is asked for. */
const largestRead = 64 * 1024;
/** Parts that were read and are kept, besides the head. */
const keptParts = 16;

interface Part {
  readonly start: number;
  readonly bytes: Uint8Array;
}

/**
 * A source for many small reads from one of known size: reads somewhat more than is asked for, more and more
 * where one read follows another, and keeps a few of these parts. They are never overwritten. A read is of
 * exactly the length asked for, or throws `MALFORMED_CONTAINER`.
 *
 * @param source seekable
 * @param size bytes of `source`
 * @param head its first bytes, which are kept
 */
export function readAhead(source: ByteSource, size: number, head: Uint8Array): ByteSource {
  const first: Part = { start: 0, bytes: head };
  /** The one used last comes first. */
  let parts: readonly Part[] = [];

  const endOf = (part: Part): number => part.start + part.bytes.length;
  const holds = (part: Part, offset: number, length: number): boolean =>
    offset >= part.start && offset + length <= endOf(part);

  function kept(offset: number, length: number): Uint8Array | undefined {
    const part = holds(first, offset, length) ? first : parts.find((each) => holds(each, offset, length));
    if (part === undefined) return undefined;
    if (part !== first && part !== parts[0]) parts = [part, ...parts.filter((each) => each !== part)];
    return part.bytes.subarray(offset - part.start, offset - part.start + length);
  }

  async function load(offset: number, length: number, options?: WaitOptions): Promise<Uint8Array> {
    options?.signal?.throwIfAborted();
    const goesOn = parts.find((part) => offset > part.start && offset <= endOf(part));
    const step = goesOn === undefined ? smallestRead : Math.min(2 * goesOn.bytes.length, largestRead);
    const start = offset - (offset % smallestRead);
    const end = Math.min(Math.max(offset + length, start + step), size);
    const bytes = await readCopy(source, start, Math.max(0, end - start), options);
    if (start + bytes.length < offset + length) throw damaged('it ends early', start + bytes.length);
    parts = [{ start, bytes }, ...parts].slice(0, keptParts);
    return bytes.subarray(offset - start, offset - start + length);
  }

  const ahead: ByteSource = {
    size,
    seekable: true,
    read: (offset, length, options): MaybePromise<Uint8Array> =>
      kept(offset, length) ?? load(offset, length, options),
    slice: (offset, length) => sliceSource(ahead, offset, length),
  };
  return ahead;
}

/** A copy of `length` bytes, fewer only at the end of the source. */
export async function readCopy(
  source: ByteSource,
  offset: number,
  length: number,
  options?: WaitOptions,
): Promise<Uint8Array> {
  if (source.readInto === undefined) return (await source.read(offset, length, options)).slice();
  const target = new Uint8Array(length);
  return target.subarray(0, await source.readInto(offset, target, options));
}
