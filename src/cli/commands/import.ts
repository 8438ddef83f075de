import type { Command } from 'commander';
import { restoreAuthority } from '../../authority/folder/index.ts';
import { SealwrightError } from '../../errors.ts';
import { type ArchiveOptions, archivePassphrase, archivePassphraseOption } from '../archive-passphrase.ts';
import {
  type AuthorityOptions,
  addAuthorityOptions,
  authorityFolder,
  passphraseFromFile,
} from '../authority-options.ts';
import { carryOut, jsonOption, type Outcome, type OutputOptions } from '../command-action.ts';
import { addExamples } from '../examples-text.ts';
import { printable } from '../printable.ts';
import { fileStream } from '../read-file.ts';
import { type Session, writeLine } from '../session.ts';

interface ImportOptions extends AuthorityOptions, ArchiveOptions, OutputOptions {}

/** `sealwright import`: an authority from an exported file. */
export function addImportCommand(program: Command, session: Session, outcome: Outcome): void {
  const command = program
    .command('import')
    .argument('<archive>', 'a file that "export" made')
    .summary('restore an authority from an exported file')
    .description(
      'Restores an authority from an exported file into a new folder. With --passphrase-file its key is kept under that passphrase, else under a key file.',
    );
  addAuthorityOptions(command)
    .option(...archivePassphraseOption)
    .option(...jsonOption)
    .action((archive: string, options: ImportOptions) =>
      carryOut(session, outcome, options, async () => {
        const folder = authorityFolder(session, options);
        const passphrase = await passphraseFromFile(session, options);
        const stream = await fileStream(archive);
        const authority = await restoreAuthority(folder, stream, {
          archivePassphrase: await archivePassphrase(session, options, 'known'),
          passphrase,
        }).catch((error: unknown) => {
          throw explained(error, archive);
        });
        const { facts } = authority;
        await authority.close();
        const { out, stdout } = session;
        const line = options.json
          ? JSON.stringify({ authority: folder, ...facts, passphrase: passphrase !== undefined })
          : `${out.green('Restored')} the authority ${out.bold(printable(facts.name))} into ${out.bold(printable(folder))}`;
        await writeLine(stdout, line);
        return undefined;
      }),
    );
  addExamples(command, [
    [
      'on another machine',
      'sealwright import authority.backup --authority authority --archive-passphrase-file archive-passphrase.txt',
    ],
  ]);
}

// For content, a failed decryption says nothing about why. Here the likely reason is a slip of the finger.
function explained(error: unknown, archive: string): unknown {
  if (!(error instanceof SealwrightError && error.code === 'DECRYPTION_FAILED')) return error;
  return new SealwrightError(
    'DECRYPTION_FAILED',
    `${archive} could not be decrypted: the passphrase is not the one it was exported with, or the file was changed. Check the passphrase, or take another copy.`,
    { path: archive, cause: error },
  );
}
