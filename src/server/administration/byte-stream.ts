/**
 * A stream whose first `count` pieces are there already: what fails at the start, fails before an answer is begun.
 */
export async function startedStream(
  pieces: AsyncIterable<Uint8Array>,
  count = 1,
): Promise<ReadableStream<Uint8Array>> {
  const iterator = pieces[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  while (first.length < count) {
    const { value, done } = await iterator.next();
    if (done === true) break;
    first.push(value);
  }
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const early = first.shift();
        if (early !== undefined) return controller.enqueue(early);
        const { value, done } = await iterator.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      async cancel(reason) {
        await iterator.return?.(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

const batch = 32 * 1024;

/** Text as UTF-8, in pieces worth sending. */
export async function* utf8Pieces(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let waiting = '';
  for await (const text of texts) {
    waiting += text;
    if (waiting.length < batch) continue;
    yield encoder.encode(waiting);
    waiting = '';
  }
  if (waiting !== '') yield encoder.encode(waiting);
}
