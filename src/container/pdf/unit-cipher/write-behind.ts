import type { ByteSink, WaitOptions } from '../../../bytes/index.ts';

/** Writes one window while the next is worked on. */
export function writeBehind(sink: Pick<ByteSink, 'write'>, options?: WaitOptions) {
  let writing: Promise<void> | undefined;
  return {
    /** Starts writing once the window before is written; `bytes` must not change until the next but one call. */
    async write(bytes: Uint8Array): Promise<void> {
      await writing;
      const started = sink.write(bytes, options);
      writing = started instanceof Promise ? started : undefined;
      // One that fails is reported when it is waited for, and is not "unhandled" until then.
      writing?.catch(() => undefined);
    },
    /** Waits for the last window. */
    finish: (): Promise<void> | undefined => writing,
  };
}
