import { blobSource } from './blob-source.ts';
import type { ByteSource } from './byte-source.ts';
import { memorySource } from './memory-source.ts';
import { streamSource } from './stream-source.ts';

/** Content as callers have it: bytes, a Blob or File, a Web Stream, or any {@link ByteSource}. */
export type ContentInput = Uint8Array | Blob | ReadableStream<Uint8Array> | ByteSource;

/** One notion of "where bytes come from" for everything that takes content. */
export function sourceOf(input: ContentInput): ByteSource {
  if (input instanceof Uint8Array) return memorySource(input);
  if (input instanceof Blob) return blobSource(input);
  if (input instanceof ReadableStream) return streamSource(input);
  return input;
}
