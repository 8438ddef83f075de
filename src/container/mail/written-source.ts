import { type ByteSource, memorySource, sliceSource, type WaitOptions } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { DocumentWriter } from '../document-format.ts';
import { type KeptRoom, keptOrSize } from './sized-writer.ts';

/**
 * What a writer writes, as a source of known size that is read forward: while it is read, the writer waits, and nothing is
 * kept of it but the piece at hand. Read from further ahead it passes over what lies between; from further back, the writer
 * begins anew. Reads wait for each other. A writer that does not know its size writes once for nothing; what is short is kept
 * then, as far as there is `room`. Where it writes more or less than before, reading throws `IO_FAILED`.
 */
export async function writtenSource(
  writer: DocumentWriter,
  options?: WaitOptions,
  room?: KeptRoom,
): Promise<ByteSource> {
  const found = await keptOrSize(writer, options, room);
  if (typeof found !== 'number') return memorySource(found);
  const size = found;
  let run: WriterRun | undefined;
  /** Settled once nobody reads: there is one writer, at one place. */
  let last: Promise<unknown> = Promise.resolve();

  function inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = last.then(act);
    last = turn.catch(() => undefined);
    return turn;
  }

  async function readNow(offset: number, length: number, wait?: WaitOptions): Promise<Uint8Array> {
    const wanted = Math.max(0, Math.min(length, size - offset));
    if (wanted === 0) return new Uint8Array(0);
    if (run === undefined || run.position > offset) {
      await run?.stop();
      run = startRun(writer, wait);
    }
    const current = run;
    try {
      await current.take(offset - current.position);
      const target = new Uint8Array(wanted);
      await current.take(wanted, target);
      if (current.position >= size) {
        await current.finish();
        run = undefined;
      }
      return target;
    } catch (error) {
      run = undefined;
      await current.stop();
      throw error;
    }
  }

  const source: ByteSource = {
    size,
    // Any place can be read, at a price.
    seekable: true,
    read: (offset, length, wait) => inTurn(() => readNow(offset, length, wait)),
    slice: (offset, length) => sliceSource(source, offset, length),
    close: () =>
      inTurn(async () => {
        await run?.stop();
        run = undefined;
      }),
  };
  return source;
}

interface WriterRun {
  /** Bytes taken so far. */
  readonly position: number;
  /** Takes so many bytes, into `target` if there is one. Throws `IO_FAILED` if there are fewer. */
  take(length: number, target?: Uint8Array): Promise<void>;
  /**
   * Lets the writer come to its end: it may have something to check there, and what it finds counts. Throws `IO_FAILED` if
   * it has more bytes.
   */
  finish(): Promise<void>;
  /** Ends the writer in the middle. */
  stop(): Promise<void>;
}

/** Thrown in the writer's sink when nobody reads any more. */
const givenUp = new SealwrightError('IO_FAILED', 'The content was given up by its reader.');

const changed = (): SealwrightError =>
  new SealwrightError(
    'IO_FAILED',
    'An attachment has another size than before: the message was changed while it was read. Try again.',
  );

function startRun(writer: DocumentWriter, wait: WaitOptions | undefined): WriterRun {
  let position = 0;
  let chunk = new Uint8Array(0);
  let stopped = false;
  let failure: { readonly error: unknown } | undefined;
  let ended = false;
  /** Wakes the reader: a chunk is there, or the writer is done. */
  let arrived: () => void = () => undefined;
  /** Wakes the writer: its chunk was taken. */
  let taken: () => void = () => undefined;

  const done = writer
    .writeTo(
      {
        async write(bytes) {
          if (bytes.length === 0) return;
          if (stopped) throw givenUp;
          chunk = bytes as Uint8Array<ArrayBuffer>;
          const consumed = new Promise<void>((resolve) => {
            taken = resolve;
          });
          arrived();
          await consumed;
          if (stopped) throw givenUp;
        },
      },
      wait,
    )
    .then(
      () => undefined,
      (error: unknown) => {
        if (error !== givenUp) failure = { error };
      },
    )
    .then(() => {
      ended = true;
      arrived();
    });

  /** Waits for bytes; gives false at the end. */
  async function more(): Promise<boolean> {
    while (chunk.length === 0) {
      if (failure !== undefined) throw failure.error;
      if (ended) return false;
      const next = new Promise<void>((resolve) => {
        arrived = resolve;
      });
      taken();
      await next;
    }
    return true;
  }

  return {
    get position() {
      return position;
    },
    async take(length, target) {
      let count = 0;
      while (count < length) {
        if (!(await more())) throw changed();
        const part = chunk.subarray(0, length - count);
        target?.set(part, count);
        count += part.length;
        position += part.length;
        chunk = chunk.subarray(part.length);
      }
    },
    async finish() {
      if (await more()) throw changed();
      await done;
    },
    async stop() {
      stopped = true;
      chunk = new Uint8Array(0);
      taken();
      await done;
    },
  };
}
