// Protecting or opening one file in a process of its own; tells its figures as a line of JSON.
//   node bench/one-file/sealwright-case.mjs JSON
import { libraryEntry } from '../measuring/library.mjs';
import { ownProcessorSeconds, peakBytes } from '../measuring/process-figures.mjs';

const { openAuthority } = await libraryEntry('authority/folder');
const { protectFile, removeProtectionFromFile } = await libraryEntry('node');

const { work, authorityFolder, from, to, cipherMode, threads, durable } = JSON.parse(process.argv[2]);
const authority = await openAuthority(authorityFolder);
const service = authority.as('alice@contoso.com');

const start = process.hrtime.bigint();
const cpu = process.cpuUsage();
if (work === 'encrypt')
  await protectFile(from, {
    service,
    policy: { grants: [] },
    cipherMode,
    to,
    threads,
    durable,
  });
else await removeProtectionFromFile(from, { service, to, threads, durable });
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
const processor = ownProcessorSeconds(cpu);

await authority.close();
console.log(JSON.stringify({ seconds, processor, peakBytes: peakBytes() }));
