import { copySource } from '../../../bytes/index.ts';
import { smallStream } from './small-stream.ts';
import type { UnitTransform } from './unit-transform.ts';
import { smallLength } from './unit-windows.ts';

/** Leaves strings and streams as they are: for documents that are written again and not encrypted. */
export const sameUnits: UnitTransform = Object.freeze<UnitTransform>({
  string: (bytes) => bytes,
  stream: (data, _dictionary, wait) =>
    (data.size ?? 0) <= smallLength
      ? // What a source gives may change with the next read.
        smallStream(data, (bytes) => bytes.slice(), wait)
      : {
          length: data.size ?? 0,
          async writeTo(sink, options) {
            await copySource(data, sink, options);
            options?.onRead?.(data.size ?? 0);
          },
        },
  wipe: () => undefined,
});
