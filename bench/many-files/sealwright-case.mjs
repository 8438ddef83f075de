// Protects or opens a tree in place, in a process of its own; tells its figures as a line of JSON.
//   node bench/many-files/sealwright-case.mjs JSON
import { libraryEntry } from '../measuring/library.mjs';
import { ownProcessorSeconds, peakBytes } from '../measuring/process-figures.mjs';

const { openAuthority } = await libraryEntry('authority/folder');
const node = await libraryEntry('node');

const { loop, work, authorityFolder, tree, step, settings } = JSON.parse(process.argv[2]);
const authority = await openAuthority(authorityFolder);
const service = authority.as('alice@contoso.com');

/** Milliseconds since the start at which each further `step` files were settled. */
const steps = [];
const failures = [];
let settled = 0;
const start = process.hrtime.bigint();
const milliseconds = () => Number(process.hrtime.bigint() - start) / 1e6;
const memory = [];
const sampling = setInterval(() => {
  const { rss, heapUsed, external } = process.memoryUsage();
  memory.push({ at: milliseconds(), rss, heapUsed, external });
}, 500);

const cpu = process.cpuUsage();
const options = {
  service,
  inPlace: true,
  ...settings,
  onFile(outcome) {
    if (outcome.status !== 'done' && failures.length < 10) failures.push(outcome);
    settled++;
    if (settled % step === 0) steps.push(milliseconds());
  },
};
const policy = { grants: [] };
const report = loop
  ? await oneByOne()
  : work === 'protect'
    ? await node.protectFiles(tree, { ...options, policy })
    : await node.removeProtectionFromFiles(tree, options);
const seconds = milliseconds() / 1000;
const processor = ownProcessorSeconds(cpu);
clearInterval(sampling);
await authority.close();

console.log(
  JSON.stringify({
    loop,
    seconds,
    processor,
    peakBytes: peakBytes(),
    done: report.done,
    skipped: report.skipped,
    failed: report.failed,
    threads: report.threads,
    concurrency: report.concurrency,
    steps,
    memory,
    failures,
  }),
);

/** What a program of one's own would do: a few files at once, each by itself. */
async function oneByOne() {
  const entries = node.walkFolder(tree);
  const report = { done: 0, skipped: 0, failed: 0, threads: 0, concurrency: 8 };
  const worker = async () => {
    for (;;) {
      const { value: entry, done } = await entries.next();
      if (done) return;
      if (entry.kind !== 'file') continue;
      if (work === 'protect') await node.protectFile(entry.path, { ...options, policy });
      else await node.removeProtectionFromFile(entry.path, options);
      report.done++;
      options.onFile({ status: 'done' });
    }
  };
  await Promise.all(Array.from({ length: report.concurrency }, worker));
  return report;
}
