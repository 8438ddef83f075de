import { folderLicenseStore } from '../../src/node/index.ts';

/**
 * One of several processes that keep licenses in one folder at the same time. Each entry holds its own key many times, so
 * that a mixture of two would show. Prints a time when it has been noted.
 */
const [, , folder = '', me = '', count = '0'] = process.argv;
const store = await folderLicenseStore(folder, { maximumEntries: 20 });
for (let n = 0; n < Number(count); n++) {
  const key = String((n * Number(me)) % 30);
  const entry = new TextEncoder().encode(`${key} `.repeat(500));
  await store.set(key, entry, { group: String(n % 3), expires: new Date(n) });
  const read = await store.get(key);
  if (read !== undefined && Buffer.compare(read, entry) !== 0)
    throw new Error(`entry ${key} came back changed`);
  if (n % 10 === 0) await store.deleteGroup('1');
  if (n % 15 === 0) await store.purge(new Date(n));
  const time = n * 3 * 60_000 + Number(me) * 60_000;
  await store.noteTime(new Date(time));
  const latest = await store.latestTime();
  if (latest === undefined || latest.getTime() < time) throw new Error(`the time ${time} was taken back`);
  process.stdout.write(`${time}\n`);
}
