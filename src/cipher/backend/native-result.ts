/** A result above this stays to the garbage collector: detaching it costs more than it saves. */
const largestReturned = 128 * 1024;
/** What was never worth a call: a smaller result stays, too. */
const smallestReturned = 4 * 1024;
/** Without `transfer`, results are given back together: one message costs about a microsecond, whatever is in it. */
const sentTogether = 128 * 1024;

interface Transferable {
  transfer?(length: number): unknown;
}

let sink: MessagePort | undefined;
let waiting: ArrayBuffer[] = [];
let waitingLength = 0;

/**
 * Gives the memory of a native result back, at once or with the next few. Every native call allocates its result; waiting
 * for the garbage collector would leave the processor's caches and touch new pages: measured on Node 20, that took half of
 * the processor time of a CBC decryption and 10 to 40 MB. Nobody may use the result afterwards.
 */
export function giveBack(result: Uint8Array): void {
  const { buffer, length } = result;
  if (buffer.byteLength !== length || length > largestReturned) return;
  if ((buffer as Transferable).transfer) {
    (buffer as Transferable).transfer?.(0);
  } else if (length >= smallestReturned) {
    waiting.push(buffer as ArrayBuffer);
    waitingLength += length;
    if (waitingLength >= sentTogether) giveBackWaiting();
  }
}

/** Gives back what waits for others: content should not stay when its key goes. */
export function giveBackWaiting(): void {
  if (waiting.length === 0) return;
  const together = waiting;
  waiting = [];
  waitingLength = 0;
  sink ??= closedPort();
  sink?.postMessage(null, together);
}

/** Node 20 has no `transfer`. A closed port takes what is sent to it and drops it. */
function closedPort(): MessagePort | undefined {
  if (typeof MessageChannel === 'undefined') return undefined;
  const { port1 } = new MessageChannel();
  port1.close();
  return port1;
}
