import { readFile } from 'node:fs/promises';
import { networkFetch } from '../../node/network/index.ts';
import type { Profile } from '../profile/profile.ts';
import type { Session } from '../session.ts';
import { usageError } from '../usage-error.ts';

/** How the network is reached: a profile's words, or those of `login`. */
export type NetworkSettings = Pick<Profile, 'proxy' | 'pac' | 'ca'>;

/** A `fetch` that goes through the proxy and trusts the certificates a person named. Close it at the end. */
export async function networkFor(
  session: Session,
  settings: NetworkSettings,
): Promise<ReturnType<typeof networkFetch>> {
  return networkFetch({
    env: session.env,
    proxy: settings.proxy,
    pac: settings.pac,
    certificateAuthorities: settings.ca === undefined ? undefined : [await readCertificates(settings.ca)],
  });
}

/** The certificates in a file that `--ca` names. */
export async function readCertificates(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw usageError(
      `The certificates in ${path} cannot be read (${(error as NodeJS.ErrnoException).code}): check --ca.`,
    );
  }
}
