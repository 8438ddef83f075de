import { readFileSync } from 'node:fs';
import { makeTestService } from '../test/service.ts';
import { protectFiles } from './protect-files.ts';

/** One session of a run in a process of its own, which is to be killed. */
const [tree = '', journal = '', key = '', place = ''] = process.argv.slice(2);
const report = await protectFiles(tree, {
  service: await makeTestService(new Uint8Array(readFileSync(key))),
  policy: { grants: [{ to: 'contoso.com', rights: 'Viewer' }] },
  ...(place === '' ? { inPlace: true } : { out: place }),
  journal,
  threads: 0,
  durable: false,
  onFile: () => void process.stdout.write('.'),
});
process.stdout.write(JSON.stringify(report));
