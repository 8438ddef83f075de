/** A result above this stays to the garbage collector: detaching it costs more than it saves. */
const largestReturned = 128 * 1024;

interface Transferable {
  transfer?(length: number): unknown;
}

/**
 * Gives the memory of a native result back at once, where the runtime can. Every native call allocates its
 * result; waiting for the garbage collector would leave the processor's caches and touch new pages.
 */
export function giveBack(result: Uint8Array): void {
  const { buffer } = result;
  if (buffer.byteLength !== result.length || result.length > largestReturned) return;
  (buffer as Transferable).transfer?.(0);
}
