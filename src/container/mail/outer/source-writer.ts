import { type ByteSource, copySource } from '../../../bytes/index.ts';
import type { DocumentWriter } from '../../document-format.ts';

/** Writes a source of known size. */
export const sourceWriter = (source: ByteSource): DocumentWriter =>
  Object.freeze<DocumentWriter>({
    size: source.size,
    async writeTo(sink, options) {
      let done = 0;
      return copySource(
        source,
        {
          async write(bytes) {
            await sink.write(bytes, options);
            done += bytes.length;
            options?.onProgress?.(done, source.size);
          },
        },
        options,
      );
    },
  });
