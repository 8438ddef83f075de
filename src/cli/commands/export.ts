import type { Command } from 'commander';
import { type ArchiveOptions, archivePassphrase, archivePassphraseOption } from '../archive-passphrase.ts';
import { authorityFileRefusal } from '../authority-guard.ts';
import {
  type AuthorityOptions,
  addAuthorityOptions,
  authorityFolder,
  withAuthority,
} from '../authority-options.ts';
import { carryOut, jsonOption, type Outcome, type OutputOptions } from '../command-action.ts';
import { addExamples } from '../examples-text.ts';
import { printable } from '../printable.ts';
import { byteCount } from '../quantity.ts';
import { type Session, writeLine } from '../session.ts';
import { usageError } from '../usage-error.ts';
import { writeWholeFile } from '../write-file.ts';

interface ExportOptions extends AuthorityOptions, ArchiveOptions, OutputOptions {
  readonly to?: string;
  readonly overwrite?: boolean;
}

/** `sealwright export`: the whole authority as one encrypted file. */
export function addExportCommand(program: Command, session: Session, outcome: Outcome): void {
  const command = program
    .command('export')
    .summary('save the whole authority as one encrypted file')
    .description(
      'Saves the whole authority (keys, templates, revocations, log) as one file, encrypted under a passphrase of its own: a backup, or a way to move.',
    );
  addAuthorityOptions(command)
    .option('--to <file>', 'the file to write')
    .option(...archivePassphraseOption)
    .option('--overwrite', 'replace the file if it is there already')
    .option(...jsonOption)
    .action((options: ExportOptions) =>
      carryOut(session, outcome, options, async () => {
        const { to } = options;
        if (to === undefined) throw usageError('Where does the archive go? Add --to FILE.');
        const folder = authorityFolder(session, options);
        const refusal = await authorityFileRefusal(folder, to);
        if (refusal !== undefined) throw refusal;
        const passphrase = await archivePassphrase(session, options, 'new');
        const size = await withAuthority(session, options, (authority) =>
          writeWholeFile(to, authority.export(passphrase), {
            overwrite: options.overwrite === true,
            signal: session.signal,
          }),
        );
        const { out, stdout } = session;
        const line = options.json
          ? JSON.stringify({ authority: folder, output: to, size })
          : `${out.green('Exported')} ${printable(folder)} ${out.dim('->')} ${out.bold(printable(to))}  ${out.dim(byteCount(size))}`;
        await writeLine(stdout, line);
        return undefined;
      }),
    );
  addExamples(command, [
    [
      'a backup',
      'sealwright export --authority authority --to authority.backup --archive-passphrase-file archive-passphrase.txt',
    ],
  ]);
}
