// One peer, one file, in a process of its own; tells its figures as a line of JSON.
//   node bench/peers/peer.mjs NAME keys KEY-FILE
//   node bench/peers/peer.mjs NAME encrypt|decrypt KEY-FILE FROM TO
import { readFileSync, writeFileSync } from 'node:fs';
import { ownProcessorSeconds, peakBytes } from '../measuring/process-figures.mjs';

const peers = {
  typage: () => import('./typage.mjs'),
  'aws-defaults': async () => (await import('./aws.mjs')).withDefaults,
  'aws-unsigned': async () => (await import('./aws.mjs')).unsigned,
  'openpgp-cfb': async () => (await import('./openpgp.mjs')).cfb,
  'openpgp-gcm': async () => (await import('./openpgp.mjs')).gcm,
  libsodium: () => import('./libsodium.mjs'),
};

const [, , name, work, keyFile, from, to] = process.argv;
const peer = await peers[name]();
if (work === 'keys') writeFileSync(keyFile, JSON.stringify(await peer.makeKeys()), { mode: 0o600 });
else {
  const keys = JSON.parse(readFileSync(keyFile, 'utf8'));
  const start = process.hrtime.bigint();
  const cpu = process.cpuUsage();
  await peer[work](from, to, keys);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  console.log(JSON.stringify({ seconds, processor: ownProcessorSeconds(cpu), peakBytes: peakBytes() }));
}
