import { usageError } from '../usage-error.ts';
import type { Profile } from './profile.ts';

/** Says that there is no such profile, and which there are. */
export function unknownProfile(name: string, profiles: Readonly<Record<string, Profile>>): Error {
  const known = Object.keys(profiles);
  const others =
    known.length === 0
      ? 'There are none yet: "sealwright login" makes one.'
      : `There are: ${known.join(', ')}.`;
  return usageError(`There is no profile "${name}". ${others}`);
}
