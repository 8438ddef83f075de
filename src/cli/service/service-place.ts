import { readProfiles } from '../profile/config-file.ts';
import type { Profile, Profiles } from '../profile/profile.ts';
import { unknownProfile } from '../profile/unknown-profile.ts';
import type { Session } from '../session.ts';
import { usageError } from '../usage-error.ts';
import type { ServiceOptions } from './service-options.ts';

/** Where licenses come from. */
export type ServicePlace =
  | { readonly kind: 'authority'; readonly folder: string; readonly user: string | undefined }
  | {
      readonly kind: 'service';
      readonly url: string;
      readonly user: string | undefined;
      /** The profile with the sign-in, where there is one. */
      readonly name: string | undefined;
      readonly profile: Profile;
    };

/**
 * Decides whom to ask: what the command line says, then the environment, then a profile. An authority and a service at
 * once would leave open which of them decides. `otherwise` is what to say where nothing is named at all.
 */
export async function servicePlace(
  session: Session,
  options: ServiceOptions,
  otherwise = 'Which authority? Add --authority FOLDER, or set SEALWRIGHT_AUTHORITY. "sealwright init --authority FOLDER" makes one. Or sign in to a licensing service with "sealwright login --service URL".',
): Promise<ServicePlace> {
  const { env } = session;
  if (options.authority !== undefined && options.service !== undefined) {
    throw usageError('--authority and --service exclude each other: name the one that is to decide.');
  }
  if (options.authority !== undefined)
    return { kind: 'authority', folder: options.authority, user: options.as };
  if (
    options.service === undefined &&
    options.profile === undefined &&
    env.SEALWRIGHT_AUTHORITY &&
    !env.SEALWRIGHT_SERVICE
  ) {
    return { kind: 'authority', folder: env.SEALWRIGHT_AUTHORITY, user: options.as };
  }
  const profiles = await readProfiles(env);
  const chosen = chosenProfile(session, options, profiles);
  const url = options.service ?? (env.SEALWRIGHT_SERVICE || undefined) ?? chosen?.profile.service;
  const user = options.as ?? (env.SEALWRIGHT_USER || undefined) ?? chosen?.profile.user;
  if (url !== undefined) {
    return {
      kind: 'service',
      url: serviceUrl(url),
      user,
      name: chosen?.name,
      profile: chosen?.profile ?? {},
    };
  }
  const folder = chosen?.profile.authority;
  if (folder !== undefined) return { kind: 'authority', folder, user };
  throw usageError(otherwise);
}

/** A service as people type one: `rms.contoso.com` is `https://rms.contoso.com`. */
export function serviceUrl(text: string): string {
  const url = URL.parse?.(withScheme(text)) ?? parsed(withScheme(text));
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw usageError(`--service takes a URL such as https://rms.contoso.com, not "${text}".`);
  }
  return url.href.replace(/\/+$/, '');
}

const withScheme = (text: string): string => (text.includes('://') ? text : `https://${text}`);

function parsed(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

interface Chosen {
  readonly name: string;
  readonly profile: Profile;
}

function chosenProfile(
  session: Session,
  options: ServiceOptions,
  { current, profiles }: Profiles,
): Chosen | undefined {
  const { env } = session;
  const named = options.profile ?? (env.SEALWRIGHT_PROFILE || undefined);
  const service = options.service ?? (env.SEALWRIGHT_SERVICE || undefined);
  if (named !== undefined) {
    const profile = Object.hasOwn(profiles, named) ? profiles[named] : undefined;
    if (profile !== undefined) {
      refuseOtherService(named, profile, service);
      return { name: named, profile };
    }
    throw unknownProfile(named, profiles);
  }
  const user = options.as ?? (env.SEALWRIGHT_USER || undefined);
  const fits = ({ profile }: Chosen): boolean =>
    (service === undefined || (profile.service !== undefined && sameService(profile.service, service))) &&
    (user === undefined || profile.user?.toLowerCase() === user.toLowerCase());
  const all = Object.entries(profiles).map(([name, profile]) => ({ name, profile }));
  const first = all.find(({ name }) => name === current);
  if (first !== undefined && fits(first)) return first;
  const other = all.find(fits);
  if (other !== undefined) return other;
  if (service !== undefined || first === undefined || user === undefined) return undefined;
  throw usageError(
    `You are not signed in as ${user}. Type "sealwright login --service ${first.profile.service ?? 'URL'} --as ${user}".`,
  );
}

/** A token goes to the service its owner signed in to, and not to another that is named beside the profile. */
function refuseOtherService(name: string, profile: Profile, service: string | undefined): void {
  if (service === undefined || profile.service === undefined || sameService(profile.service, service)) return;
  throw usageError(
    `The profile "${name}" is for ${profile.service}, not for ${service}: its token does not go there. Leave out one of the two (--profile or SEALWRIGHT_PROFILE, --service or SEALWRIGHT_SERVICE).`,
  );
}

const sameService = (one: string, other: string): boolean => {
  const a = parsed(withScheme(one));
  const b = parsed(withScheme(other));
  return a !== null && b !== null && a.origin === b.origin;
};
