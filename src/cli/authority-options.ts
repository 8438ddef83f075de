import type { Command } from 'commander';
import { openAuthority } from '../authority/folder/index.ts';
import type { Authority } from '../authority/index.ts';
import { SealwrightError } from '../errors.ts';
import type { LicensingService } from '../licensing/index.ts';
import { promptHidden } from './hidden-prompt.ts';
import { readPassphraseFile } from './passphrase.ts';
import { collect } from './repeatable-option.ts';
import type { Session } from './session.ts';
import { usageError } from './usage-error.ts';

/** Where the authority is, and how to unlock it. */
export interface AuthorityOptions {
  readonly authority?: string;
  readonly passphraseFile?: string;
}

/** Who acts. */
export interface PersonOptions {
  readonly as?: string;
  readonly memberOf?: readonly string[];
}

/** Adds `--authority` and `--passphrase-file`. */
export function addAuthorityOptions(command: Command, says = 'the authority to ask'): Command {
  return command
    .option('--authority <folder>', `${says} [SEALWRIGHT_AUTHORITY]`)
    .option(
      '--passphrase-file <file>',
      'a file with the passphrase of the authority [SEALWRIGHT_PASSPHRASE_FILE]; asked for on a terminal',
    );
}

/** Adds `--as` and `--member-of`. */
export function addPersonOptions(command: Command): Command {
  return command
    .option(
      '--as <email>',
      'who you are [SEALWRIGHT_USER]; taken at your word: whoever can open the authority folder can act as anyone',
    )
    .option('--member-of <address>', 'a group you are a member of (repeatable)', collect);
}

/** The folder of the authority, from the command line or the environment. */
export function authorityFolder(session: Session, options: AuthorityOptions): string {
  const folder = options.authority ?? session.env.SEALWRIGHT_AUTHORITY;
  if (folder) return folder;
  throw usageError(
    'Which authority? Add --authority FOLDER, or set SEALWRIGHT_AUTHORITY. "sealwright init --authority FOLDER" makes one.',
  );
}

/** The passphrase from a file that is named on the command line or in the environment, if one is. */
export async function passphraseFromFile(
  session: Session,
  options: AuthorityOptions,
): Promise<string | undefined> {
  if (options.passphraseFile !== undefined) {
    return readPassphraseFile(options.passphraseFile, '--passphrase-file');
  }
  const path = session.env.SEALWRIGHT_PASSPHRASE_FILE;
  return path ? readPassphraseFile(path, 'SEALWRIGHT_PASSPHRASE_FILE') : undefined;
}

/** Opens the authority for the time of `work`, asking for the passphrase on a terminal where one is needed. */
export async function withAuthority<T>(
  session: Session,
  options: AuthorityOptions,
  work: (authority: Authority) => Promise<T>,
): Promise<T> {
  const authority = await unlock(session, options);
  try {
    return await work(authority);
  } finally {
    await authority.close();
  }
}

/** The licensing service of the person who acts. */
export function serviceOf(session: Session, authority: Authority, options: PersonOptions): LicensingService {
  return authority.as({ email: personOf(session, options), groups: options.memberOf });
}

/** Who acts, from the command line or the environment. */
export function personOf(session: Session, options: PersonOptions): string {
  const email = options.as ?? session.env.SEALWRIGHT_USER;
  if (!email) throw usageError('Who are you? Add --as you@example.com, or set SEALWRIGHT_USER.');
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) {
    throw usageError(`--as takes an e-mail address such as alice@contoso.com, not "${email}".`);
  }
  return email;
}

async function unlock(session: Session, options: AuthorityOptions): Promise<Authority> {
  const folder = authorityFolder(session, options);
  const passphrase = await passphraseFromFile(session, options);
  try {
    return await openAuthority(folder, { passphrase });
  } catch (error) {
    const askable = passphrase === undefined && session.stdin.isTTY === true && session.err.interactive;
    if (!(askable && error instanceof SealwrightError && error.code === 'AUTHORITY_LOCKED')) throw error;
    return openAuthority(folder, { passphrase: await promptHidden(session, `Passphrase of ${folder}: `) });
  }
}
