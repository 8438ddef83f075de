import { SealwrightError } from '../errors.ts';
import { openFileSource } from '../node/index.ts';

const windowBytes = 256 * 1024;

/** Reads a small file whole. */
export async function readSmallFile(path: string, maximumBytes: number): Promise<Uint8Array> {
  const source = await openFileSource(path);
  try {
    if (source.size > maximumBytes) {
      throw new SealwrightError(
        'LIMIT_EXCEEDED',
        `${path} has ${source.size} bytes, more than the ${maximumBytes} that make sense here. Check that it is the right file.`,
        { path },
      );
    }
    return (await source.read(0, source.size)).slice();
  } finally {
    await source.close();
  }
}

/** A file as a stream; the file is closed at the end, or when the stream is canceled. */
export async function fileStream(path: string): Promise<ReadableStream<Uint8Array>> {
  const source = await openFileSource(path);
  let offset = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const bytes = (await source.read(offset, windowBytes)).slice();
      offset += bytes.length;
      if (bytes.length > 0) controller.enqueue(bytes);
      if (bytes.length > 0 && offset < source.size) return;
      await source.close();
      controller.close();
    },
    cancel: () => source.close(),
  });
}
