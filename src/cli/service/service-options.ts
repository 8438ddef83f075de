import type { Command } from 'commander';
import {
  type AuthorityOptions,
  addAuthorityOptions,
  addPersonOptions,
  type PersonOptions,
} from '../authority-options.ts';
import { collect } from '../repeatable-option.ts';

/** Which licensing service to ask, and as whom: an authority in a folder, or a service one signed in to. */
export interface ServiceOptions extends AuthorityOptions, PersonOptions {
  readonly service?: string;
  readonly profile?: string;
  readonly trust?: readonly string[];
  readonly offline?: boolean;
}

/** Adds the options that say which licensing service to ask, and as whom. */
export function addServiceOptions(command: Command): Command {
  return addServicePlaceOptions(addPersonOptions(addAuthorityOptions(command))).option(
    '--offline',
    'with a service: use kept licenses only, and ask nobody',
  );
}

/** Adds `--service`, `--profile` and `--trust`. */
export function addServicePlaceOptions(command: Command): Command {
  return command
    .option('--service <url>', 'the licensing service to ask instead of an authority [SEALWRIGHT_SERVICE]')
    .option('--profile <name>', 'a profile that "sealwright login" made [SEALWRIGHT_PROFILE]')
    .option('--trust <host>', 'a further host that may see your token (repeatable)', collect);
}
