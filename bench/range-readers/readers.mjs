// Many readers at once, each asking for one random range after another and comparing every byte; some of them
// leave in the middle. Tells what they got as a line of JSON.
//   node bench/range-readers/readers.mjs JSON
import { Agent, request } from 'node:http';
import { positionedContent } from '../measuring/content.mjs';
import { quantile } from '../measuring/table.mjs';

const { url, size, seed, readers, rangeBytes, seconds, leaveEvery } = JSON.parse(process.argv[2]);
const content = positionedContent(seed);
const agent = new Agent({ keepAlive: true, maxSockets: readers });
const until = performance.now() + seconds * 1000;
const firstByte = [];
let [bytes, ranges, left] = [0, 0, 0];

/** One range; `leave` goes away when the first bytes have come. */
function readRange(user, from, length, leave) {
  return new Promise((resolve, reject) => {
    const asked = performance.now();
    const expected = Buffer.allocUnsafe(65536);
    const call = request(url, {
      agent,
      headers: { 'x-signed-in-user': user, range: `bytes=${from}-${from + length - 1}` },
    });
    call.once('error', reject);
    call.once('response', (response) => {
      if (response.statusCode !== 206) return reject(new Error(`The server answered ${response.statusCode}`));
      let got = 0;
      response.on('data', (part) => {
        if (got === 0) firstByte.push(performance.now() - asked);
        for (let at = 0; at < part.length; at += expected.length) {
          const some = part.subarray(at, at + expected.length);
          content.fill(expected.subarray(0, some.length), from + got + at);
          if (Buffer.compare(some, expected.subarray(0, some.length)) !== 0)
            return reject(new Error(`Other bytes at ${from + got + at} of the range ${from}+${length}`));
        }
        got += part.length;
        bytes += part.length;
        if (leave) {
          left++;
          call.off('error', reject).on('error', () => {});
          call.destroy();
          resolve();
        }
      });
      response.on('error', (error) => (leave ? resolve() : reject(error)));
      response.once('end', () => {
        if (got !== length) return reject(new Error(`${got} bytes came instead of ${length}`));
        ranges++;
        resolve();
      });
    });
    call.end();
  });
}

async function reader(number) {
  for (let turn = 1; performance.now() < until; turn++) {
    // Lengths and places that fall on no boundary.
    const length = Math.max(1, Math.floor(rangeBytes * (0.5 + Math.random())));
    const from = Math.floor(Math.random() * (size - length));
    const leave = leaveEvery > 0 && (turn + number) % leaveEvery === 0;
    await readRange(`reader-${number}@contoso.com`, from, length, leave);
  }
}

const started = performance.now();
await Promise.all(Array.from({ length: readers }, (_, number) => reader(number)));
const took = (performance.now() - started) / 1000;
agent.destroy();
console.log(
  JSON.stringify({
    took,
    bytes,
    ranges,
    left,
    firstByte: { median: quantile(firstByte, 0.5), p99: quantile(firstByte, 0.99) },
  }),
);
