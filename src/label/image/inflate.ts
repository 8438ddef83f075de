import { concatBytes } from '../../bytes/index.ts';

/**
 * Unpacks a zlib stream; `undefined` if it is damaged or gives more than `maximum` bytes. Stops there, so that
 * a small stream cannot fill the memory.
 */
export async function inflate(packed: Uint8Array, maximum: number): Promise<Uint8Array | undefined> {
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      controller.enqueue(new Uint8Array(packed));
      controller.close();
    },
  });
  const reader = source.pipeThrough(new DecompressionStream('deflate')).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return concatBytes(parts);
      length += value.length;
      if (length > maximum) {
        await reader.cancel();
        return undefined;
      }
      parts.push(value);
    }
  } catch {
    return undefined;
  }
}
