// One scenario in a process of its own, until its time or its bytes are over; tells what memory did as a line of JSON.
//   node bench/soak/scenario.mjs JSON
import { randomFillSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fillFile, hashOfFile } from '../measuring/content.mjs';
import { libraryEntry } from '../measuring/library.mjs';
import { ownProcessorSeconds, peakBytes } from '../measuring/process-figures.mjs';

const { open, protect } = await libraryEntry('.');
const { openAuthority } = await libraryEntry('authority/folder');
const { openFile, protectFile } = await libraryEntry('node');

const { scenario, folder, authorityFolder, cipherMode, minutes, mostBytes, slowBytes, fileBytes, threads } =
  JSON.parse(process.argv[2]);
const authority = await openAuthority(authorityFolder);
const service = authority.as('alice@contoso.com');
const settings = { service, policy: { grants: [] }, cipherMode };
const at = (name) => join(folder, name);
mkdirSync(folder);

const counted = { given: 0, taken: 0, operations: 0, mostAhead: 0 };
const started = performance.now();
const over = () => performance.now() - started > minutes * 60_000 || counted.taken >= mostBytes;

const sampleMilliseconds = 250;
const samples = [];

/** Streams of bytes that are all there never let a timer through, so whoever takes them asks too. */
function sampleIfDue() {
  const at = performance.now() - started;
  if (at - (samples.at(-1)?.at ?? 0) < sampleMilliseconds) return;
  const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
  samples.push({ at, taken: counted.taken, rss, heapUsed, external, arrayBuffers });
}

/** An endless content, a chunk at a time, that ends when the scenario is over; at most `rate` bytes a second. */
function source(rate = Number.POSITIVE_INFINITY) {
  const chunk = randomFillSync(new Uint8Array(1024 * 1024));
  const began = performance.now();
  let given = 0;
  return new ReadableStream(
    {
      async pull(controller) {
        if (over()) return controller.close();
        const early = (given / rate) * 1000 - (performance.now() - began);
        if (early > 0) await wait(early);
        // Whoever gets a chunk may keep it.
        controller.enqueue(new Uint8Array(chunk));
        given += chunk.length;
        counted.given += chunk.length;
      },
    },
    { highWaterMark: 0 },
  );
}

/** Takes everything, at most `rate` bytes a second, and notes how far the source has run ahead. */
async function drain(stream, rate = Number.POSITIVE_INFINITY) {
  const began = performance.now();
  let taken = 0;
  for await (const chunk of stream) {
    taken += chunk.length;
    counted.taken += chunk.length;
    counted.mostAhead = Math.max(counted.mostAhead, counted.given - counted.taken);
    sampleIfDue();
    const early = (taken / rate) * 1000 - (performance.now() - began);
    if (early > 0) await wait(early);
  }
}

/** One content, protected and opened again while it is protected, all in one pass. */
async function throughStreams(sourceRate, sinkRate) {
  const file = await protect(source(sourceRate), { ...settings, name: 'endless.bin' });
  counted.operations++;
  const opened = await open(file.stream(), { service, name: file.name });
  await drain(opened.stream(), sinkRate);
  opened.close();
}

/** One file, protected and opened again and again. */
async function throughFiles(bytes, turns) {
  fillFile(at('plain'), bytes);
  const hash = hashOfFile(at('plain'));
  while (!over()) {
    for (let turn = 0; turn < turns && !over(); turn++) {
      await protectFile(at('plain'), { ...settings, to: at('protected'), overwrite: true, threads });
      const opened = await openFile(at('protected'), { service });
      await opened.saveTo(at('opened'), { overwrite: true });
      await opened.close();
      counted.operations += 2;
      counted.given += 2 * bytes;
      counted.taken += 2 * bytes;
    }
    if (hashOfFile(at('opened')) !== hash) throw new Error('Other bytes came back.');
  }
}

/** Thousands of licenses: each small file has its own. */
async function throughSmallFiles() {
  const small = 32 * 1024;
  writeFileSync(at('small'), randomFillSync(new Uint8Array(small)));
  while (!over())
    await Promise.all(
      Array.from({ length: 4 }, async (_, lane) => {
        const [to, back] = [at(`protected ${lane}`), at(`opened ${lane}`)];
        await protectFile(at('small'), { ...settings, to, overwrite: true, durable: false });
        const opened = await openFile(to, { service });
        await opened.saveTo(back, { overwrite: true, durable: false });
        await opened.close();
        counted.operations += 2;
        counted.given += 2 * small;
        counted.taken += 2 * small;
      }),
    );
}

const scenarios = {
  streams: () => throughStreams(),
  'slow source': () => throughStreams(slowBytes),
  'slow sink': () => throughStreams(undefined, slowBytes),
  files: () => throughFiles(fileBytes, 10),
  'small files': throughSmallFiles,
};

const sampling = setInterval(sampleIfDue, sampleMilliseconds);
const cpu = process.cpuUsage();
await scenarios[scenario]();
clearInterval(sampling);
const seconds = (performance.now() - started) / 1000;
const processor = ownProcessorSeconds(cpu);
await authority.close();
await rm(folder, { recursive: true });
console.log(JSON.stringify({ seconds, processor, peakBytes: peakBytes(), ...counted, samples }));
