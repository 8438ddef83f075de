import { rm } from 'node:fs/promises';
import type { Command } from 'commander';
import { columns } from '../columns.ts';
import { carryOut, jsonOption, type Outcome, type OutputOptions } from '../command-action.ts';
import { addExamples } from '../examples-text.ts';
import { printable } from '../printable.ts';
import { readProfiles, tokenPath, writeProfiles } from '../profile/config-file.ts';
import type { Profile } from '../profile/profile.ts';
import { timeText } from '../quantity.ts';
import { networkFor } from '../service/network-options.ts';
import { openProfileSession } from '../service/tokens.ts';
import { type Session, writeLine } from '../session.ts';
import { usageError } from '../usage-error.ts';

/** `sealwright whoami`: who one is signed in as, and where. */
export function addWhoamiCommand(program: Command, session: Session, outcome: Outcome): void {
  const command = program
    .command('whoami')
    .summary('show who you are signed in as')
    .description('Shows the profiles and who is signed in with them. Asks nobody.')
    .option(...jsonOption)
    .action((options: OutputOptions) =>
      carryOut(session, outcome, options, async () => {
        const { current, profiles } = await readProfiles(session.env);
        const { out, stdout, stderr } = session;
        const entries = Object.entries(profiles);
        if (entries.length === 0)
          await writeLine(
            stderr,
            'You are not signed in anywhere. Sign in with "sealwright login --service URL".',
          );
        const rows: string[][] = [];
        for (const [name, profile] of entries) {
          const expiresAt = await signedInUntil(session, name, profile);
          if (options.json) {
            const facts = {
              profile: name,
              current: name === current,
              ...profile,
              signedInUntil: expiresAt ?? null,
            };
            await writeLine(stdout, JSON.stringify(facts));
            continue;
          }
          rows.push([
            name === current ? out.green('*') : ' ',
            out.bold(printable(profile.user ?? name)),
            printable(profile.service ?? profile.authority ?? ''),
            expiresAt === undefined
              ? out.yellow('not signed in')
              : out.dim(`token until ${timeText(expiresAt)}`),
            name === profile.user ? '' : out.dim(`profile ${printable(name)}`),
          ]);
        }
        for (const line of columns(rows)) await writeLine(stdout, line.trimEnd());
        return undefined;
      }),
    );
  addExamples(command, [['the profile in use is marked', 'sealwright whoami']]);
}

async function signedInUntil(session: Session, name: string, profile: Profile): Promise<Date | undefined> {
  const { issuer, clientId } = profile;
  if (issuer === undefined || clientId === undefined) return undefined;
  const account = await openProfileSession(session, name, { ...profile, issuer, clientId }, fetch).account();
  return account?.expiresAt;
}

interface LogoutOptions extends OutputOptions {
  readonly profile?: string;
  readonly all?: boolean;
}

/** `sealwright logout`: forgets a sign-in. */
export function addLogoutCommand(program: Command, session: Session, outcome: Outcome): void {
  const command = program
    .command('logout')
    .summary('forget a sign-in')
    .description(
      'Forgets the tokens of a profile, and the profile; the issuer is told where it takes such notice.',
    )
    .option('--profile <name>', 'which one; by default the one in use [SEALWRIGHT_PROFILE]')
    .option('--all', 'every profile')
    .option(...jsonOption)
    .action((options: LogoutOptions) =>
      carryOut(session, outcome, options, async () => {
        const { current, profiles } = await readProfiles(session.env);
        const names = options.all
          ? Object.keys(profiles)
          : [options.profile ?? session.env.SEALWRIGHT_PROFILE ?? current ?? ''];
        for (const name of names) {
          const profile = profiles[name];
          if (profile === undefined) {
            throw usageError(
              name === '' ? 'You are not signed in anywhere.' : `There is no profile "${name}".`,
            );
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
        return undefined;
      }),
    );
  addExamples(command, [['forget the sign-in in use', 'sealwright logout']]);
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
