/** A file on a server as a ByteSource: each read is one request for a range. */
export async function httpSource(url) {
  const head = await fetch(url, { method: 'HEAD' });
  const size = Number(head.headers.get('content-length'));
  const read = async (offset, length, { signal } = {}) => {
    const end = Math.min(offset + length, size);
    if (end <= offset) return new Uint8Array(0);
    const answer = await fetch(url, { headers: { range: `bytes=${offset}-${end - 1}` }, signal });
    if (answer.status !== 206)
      throw new Error(`The server answered ${answer.status} to a request for a range.`);
    return new Uint8Array(await answer.arrayBuffer());
  };
  const window = (start, length) => ({
    size: length,
    seekable: true,
    read: (offset, count, options) =>
      read(start + offset, Math.min(count, Math.max(0, length - offset)), options),
    slice: (offset, count = length - offset) => window(start + offset, Math.min(count, length - offset)),
  });
  return window(0, size);
}
