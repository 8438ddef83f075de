import { readFileSync } from 'node:fs';
import { protectFile, removeProtectionFromFile } from '../../../src/node/index.ts';
import { makeTestService } from '../../../src/node/test/service.ts';

/** Works on one file in place, says `ready` before and `done` after, and expects to be killed in between. */
const [, , action, path = '', keyPath = ''] = process.argv;
const service = await makeTestService(readFileSync(keyPath));
process.stdout.write('ready\n');
if (action === 'protect') await protectFile(path, { service, policy: { grants: [] }, inPlace: true });
else await removeProtectionFromFile(path, { service, inPlace: true });
process.stdout.write('done\n');
