import { connect } from 'node:net';

const headEnd = Buffer.from('\r\n\r\n');

/**
 * Sends requests over `connections` that stay open, one at a time on each, until `milliseconds` have passed or `requests`
 * are answered. Written on sockets, because a client that works more than the server would be what is measured.
 *
 * @param next gives the bytes of the next request
 * @returns latencies in milliseconds, sorted, and the seconds it took
 */
export async function generate({ port, connections, milliseconds = Infinity, requests = Infinity, next }) {
  const latencies = [];
  const began = performance.now();
  const until = began + milliseconds;
  let sent = 0;
  const one = () =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      let started = 0;
      let received = Buffer.alloc(0);
      const send = () => {
        if (sent >= requests || performance.now() >= until) return socket.end(resolve);
        sent++;
        started = performance.now();
        socket.write(next());
      };
      socket.setNoDelay(true);
      socket.on('connect', send);
      socket.on('error', reject);
      socket.on('close', resolve);
      socket.on('data', (data) => {
        received = received.length === 0 ? data : Buffer.concat([received, data]);
        const length = responseLength(received);
        if (length === undefined || received.length < length) return;
        if (received.toString('latin1', 9, 12) !== '200')
          return socket.destroy(new Error(received.toString('latin1', 0, 600)));
        latencies.push(performance.now() - started);
        received = received.subarray(length);
        send();
      });
    });
  await Promise.all(Array.from({ length: connections }, one));
  const seconds = (performance.now() - began) / 1000;
  return { latencies: latencies.sort((a, b) => a - b), seconds };
}

/** Bytes of the response at the start of `bytes`, as far as they tell. */
function responseLength(bytes) {
  const end = bytes.indexOf(headEnd);
  if (end < 0) return undefined;
  const head = bytes.toString('latin1', 0, end).toLowerCase();
  const length = /\r\ncontent-length: (\d+)/.exec(head)?.[1];
  if (length !== undefined) return end + 4 + Number(length);
  const last = bytes.indexOf('\r\n0\r\n\r\n', end);
  return last < 0 ? undefined : last + 7;
}
