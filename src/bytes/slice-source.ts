import type { ByteSource } from './byte-source.ts';

/** A window on `parent`; reads are clipped to it and passed on without a copy. */
export function sliceSource(parent: ByteSource, start: number, limit?: number): ByteSource {
  const within = (offset: number, length: number): number =>
    limit === undefined ? length : Math.max(0, Math.min(length, limit - offset));
  const readInto = parent.readInto?.bind(parent);
  return {
    get size() {
      if (parent.size === undefined) return undefined;
      const rest = Math.max(0, parent.size - start);
      return limit === undefined ? rest : Math.min(limit, rest);
    },
    seekable: parent.seekable,
    origin: {
      source: parent.origin?.source ?? parent,
      offset: (parent.origin?.offset ?? 0) + start,
    },
    read: (offset, length, options) => {
      const wanted = within(offset, length);
      // Past the end of the window there is nothing to read, and a stream must not be moved on to there.
      return length > 0 && wanted === 0 ? new Uint8Array(0) : parent.read(start + offset, wanted, options);
    },
    ...(readInto && {
      readInto: (offset, target, options) =>
        readInto(start + offset, target.subarray(0, within(offset, target.length)), options),
    }),
    slice: (offset, length) => {
      const rest = limit === undefined ? undefined : Math.max(0, limit - offset);
      return sliceSource(
        parent,
        start + offset,
        length === undefined ? rest : Math.min(length, rest ?? length),
      );
    },
  };
}
