import type { ByteSink } from '../bytes/index.ts';
import { SealwrightError } from '../errors.ts';

/** Writes everything to a sink. */
type Write = (sink: ByteSink) => Promise<unknown>;

/**
 * What `write` writes, as a stream that asks for it piece by piece: `write` waits in the sink until somebody
 * reads. `unused` is called if nobody ever reads from it.
 */
export function writtenStream(
  write: Write,
  unused: () => void = () => undefined,
): ReadableStream<Uint8Array> {
  let begun = false;
  let given: { readonly reason: unknown } | undefined;
  let wanted: (() => void) | undefined;
  let served: (() => void) | undefined;
  const serve = (): void => {
    served?.();
    served = undefined;
  };

  async function run(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    const sink: ByteSink = {
      async write(bytes) {
        if (bytes.length === 0) return;
        if (served === undefined && given === undefined)
          await new Promise<void>((resolve) => {
            wanted = resolve;
          });
        if (given !== undefined) throw given.reason;
        controller.enqueue(new Uint8Array(bytes));
        serve();
      },
    };
    try {
      await write(sink);
      if (given === undefined) controller.close();
    } catch (error) {
      if (given === undefined) controller.error(error);
    }
    serve();
  }
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const done = new Promise<void>((resolve) => {
          served = resolve;
        });
        if (!begun) {
          begun = true;
          void run(controller);
        }
        wanted?.();
        wanted = undefined;
        return done;
      },
      cancel(reason) {
        given = {
          reason: reason ?? new SealwrightError('IO_FAILED', 'The stream was given up by its reader.'),
        };
        if (!begun) unused();
        wanted?.();
        wanted = undefined;
      },
    },
    { highWaterMark: 0 },
  );
}
