import type { ByteSource, MaybePromise, WaitOptions } from '../../../bytes/index.ts';
import { whenThere } from '../when-there.ts';
import type { TransformedStream } from './unit-transform.ts';
import { readSmall } from './unit-windows.ts';

/** The data of a stream that is transformed at once, without waiting if that can be. */
export const smallStream = (
  data: ByteSource,
  transform: (bytes: Uint8Array) => MaybePromise<Uint8Array>,
  options?: WaitOptions,
): MaybePromise<TransformedStream> =>
  whenThere(whenThere(readSmall(data, options), transform), (bytes) => ({
    length: bytes.length,
    writeTo(sink, wait) {
      wait?.onRead?.(data.size ?? 0);
      return sink.write(bytes, wait);
    },
  }));
