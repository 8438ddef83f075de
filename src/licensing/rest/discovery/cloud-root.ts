import { SealwrightError } from '../../../errors.ts';
import type { CloudName } from '../../service-trust.ts';

const clouds: Readonly<Record<CloudName, { readonly root: string; readonly domain: string }>> = {
  commercial: { root: 'https://api.aadrm.com', domain: '.aadrm.com' },
  'us-government': { root: 'https://api.aadrm.us', domain: '.aadrm.us' },
  china: { root: 'https://api.aadrm.cn', domain: '.aadrm.cn' },
};

const all: readonly CloudName[] = ['commercial', 'us-government', 'china'];

/**
 * The root of the cloud to ask where nothing else is known: the one that the license's hosts belong to, else the first
 * one that is allowed. Throws `UNTRUSTED_SERVICE` if none is.
 */
export function cloudRoot(allowed: readonly CloudName[] = all, hosts: readonly string[] = []): string {
  const name =
    allowed.find((cloud) => hosts.some((host) => host.endsWith(clouds[cloud].domain))) ?? allowed[0];
  if (name !== undefined) return clouds[name].root;
  throw new SealwrightError(
    'UNTRUSTED_SERVICE',
    'No licensing service was found, and the trust configuration allows no cloud. Name the service as url, or allow a cloud with trust.clouds.',
    { reason: 'no-cloud' },
  );
}
