import { columns } from '../columns.ts';
import type { OutputOptions } from '../command-action.ts';
import { printable } from '../printable.ts';
import { readProfiles } from '../profile/config-file.ts';
import { type Profile, shownProfile } from '../profile/profile.ts';
import { timeText } from '../quantity.ts';
import { openProfileSession } from '../service/tokens.ts';
import { type Session, writeLine } from '../session.ts';

/** Shows the profiles, and who is signed in. */
export async function whoami(session: Session, options: OutputOptions): Promise<void> {
  const { current, profiles } = await readProfiles(session.env);
  const { out, stdout, stderr } = session;
  const entries = Object.entries(profiles);
  if (entries.length === 0)
    await writeLine(stderr, 'You are not signed in anywhere. Sign in with "sealwright login --service URL".');
  const rows: string[][] = [];
  for (const [name, profile] of entries) {
    const expiresAt = await signedInUntil(session, name, profile);
    if (options.json) {
      const facts = {
        profile: name,
        current: name === current,
        ...shownProfile(profile),
        signedInUntil: expiresAt ?? null,
      };
      await writeLine(stdout, JSON.stringify(facts));
      continue;
    }
    rows.push([
      name === current ? out.green('*') : ' ',
      out.bold(printable(profile.user ?? name)),
      printable(profile.service ?? profile.authority ?? ''),
      expiresAt === undefined ? out.yellow('not signed in') : out.dim(`token until ${timeText(expiresAt)}`),
      name === profile.user ? '' : out.dim(`profile ${printable(name)}`),
    ]);
  }
  for (const line of columns(rows)) await writeLine(stdout, line.trimEnd());
}

async function signedInUntil(session: Session, name: string, profile: Profile): Promise<Date | undefined> {
  const { issuer, clientId } = profile;
  if (issuer === undefined || clientId === undefined) return undefined;
  const account = await openProfileSession(session, name, { ...profile, issuer, clientId }, fetch).account();
  return account?.expiresAt;
}
