import { maxima, type WaitOptions } from '../../../../bytes/index.ts';
import { blockHeaderLength, damagedEnvelope, historyLength, parseBlockHeader } from './block.ts';
import type { BlockPlace, BlockTable } from './block-table.ts';
import { checkpoints } from './checkpoints.ts';
import type { FileWindow } from './file-window.ts';
import { blockInflater } from './inflate-block.ts';

/** Bytes that are unpacked and passed over rather than begun anew behind them. */
const passedOver = 512 * 1024;
/** Failures to begin in the middle after which it is not tried any more: the blocks refer to those before. */
const mostFailures = 4;

/** Unpacked bytes that move over an envelope. */
export interface InflatedRun {
  /** Fills `target` with the bytes from `offset` on, all of which there are; false if a block cannot be unpacked alone. */
  read(offset: number, target: Uint8Array, options?: WaitOptions): Promise<boolean>;
}

/**
 * Unpacks an envelope forward, and begins anew where a read is elsewhere: at a block whose history was kept, or at any
 * block without history. The latter is safe: what refers to history that is not there fails, and is then done the other way.
 */
export function inflatedRun(window: FileWindow, table: BlockTable): InflatedRun {
  const inflater = blockInflater();
  const kept = checkpoints();
  const held = new Uint8Array(Math.min(table.plainSize, historyLength + 2 * maxima.rpmsgBlockBytes) + 1);
  /** Of `held`: bytes in use, and where they are in the unpacked bytes. */
  let length = 0;
  let start = 0;
  let next: BlockPlace = table.before(0);
  const beginning = next.file;
  /** Whether the run began without history, so that it may be missing some. */
  let bold = false;
  let failures = 0;

  function begin(place: BlockPlace, history: Uint8Array): void {
    held.set(history);
    length = history.length;
    start = place.plain - length;
    next = place;
  }

  /** Unpacks one block behind the bytes held. */
  async function advance(options: WaitOptions | undefined): Promise<boolean> {
    options?.signal?.throwIfAborted();
    const header = parseBlockHeader(await window(next.file, blockHeaderLength, options), next.file);
    if (header === undefined) throw damagedEnvelope('it changed while it was read', next.file);
    const packed = await window(next.file + blockHeaderLength, header.packed, options);
    if (packed.length < header.packed) throw damagedEnvelope('it changed while it was read', next.file);
    if (length + header.plain >= held.length) {
      held.copyWithin(0, length - historyLength, length);
      start += length - historyLength;
      length = historyLength;
    }
    const history = held.subarray(Math.max(0, length - historyLength), length);
    const target = held.subarray(length);
    if (!inflater.inflate(packed, header.plain, target, history, next.file === beginning)) return false;
    length += header.plain;
    next = { file: next.file + blockHeaderLength + header.packed, plain: next.plain + header.plain };
    if (bold && length >= historyLength) bold = false;
    if (!bold) kept.offer(next, () => held.slice(Math.max(0, length - historyLength), length));
    return true;
  }

  /** Goes where a read at `offset` can begin; nearer than before, or not at all. */
  function seek(offset: number): void {
    const base = kept.before(offset);
    const fromHere = offset >= start && !bold && next.plain >= (base?.plain ?? 0);
    const at = fromHere ? next.plain : (base?.plain ?? 0);
    const place = table.before(offset);
    if (failures < mostFailures && place.plain > at + passedOver) {
      bold = true;
      begin(place, noHistory);
    } else if (!fromHere) beginKept(offset);
  }

  function beginKept(offset: number): void {
    const base = kept.before(offset);
    bold = false;
    begin(base ?? table.before(0), base?.history ?? noHistory);
  }

  return {
    async read(offset, target, options) {
      for (let done = 0; done < target.length; ) {
        const at = offset + done;
        if (at < start || at > start + length + passedOver) seek(at);
        if (at < start + length) {
          const from = at - start;
          const part = held.subarray(from, Math.min(length, from + target.length - done));
          target.set(part, done);
          done += part.length;
        } else if (!(await advance(options))) {
          if (!bold) return false;
          failures++;
          beginKept(at);
        }
      }
      return true;
    },
  };
}

const noHistory = new Uint8Array(0);
