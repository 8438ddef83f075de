import { release } from 'node:os';
import {
  type LicensingService,
  pinnedKeys,
  restLicensingService,
  type ServiceTrust,
  staticToken,
  type TokenProvider,
  withLicenseCache,
} from '../../licensing/index.ts';
import { folderLicenseStore } from '../../node/index.ts';
import { resolveSrv } from '../../node/network/index.ts';
import { licenseFolder } from '../profile/config-file.ts';
import type { Session } from '../session.ts';
import { usageError } from '../usage-error.ts';
import { packageVersion } from '../version.ts';
import { isLoopbackUrl } from './loopback.ts';
import { networkFor } from './network-options.ts';
import type { ServiceOptions } from './service-options.ts';
import type { ServicePlace } from './service-place.ts';
import { profileTokens } from './tokens.ts';

/** Systems as the protocol spells them. */
const platforms: Readonly<Partial<Record<NodeJS.Platform, string>>> = { win32: 'Windows', darwin: 'Mac' };

type RemotePlace = Extract<ServicePlace, { kind: 'service' }>;

/** A licensing service on the network, and what it takes to let go of it. */
export interface RemoteService {
  readonly service: LicensingService;
  readonly tokens: TokenProvider;
  readonly trust: ServiceTrust;
  readonly fetch: typeof globalThis.fetch;
  close(): Promise<void>;
}

/** Whom a person's token may go to: the service itself, and what they named. */
export function trustOf({ url, profile }: RemotePlace, options: ServiceOptions): ServiceTrust {
  const { host } = new URL(url);
  const hosts = [...(profile.trust ?? []), ...(options.trust ?? [])];
  // Whoever is trusted with a token may issue one, too; a wildcard is for services only.
  const authorities = hosts.filter((each) => !each.includes('*')).map((each) => `https://${each}`);
  return {
    hosts,
    authorities: profile.issuer === undefined ? authorities : [profile.issuer, ...authorities],
    insecureLoopback: isLoopbackUrl(url),
    keys: profile.keySha256 === undefined ? undefined : pinnedKeys({ [host]: profile.keySha256 }),
  };
}

/** Opens the service a person signed in to: their token, their network, and the licenses kept from before. */
export async function openRemoteService(
  session: Session,
  place: RemotePlace,
  options: ServiceOptions,
): Promise<RemoteService> {
  const { env } = session;
  if (options.offline && place.user === undefined) {
    throw usageError('Whose licenses? With --offline, add --as you@example.com, or sign in.');
  }
  const network = await networkFor(session, place.profile);
  const fetch: typeof globalThis.fetch = network;
  const tokens = env.SEALWRIGHT_TOKEN
    ? staticToken(env.SEALWRIGHT_TOKEN)
    : profileTokens(session, place.name, place.profile, fetch);
  const trust = trustOf(place, options);
  const rest = restLicensingService({
    url: place.url,
    user: place.user,
    tokens,
    trust,
    fetch,
    resolveSrv,
    application: {
      name: 'sealwright',
      version: packageVersion(),
      platform: platforms[process.platform] ?? 'Linux',
      platformVersion: release(),
    },
  });
  // A bare token does not say whose the kept licenses would be.
  const service =
    place.user === undefined
      ? rest
      : withLicenseCache(rest, {
          store: await folderLicenseStore(licenseFolder(env)),
          user: place.user,
          serviceId: new URL(place.url).origin,
          mode: options.offline ? 'offline-only' : 'revalidate',
        });
  return { service, tokens, trust, fetch, close: () => network.close() };
}
