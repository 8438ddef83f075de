import type { ByteSink, WaitOptions } from '../bytes/index.ts';
import type { ContainerHeader, ContentInsertion } from '../container/index.ts';

/** Puts the container's own bytes at their places among runs of content that come one after the other. */
export interface Weave {
  /** The run with what belongs before and between its bytes, in order. */
  next(content: Uint8Array): readonly Uint8Array[];
  /** What comes after the last run. */
  end(): readonly Uint8Array[];
}

/** Weaves what `header` places within and behind the content. */
export function weave(header: Pick<ContainerHeader, 'insertions' | 'trailer'>): Weave {
  const waiting: ContentInsertion[] = [...(header.insertions ?? [])];
  let offset = 0;
  return {
    next(content) {
      if (waiting.length === 0) return [content];
      const pieces: Uint8Array[] = [];
      let from = 0;
      for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
        const at = first.contentOffset - offset;
        if (at >= content.length) break;
        pieces.push(content.subarray(from, at), first.bytes);
        from = at;
        waiting.shift();
      }
      offset += content.length;
      pieces.push(content.subarray(from));
      return pieces;
    },
    end: () => [
      ...waiting.map(({ bytes }) => bytes),
      ...(header.trailer === undefined ? [] : [header.trailer]),
    ],
  };
}

/** A sink for content that passes it on with the container's own bytes among it. */
export function wovenSink(sink: ByteSink, woven: Weave): ByteSink {
  return {
    write(content, wait) {
      const pieces = woven.next(content);
      return pieces.length === 1 ? sink.write(pieces[0] as Uint8Array, wait) : writeAll(sink, pieces, wait);
    },
  };
}

/** Writes pieces one after the other. */
export async function writeAll(
  sink: ByteSink,
  pieces: readonly Uint8Array[],
  wait: WaitOptions | undefined,
): Promise<void> {
  for (const piece of pieces) if (piece.length > 0) await sink.write(piece, wait);
}
