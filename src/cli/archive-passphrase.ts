import { promptHidden, promptNewSecret } from './hidden-prompt.ts';
import { readPassphraseFile } from './passphrase.ts';
import type { Session } from './session.ts';
import { usageError } from './usage-error.ts';

/** Where the passphrase of an archive comes from. */
export interface ArchiveOptions {
  readonly archivePassphraseFile?: string;
}

/** Explains `--archive-passphrase-file` the same way everywhere. */
export const archivePassphraseOption = [
  '--archive-passphrase-file <file>',
  'a file with the passphrase of the archive [SEALWRIGHT_ARCHIVE_PASSPHRASE_FILE]; asked for on a terminal',
] as const;

/** The passphrase of an archive: from a file, or typed, twice if it is new. */
export async function archivePassphrase(
  session: Session,
  options: ArchiveOptions,
  kind: 'new' | 'known',
): Promise<string> {
  if (options.archivePassphraseFile !== undefined) {
    return readPassphraseFile(options.archivePassphraseFile, '--archive-passphrase-file');
  }
  const path = session.env.SEALWRIGHT_ARCHIVE_PASSPHRASE_FILE;
  if (path) return readPassphraseFile(path, 'SEALWRIGHT_ARCHIVE_PASSPHRASE_FILE');
  if (session.stdin.isTTY !== true || !session.err.interactive) {
    throw usageError(
      'An archive has a passphrase of its own. Write it into a file and add --archive-passphrase-file FILE.',
    );
  }
  return kind === 'new'
    ? promptNewSecret(session, 'passphrase for the archive')
    : promptHidden(session, 'Passphrase of the archive: ');
}
