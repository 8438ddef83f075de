import type { Command } from 'commander';
import type { BulkPublishing } from '../../node/index.ts';
import { type DocumentOptions, readDocumentSettings } from '../document-options.ts';
import type { PolicyOptions } from '../policy-options.ts';
import { usageError } from '../usage-error.ts';
import { readOwnersFile } from './owners-file.ts';

/** How a run over many files publishes, as it was typed. */
export interface PublishingOptions {
  readonly oneLicense?: boolean;
  readonly publishOffline?: boolean;
  readonly ownerFromFile?: boolean;
  readonly owners?: string;
}

/** Adds `--one-license`, `--publish-offline`, `--owner-from-file` and `--owners`. */
export function addPublishingOptions(command: Command): Command {
  command.optionsGroup('Runs over many files:');
  command
    .option('--one-license', 'one license for all files with the same policy: faster, and revoked together')
    .option('--publish-offline', 'sign licenses here instead of asking the service for each')
    .option('--owner-from-file', 'each file belongs to whom it belongs to in the file system, by --owners')
    .option('--owners <file>', 'JSON with the address of each user: {"alice": "alice@contoso.com"}');
  command.optionsGroup('Options:');
  return command;
}

/** The options of these that were given, as they are typed. */
export function usedPublishingOptions(options: PublishingOptions): readonly string[] {
  return [
    ...(options.oneLicense ? ['--one-license'] : []),
    ...(options.publishOffline ? ['--publish-offline'] : []),
    ...(options.ownerFromFile ? ['--owner-from-file'] : []),
    ...(options.owners === undefined ? [] : ['--owners']),
  ];
}

/** What of it the library takes. */
export async function readPublishing(
  options: PublishingOptions & DocumentOptions & Pick<PolicyOptions, 'owner' | 'interop' | 'format'>,
): Promise<Omit<BulkPublishing, 'service'>> {
  const { owner, ownerFromFile = false, owners, oneLicense = false, interop, format } = options;
  if (oneLicense && interop !== undefined) {
    throw usageError(
      `--one-license takes a cipher mode that derives a key for each file, and --interop ${interop} has none: leave one of them out.`,
    );
  }
  if (ownerFromFile && owner !== undefined) {
    throw usageError('--owner and --owner-from-file exclude each other. Leave one of them out.');
  }
  if (ownerFromFile && owners === undefined) {
    throw usageError(
      'Whose address belongs to which user? With --owner-from-file, add --owners FILE, JSON such as {"alice": "alice@contoso.com"}.',
    );
  }
  if (!ownerFromFile && owners !== undefined) {
    throw usageError(
      '--owners says who the owners are that --owner-from-file finds: add that, or leave it out.',
    );
  }
  return {
    interop,
    format,
    settings: await readDocumentSettings(options),
    owner: ownerFromFile ? 'file' : owner,
    owners: owners === undefined ? undefined : await readOwnersFile(owners),
    licenses: oneLicense ? 'per-policy' : undefined,
    publishOffline: options.publishOffline,
  };
}
