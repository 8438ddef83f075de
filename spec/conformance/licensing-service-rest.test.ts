import { createAuthority, createMemoryStore } from '../../src/authority/index.ts';
import { custodianFromPkcs8, generateRsaKey } from '../../src/license/index.ts';
import { type LicensingService, withOfflinePublishing } from '../../src/licensing/index.ts';
import { describeLicensingService, type LicensingDifferences } from './licensing-service.ts';
import { openRestStage, type RestStage } from './rest-service-stage.ts';

const keys = [await generateRsaKey(2048), await generateRsaKey(2048)];
const day = 24 * 60 * 60 * 1000;
let turn = 0;

/** The suite over HTTPS on loopback; `clientOf` makes the client of one person. */
function describeOverHttps(
  name: string,
  clientOf: (
    stage: RestStage,
    who: Parameters<RestStage['clientFor']>[0],
    now: () => Date,
  ) => LicensingService,
  differences?: LicensingDifferences,
): void {
  describeLicensingService(name, {
    differences,
    async open(now) {
      const custodian = await custodianFromPkcs8(keys[turn++ % 2] as Uint8Array);
      const authority = await createAuthority({ store: createMemoryStore(), custodian, now });
      const stage = await openRestStage(authority, now);
      const clients = new Map<string, LicensingService>();
      return {
        authority: {
          ...authority,
          as(who) {
            const key = JSON.stringify(who);
            const client = clients.get(key) ?? clientOf(stage, who, now);
            clients.set(key, client);
            return client;
          },
        },
        async close() {
          await stage.close();
          await authority.close();
        },
      };
    },
  });
}

describeOverHttps('a server over HTTPS', (stage, who) => stage.clientFor(who));
describeOverHttps('a server over HTTPS, first version of the protocol', (stage, who) =>
  stage.clientFor(who, { protocol: 'v1' }),
);
describeOverHttps(
  'a server over HTTPS, publishing offline',
  (stage, who, now) => withOfflinePublishing(stage.clientFor(who), { now }),
  {
    publishingRows: ['GetClientLicensorCert', 'FEGetAllTemplates'],
    knownWhenOpened: true,
    templatesKeptFor: day,
  },
);
