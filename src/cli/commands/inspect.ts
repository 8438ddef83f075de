import type { Command } from 'commander';
import { inspectFile } from '../../node/index.ts';
import { setBlocksApart } from '../blocks.ts';
import { carryOut, type Outcome } from '../command-action.ts';
import { addExamples } from '../examples-text.ts';
import { runFiles } from '../file-batch.ts';
import { isRunOverMany } from '../folder-run/many-files.ts';
import type { FolderOptions } from '../folder-run/run-folder.ts';
import { addRunOptions, usedRunOptions } from '../folder-run/run-options.ts';
import { addSelectionOptions } from '../folder-run/selection-options.ts';
import { inspectionLines } from '../inspection-text.ts';
import { addRecursiveOption } from '../output-options.ts';
import type { Session } from '../session.ts';

/** `sealwright inspect`: what a file tells without any key. */
export function addInspectCommand(program: Command, session: Session, outcome: Outcome): void {
  const command = program
    .command('inspect')
    .argument('<file...>', 'files to look at, or folders with --recursive')
    .summary('show what a file tells without any key')
    .description(
      'Shows what a file tells without any key, authority or network: format, owner, issuer, content id, template, certificates and labels; of an unprotected file, its labels. Only the head of a file is read, and of Office files and PDFs the directory. A file that is not protected is not an error.',
    );
  addRecursiveOption(command).option('--json', 'one JSON object a line, with every field (spec/cli.md)');
  addSelectionOptions(command);
  addRunOptions(command, false);
  command.action((files: string[], options: FolderOptions) =>
    carryOut(session, outcome, options, async () => {
      if (await isRunOverMany(files, options, usedRunOptions(options))) {
        const { inspectMany } = await import('../folder-run/open-many.ts');
        return inspectMany(session, files, options);
      }
      const apart = setBlocksApart();
      return runFiles(session, options, files, { skip: [], readOnly: true }, async (file) => {
        const inspection = await inspectFile(file.path, { signal: session.signal });
        return {
          json: { ...inspection },
          lines: () => apart(inspectionLines(file.path, inspection, session.out)),
        };
      });
    }),
  );
  addExamples(command, [
    ['one file', 'sealwright inspect report.ptxt'],
    [
      'which files in a folder are protected',
      'sealwright inspect -r documents --json | grep \'"protected":true\'',
    ],
  ]);
}
