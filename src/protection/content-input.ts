import { type ByteSource, blobSource, memorySource, streamSource } from '../bytes/index.ts';

/** Content as callers have it: bytes, a Blob or File, a Web Stream, or any {@link ByteSource}. */
export type ContentInput = Uint8Array | Blob | ReadableStream<Uint8Array> | ByteSource;

/** One notion of "where bytes come from" for everything behind the front door. */
export function sourceOf(input: ContentInput): ByteSource {
  if (input instanceof Uint8Array) return memorySource(input);
  if (input instanceof Blob) return blobSource(input);
  if (input instanceof ReadableStream) return streamSource(input);
  return input;
}
