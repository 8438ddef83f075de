import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { initAuthority } from '../../src/authority/folder/index.ts';
import { createAuthority, createMemoryStore } from '../../src/authority/index.ts';
import { custodianFromPkcs8, generateRsaKey } from '../../src/license/index.ts';
import { describeLicensingService } from './licensing-service.ts';

const keys = [await generateRsaKey(2048), await generateRsaKey(2048)];
let turn = 0;

describeLicensingService('an authority in memory', {
  async open(now) {
    // Making keys takes longer than everything else here; two suffice, since no more than two authorities meet.
    const custodian = await custodianFromPkcs8(keys[turn++ % 2] as Uint8Array);
    const authority = await createAuthority({ store: createMemoryStore(), custodian, now });
    return { authority, close: () => authority.close() };
  },
});

describeLicensingService('an authority in a folder', {
  async open(now) {
    const folder = await mkdtemp(join(tmpdir(), 'sealwright-authority-'));
    const authority = await initAuthority(join(folder, 'authority'), { now });
    return {
      authority,
      async close() {
        await authority.close();
        await rm(folder, { recursive: true });
      },
    };
  },
});
