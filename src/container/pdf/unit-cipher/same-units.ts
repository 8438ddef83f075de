import { copySource } from '../../../bytes/index.ts';
import type { UnitTransform } from './unit-transform.ts';

/** Leaves strings and streams as they are: for documents that are written again and not encrypted. */
export const sameUnits: UnitTransform = Object.freeze<UnitTransform>({
  string: (bytes) => bytes,
  stream: (data) => ({
    length: data.size ?? 0,
    async writeTo(sink, options) {
      await copySource(data, sink, options);
      options?.onRead?.(data.size ?? 0);
    },
  }),
  wipe: () => undefined,
});
