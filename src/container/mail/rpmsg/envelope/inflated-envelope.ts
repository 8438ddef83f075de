import { type ByteSource, memorySource, sliceSource, type WaitOptions } from '../../../../bytes/index.ts';
import { SealwrightError } from '../../../../errors.ts';
import { damagedEnvelope, isRpmsg } from './block.ts';
import { type BlockTable, blockTable } from './block-table.ts';
import { type FileWindow, fileWindow } from './file-window.ts';
import { inflateWhole } from './inflate-whole.ts';
import { inflatedRun } from './inflated-run.ts';

/**
 * What the envelope of a `message.rpmsg` holds, for random access (spec/mail.md, "Envelope"): the blocks that a read
 * needs are unpacked, from the nearest place on where that can begin. Memory does not grow with the message.
 *
 * @param source the `message.rpmsg`, seekable and of known size; stays open and belongs to the caller
 * @returns a source of a compound file
 * @throws SealwrightError `NOT_PROTECTED` if it is no `message.rpmsg`; `MALFORMED_CONTAINER` if it was cut or its blocks
 * cannot be unpacked, also from reads; `LIMIT_EXCEEDED` beyond `maxima`; `INVALID_ARGUMENT` for a stream
 *
 * @example
 * ```ts
 * const file = await readCompoundFile(await inflatedEnvelope(memorySource(bytes)));
 * ```
 */
export async function inflatedEnvelope(source: ByteSource, options?: WaitOptions): Promise<ByteSource> {
  const { size } = source;
  if (size === undefined || !source.seekable)
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      'A protected message cannot be read from a stream: it takes random access. Collect the stream first.',
    );
  const window = fileWindow(source);
  if (!isRpmsg(await window(0, 8, options)))
    throw new SealwrightError(
      'NOT_PROTECTED',
      'This is not a message.rpmsg: it does not begin like one. It may be an unprotected message, or protected in another format.',
      { offset: 0 },
    );
  return envelopeSource(window, await blockTable(window, size, options));
}

function envelopeSource(window: FileWindow, table: BlockTable): ByteSource {
  const run = inflatedRun(window, table);
  const size = table.plainSize;
  let whole: ByteSource | undefined;
  /** Reads move one window over the file: they wait for each other. */
  let last: Promise<unknown> = Promise.resolve();

  async function readNow(offset: number, target: Uint8Array, options?: WaitOptions): Promise<number> {
    const length = Math.max(0, Math.min(target.length, size - offset));
    if (whole === undefined && !(await run.read(offset, target.subarray(0, length), options)))
      whole = memorySource(await inflateWhole(window, table, options));
    if (whole !== undefined) target.set(await whole.read(offset, length, options));
    return length;
  }

  function readInto(offset: number, target: Uint8Array, options?: WaitOptions): Promise<number> {
    if (!Number.isSafeInteger(offset) || offset < 0) throw damagedEnvelope('it refers to what is not there');
    const reading = last.then(() => readNow(offset, target, options));
    last = reading.catch(() => undefined);
    return reading;
  }

  const envelope: ByteSource = {
    size,
    seekable: true,
    readInto,
    async read(offset, length, options) {
      const target = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      await readInto(offset, target, options);
      return target;
    },
    slice: (offset, length) => sliceSource(envelope, offset, length),
  };
  return envelope;
}
