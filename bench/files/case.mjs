// One case in a process of its own: works on one file and tells seconds and peak memory as JSON.
import { openAuthority } from 'sealwright/authority/folder';
import { openFile, protectFile } from 'sealwright/node';

const [, , work, folder, from, to, cipherMode] = process.argv;
const authority = await openAuthority(folder);
const service = authority.as('alice@contoso.com');

const start = process.hrtime.bigint();
if (work === 'protect') await protectFile(from, { service, policy: { grants: [] }, cipherMode, to });
else {
  const file = await openFile(from, { service });
  await file.saveTo(to);
  await file.close();
}
const seconds = Number(process.hrtime.bigint() - start) / 1e9;

await authority.close();
console.log(JSON.stringify({ seconds, peakBytes: process.resourceUsage().maxRSS * 1024 }));
