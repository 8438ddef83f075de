// Protects and opens many small messages in memory, with an authority in this process: node bench/mail/small-messages.mjs [messages]
// Prints messages a second, CPU time of one, and the most memory. Nothing is written to disk.
import { libraryEntry } from '../measuring/library.mjs';

const { createAuthority, createMemoryStore } = await libraryEntry('authority');
const { doNotForward, open, protect } = await libraryEntry('.');
const { custodianFromPkcs8, generateRsaKey } = await libraryEntry('license');

const count = Number(process.argv[2] ?? 10_000);
const custodian = await custodianFromPkcs8(await generateRsaKey(2048));
const authority = await createAuthority({ store: createMemoryStore(), custodian, name: 'Bench' });
const alice = authority.as('alice@contoso.com');
const bob = authority.as('bob@contoso.com');
const policy = doNotForward(['bob@contoso.com']);

const message = (number) =>
  new TextEncoder().encode(
    `From: alice@contoso.com\r\nTo: bob@contoso.com\r\nSubject: Message ${number}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${'A line of text that says nothing much.\r\n'.repeat(40)}\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>${'A line of text that says nothing much.<br>\r\n'.repeat(40)}</p>\r\n--b--\r\n`,
  );

async function measured(name, work) {
  const before = process.cpuUsage();
  const start = performance.now();
  for (let number = 0; number < count; number++) await work(number);
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  const rate = (count / seconds).toFixed(0);
  console.log(
    `${name}: ${count} in ${seconds.toFixed(1)} s, ${rate} a second, ${((user + system) / count / 1000).toFixed(2)} ms of CPU each`,
  );
}

const files = [];
await measured('protect', async (number) => {
  files.push(await (await protect(message(number), { service: alice, policy, name: 'm.eml' })).bytes());
});
await measured('open', async (number) => {
  const opened = await open(files[number], { service: bob, name: 'm.eml' });
  const bytes = await opened.bytes();
  opened.close();
  if (number === 0 && Buffer.compare(bytes, message(0)) !== 0) throw new Error('The opened message differs.');
});
console.log(`bytes of a protected message: ${files[0].length} for ${message(0).length}`);
console.log(
  `most memory: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB, of which ${(files.reduce((sum, { length }) => sum + length, 0) / 2 ** 20).toFixed(0)} MiB the protected messages`,
);
