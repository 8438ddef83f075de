import type { Authority } from '../../src/authority/index.ts';
import { createAuthority, createMemoryStore } from '../../src/authority/index.ts';
import { custodianFromPkcs8, generateRsaKey } from '../../src/license/index.ts';
import { type LicensingService, withOfflinePublishing } from '../../src/licensing/index.ts';
import { describeLicensingService } from './licensing-service.ts';

const keys = [await generateRsaKey(2048), await generateRsaKey(2048)];
const day = 24 * 60 * 60 * 1000;
let turn = 0;

describeLicensingService('an authority in memory, publishing offline', {
  differences: {
    publishingRows: ['GetClientLicensorCert', 'FEGetAllTemplates'],
    knownWhenOpened: true,
    templatesKeptFor: day,
  },
  async open(now) {
    const custodian = await custodianFromPkcs8(keys[turn++ % 2] as Uint8Array);
    const authority = await createAuthority({ store: createMemoryStore(), custodian, now });
    const services = new Map<string, LicensingService>();
    const publishingOffline: Authority = {
      ...authority,
      as(identity) {
        const who = JSON.stringify(identity);
        const service = services.get(who) ?? withOfflinePublishing(authority.as(identity), { now });
        services.set(who, service);
        return service;
      },
    };
    return { authority: publishingOffline, close: () => authority.close() };
  },
});
