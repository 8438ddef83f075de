import type { ByteSource } from './byte-source.ts';

/** A source over a Blob or File; reads only the ranges asked for. */
export function blobSource(blob: Blob): ByteSource {
  return {
    size: blob.size,
    seekable: true,
    read: async (offset, length, options) => {
      options?.signal?.throwIfAborted();
      return new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
    },
    slice: (offset, length) =>
      blobSource(blob.slice(offset, length === undefined ? undefined : offset + length)),
  };
}
