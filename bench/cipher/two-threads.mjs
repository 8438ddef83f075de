// The cipher modes in memory with one thread and with two, each on windows of its own: what a second core gives.
//   node bench/cipher/two-threads.mjs [window bytes]
import crypto from 'node:crypto';
import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { libraryEntry } from '../measuring/library.mjs';
import { median } from '../measuring/table.mjs';
import { opensslSpeed } from './openssl-speed.mjs';

const window = Number(process.argv[2] ?? 8 * 1024 * 1024);
const milliseconds = 300;
const rounds = 9;
const works = {
  'CBC4K encrypt': ['MICROSOFT.CBC4K', 'encrypt'],
  'CBC4K decrypt': ['MICROSOFT.CBC4K.NOPADDING', 'decrypt'],
  'ECB encrypt': ['MICROSOFT.ECB', 'encrypt'],
  'GCM64K encrypt': ['SEALWRIGHT.GCM64K', 'encrypt'],
  'GCM64K decrypt': ['SEALWRIGHT.GCM64K', 'decrypt'],
};

if (isMainThread) await measure();
else await work();

/** A thread: waits for the time to begin, works until it is over, tells how many windows it did. */
async function work() {
  const { cipherMode } = await libraryEntry('cipher');
  const key = crypto.randomBytes(32);
  const input = new Uint8Array(window);
  for (let at = 0; at < window; at += 65536) crypto.randomFillSync(input, at, Math.min(65536, window - at));
  const output = new Uint8Array(window + 65536);
  const doing = Object.fromEntries(
    Object.entries(works).map(([name, [modeName, direction]]) => {
      const mode = cipherMode(modeName);
      const encryptor = mode.encryptor(key);
      if (direction === 'encrypt') return [name, () => encryptor.encrypt(input, 0, true, output)];
      const sealed = new Uint8Array(mode.encryptedLength(window) - mode.preambleLength);
      encryptor.encrypt(input, 0, true, sealed);
      const decryptor = mode.decryptor(key, encryptor.preamble ?? new Uint8Array(0));
      return [name, () => decryptor.decrypt(sealed, 0, true, output)];
    }),
  );
  const { gate } = workerData;
  parentPort.on('message', (name) => {
    for (let n = 0; n < 3; n++) doing[name]();
    Atomics.add(gate, 1, 1);
    const round = Atomics.load(gate, 2);
    parentPort.postMessage('ready');
    Atomics.wait(gate, 0, round);
    const start = performance.now();
    let windows = 0;
    while (performance.now() - start < milliseconds) {
      doing[name]();
      windows++;
    }
    parentPort.postMessage((windows * window) / (performance.now() - start) / 1000);
  });
}

async function measure() {
  const gate = new Int32Array(new SharedArrayBuffer(12));
  const threads = [0, 1].map(
    () => new Worker(new URL(import.meta.url), { argv: [window], workerData: { gate } }),
  );
  const told = async (thread) => (await once(thread, 'message'))[0];

  /** MB/s of these threads together. */
  async function together(list, name) {
    Atomics.store(gate, 2, Atomics.load(gate, 0));
    const ready = list.map(told);
    for (const thread of list) thread.postMessage(name);
    await Promise.all(ready);
    const rates = list.map(told);
    Atomics.add(gate, 0, 1);
    Atomics.notify(gate, 0);
    return (await Promise.all(rates)).reduce((sum, rate) => sum + rate, 0);
  }

  const serial = opensslSpeed('aes-256-cbc');
  console.log(`openssl speed aes-256-cbc: ${serial?.toFixed(0) ?? 'no openssl here'} MB/s; window ${window}`);
  for (const name of Object.keys(works)) {
    const [one, two] = [[], []];
    for (let round = 0; round < rounds; round++) {
      one.push(await together(threads.slice(0, 1), name));
      two.push(await together(threads, name));
    }
    const beside =
      serial === undefined ? '' : `${(median(two) / serial).toFixed(2).padStart(6)} x openssl's CBC`;
    console.log(
      `  ${name.padEnd(16)} one ${median(one).toFixed(0).padStart(6)} MB/s, two ${median(two).toFixed(0).padStart(6)} MB/s ${(median(two) / median(one)).toFixed(2).padStart(6)} x one${beside}`,
    );
  }
  for (const thread of threads) await thread.terminate();
}
