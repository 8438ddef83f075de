import type { Command } from 'commander';
import { carryOut, jsonOption, type Outcome, type OutputOptions } from '../command-action.ts';
import { addExamples } from '../examples-text.ts';
import type { Session } from '../session.ts';
import type { LogoutOptions } from '../sign-in/logout.ts';

/** `sealwright whoami`: who one is signed in as, and where. */
export function addWhoamiCommand(program: Command, session: Session, outcome: Outcome): void {
  const command = program
    .command('whoami')
    .summary('show who you are signed in as')
    .description('Shows the profiles and who is signed in with them. Asks nobody.')
    .option(...jsonOption)
    .action((options: OutputOptions) =>
      carryOut(session, outcome, options, async () => {
        const { whoami } = await import('../sign-in/whoami.ts');
        await whoami(session, options);
        return undefined;
      }),
    );
  addExamples(command, [['the profile in use is marked', 'sealwright whoami']]);
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
        const { logout } = await import('../sign-in/logout.ts');
        await logout(session, options);
        return undefined;
      }),
    );
  addExamples(command, [['forget the sign-in in use', 'sealwright logout']]);
}
