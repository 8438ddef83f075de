import { rm } from 'node:fs/promises';
import type { OutputOptions } from '../command-action.ts';
import { printable } from '../printable.ts';
import { readProfiles, tokenPath, writeProfiles } from '../profile/config-file.ts';
import type { Profile } from '../profile/profile.ts';
import { unknownProfile } from '../profile/unknown-profile.ts';
import { networkFor } from '../service/network-options.ts';
import { openProfileSession } from '../service/tokens.ts';
import { type Session, writeLine } from '../session.ts';
import { usageError } from '../usage-error.ts';

/** What `logout` takes. */
export interface LogoutOptions extends OutputOptions {
  readonly profile?: string;
  readonly all?: boolean;
}

/** Forgets one sign-in, or all. */
export async function logout(session: Session, options: LogoutOptions): Promise<void> {
  const { current, profiles } = await readProfiles(session.env);
  const names = options.all
    ? Object.keys(profiles)
    : [options.profile ?? session.env.SEALWRIGHT_PROFILE ?? current ?? ''];
  for (const name of names) {
    const profile = profiles[name];
    if (profile === undefined) {
      throw name === '' ? usageError('You are not signed in anywhere.') : unknownProfile(name, profiles);
    }
    await forget(session, name, profile);
  }
  const left = Object.fromEntries(Object.entries(profiles).filter(([name]) => !names.includes(name)));
  const next = current !== undefined && current in left ? current : Object.keys(left)[0];
  await writeProfiles(session.env, { current: next, profiles: left });
  const { out, stdout } = session;
  for (const name of names) {
    await writeLine(
      stdout,
      options.json
        ? JSON.stringify({ profile: name, signedOut: true })
        : `${out.green('Signed out')} ${printable(name)}`,
    );
  }
}

async function forget(session: Session, name: string, profile: Profile): Promise<void> {
  const { issuer, clientId } = profile;
  if (issuer !== undefined && clientId !== undefined) {
    const network = await networkFor(session, profile);
    try {
      // The issuer may be out of reach; the tokens here are gone all the same.
      await openProfileSession(session, name, { ...profile, issuer, clientId }, network).signOut({
        signal: session.signal,
      });
    } finally {
      await network.close();
    }
  }
  await rm(tokenPath(session.env, name), { force: true });
}
